// What the reader may do with the selected run: stop, resume, delete.

import { addressOf, ask } from './api.js';
import { byId, say, sayOrHide } from './dom.js';
import { stateOf } from './format.js';

const resumable = ['stopped', 'suspended', 'interrupted', 'failed', 'new'];
const stopping = 'Asked to stop: it saves and stops at its next barrier.';
const resuming = 'Asked to go on from its last checkpoint.';

export class Actions {
  #run = null;
  #state = null;
  #asked = null;
  #changed;

  // changed(run) is called after an action that the silo has taken; with the run where it was deleted, otherwise with null.
  constructor(changed) {
    this.#changed = changed;
    byId('stop').addEventListener('click', () => this.#do('stop', 'POST', stopping));
    byId('resume').addEventListener('click', () => this.#do('resume', 'POST', resuming));
    byId('delete').addEventListener('click', () => {
      say(byId('confirm-run'), this.#run);
      byId('confirm').returnValue = '';
      byId('confirm').showModal();
    });
    byId('confirm').addEventListener('close', () => {
      if (byId('confirm').returnValue === 'delete' && byId('confirm-run').textContent === this.#run) this.#do('', 'DELETE', null);
    });
  }

  // Another run was selected.
  begin(run) {
    [this.#run, this.#state, this.#asked] = [run, null, null];
    if (byId('confirm').open) byId('confirm').close('keep');
    this.#tell(null, null);
    this.#offer();
  }

  // Offers what the run's state allows.
  update(report) {
    if (!report || report.run !== this.#run) return;
    const state = stateOf(report);
    if (state === this.#state) return;
    // Another state than the one in which something was asked: it has been done.
    if (this.#state !== null) this.#tell(null, null);
    [this.#state, this.#asked] = [state, null];
    this.#offer();
  }

  #offer() {
    const known = this.#state !== null;
    byId('stop').hidden = this.#state !== 'running';
    byId('resume').hidden = !resumable.includes(this.#state);
    byId('delete').hidden = !known || this.#state === 'running';
    for (const id of ['stop', 'resume', 'delete']) byId(id).disabled = this.#asked !== null;
  }

  async #do(action, method, note) {
    const run = this.#run;
    this.#asked = action;
    this.#tell(note, null);
    this.#offer();
    try {
      await ask(addressOf(run, action && `/${action}`), method);
      this.#changed(method === 'DELETE' ? run : null);
    } catch (refusal) {
      if (run !== this.#run) return;
      this.#asked = null;
      this.#tell(null, refusal.message);
      this.#offer();
    }
  }

  #tell(note, problem) {
    sayOrHide(byId('action-note'), note);
    sayOrHide(byId('action-problem'), problem);
  }
}
