// The agents of a run. Asked for again when a checkpoint has been saved, for then they have new weights.

import { addressOf, ask } from './api.js';
import { byId, element, sayOrHide } from './dom.js';
import { count } from './format.js';

const calm = 1000;

export class AgentsTable {
  #run;
  #timer = null;
  #closed = false;

  constructor(run) {
    this.#run = run;
    byId('agents-wide').hidden = true;
    byId('agents').replaceChildren();
    sayOrHide(byId('agents-note'), 'Asking …');
    this.#look();
  }

  // Many events in a row, as of a long history, make one question.
  refresh() {
    if (this.#timer === null && !this.#closed) this.#timer = setTimeout(() => this.#look(), calm);
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #look() {
    this.#timer = null;
    try {
      const agents = await ask(addressOf(this.#run, '/agents'));
      if (!this.#closed) this.#show(agents);
    } catch (refusal) {
      // Before the first checkpoint there are none; that is said, not shouted. What was shown before stays.
      if (!this.#closed && byId('agents-wide').hidden) sayOrHide(byId('agents-note'), refusal.message);
    }
  }

  #show(agents) {
    byId('agents').replaceChildren(...agents.map(agent => element('tr', {},
      element('th', { scope: 'row' }, agent.name),
      element('td', {}, count(agent.iteration)),
      element('td', {}, `${count(agent.observationSize)} numbers`),
      element('td', {}, agent.discrete === null ? `${count(agent.actionSize)} continuous` : `one of ${count(agent.discrete)}`),
      element('td', {}, element('code', { title: agent.weightsSha256 }, agent.weightsSha256.slice(0, 12))))));
    byId('agents-wide').hidden = false;
    sayOrHide(byId('agents-note'), null);
  }
}
