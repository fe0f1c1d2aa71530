// The selected run: its report, its course, its agents.

import { addressOf, ask } from './api.js';
import { AgentsTable } from './agents.js';
import { LearningCurve } from './curve.js';
import { byId, define, element, say, sayOrHide } from './dom.js';
import { count, duration, estimate, foreseen, stateOf, wayOf } from './format.js';
import { showState } from './runs.js';
import { SmallCurve } from './small.js';
import { Stream, isTold } from './stream.js';

const drawInterval = 250;
const agentsEvery = 5; // looks at the report for one at the agents, beside the one at every checkpoint
const awake = ['running', 'suspended'];

export class RunView {
  #run;
  #report = null;
  #course = null;
  #stream;
  #agents;
  #curve;
  #slider;
  #smalls = new Map();
  #drawAsked = false;
  #looks = 0;
  #wasOver = false;
  #closed = false;

  constructor(run) {
    this.#run = run;
    say(byId('id'), '');
    say(byId('title'), run);
    for (const id of ['body', 'state', 'measured-card', 'notes-card', 'legend-final']) byId(id).hidden = true;
    for (const id of ['run-error', 'run-note']) sayOrHide(byId(id), null);
    byId('curve').replaceChildren();
    byId('smalls').replaceChildren();
    byId('readout').replaceChildren();
    // A host of its own, so that what listens to the last run's curve goes with it.
    this.#slider = element('div', {
      class: 'curve', role: 'slider', tabindex: 0, 'aria-valuemin': 0, 'aria-valuenow': 0,
      'aria-label': 'Learning curve; the arrow keys go from evaluation to evaluation',
    });
    byId('curve').append(this.#slider);
    this.#curve = new LearningCurve(this.#slider, steps => this.#point(steps));
    this.#stream = new Stream(run, (course, event) => this.#happened(course, event));
    this.#agents = new AgentsTable(run);
  }

  get report() {
    return this.#report;
  }

  get #isOver() {
    return this.#report !== null && !this.#report.active && !awake.includes(this.#report.phase);
  }

  // Asks for the report; opens the stream of events where one is due.
  async look() {
    try {
      const report = await ask(addressOf(this.#run));
      if (this.#closed) return;
      this.#report = report;
      sayOrHide(byId('run-error'), report.error);
      byId('body').hidden = false;
      this.#follow();
      if (report.active && ++this.#looks % agentsEvery === 0) this.#agents.refresh();
      this.#draw();
    } catch (refusal) {
      // A silo that is away is said at the top of the page; here, what the silo says of this run.
      if (!this.#closed && refusal.status !== 0) sayOrHide(byId('run-error'), refusal.message);
      if (refusal.status === 404) this.#stream.close();
    }
  }

  // Opens the stream of events unless it is open, or the run has ended and was read to its end.
  #follow() {
    if (!this.#stream.isOpen && !(this.#isOver && (this.#wasOver || isTold(this.#course)))) this.#stream.open();
    this.#wasOver = this.#isOver;
  }

  pause() {
    this.#stream.close();
  }

  close() {
    this.#closed = true;
    this.#stream.close();
    this.#agents.close();
  }

  #happened(course, event) {
    this.#course = course;
    if (['checkpoint', 'restored', 'finished'].includes(event.type)) this.#agents.refresh();
    if (this.#drawAsked) return;
    this.#drawAsked = true;
    setTimeout(() => requestAnimationFrame(() => {
      this.#drawAsked = false;
      if (!this.#closed) this.#draw();
    }), drawInterval);
  }

  #draw() {
    const [report, course] = [this.#report, this.#course];
    if (!report) return;
    this.#drawHead(report, course);
    this.#drawProgress(report, course);
    if (course) this.#drawCourse(report, course);
    define(byId('settings'), Object.entries({
      rules: report.rules, seed: `${report.seed}`, steps: count(report.steps), copies: count(report.copies),
      shards: count(report.shards), threads: count(report.threads), ...report.settings,
    }));
    say(byId('settings-count'), `${Object.keys(report.settings).length + 6}`);
  }

  #drawHead(report, course) {
    say(byId('title'), `${report.task}, ${report.algorithm}, seed ${report.seed}`);
    say(byId('id'), report.run);
    showState(byId('state'), stateOf(report));
    sayOrHide(byId('run-note'), course?.unreachable);
  }

  #drawProgress(report, course) {
    // Events come more often than reports; whichever is further. A run that went back shows in both.
    const steps = report.active && course && course.reached > report.envSteps ? course.reached : report.envSteps;
    const done = report.totalSteps > 0 ? Math.min(steps / report.totalSteps, 1) : 0;
    const percent = Math.floor(100 * done);
    const pace = report.active ? course?.pace ?? null : null;
    say(byId('steps'), `${count(steps)} of ${count(report.totalSteps)} steps`);
    const left = !report.active ? '' : pace ? `${foreseen((report.totalSteps - steps) / pace)} left` : '';
    say(byId('left'), [`${percent}\u2009%`, report.active ? report.activity : '', left].filter(Boolean).join(' · '));
    byId('fill').style.transform = `scaleX(${done})`;
    byId('bar').setAttribute('aria-valuenow', percent);
    byId('bar').dataset.state = stateOf(report);

    const average = report.seconds > 0 ? report.envSteps / report.seconds : null;
    const [final, last, best] = [report.final, course?.evaluations.at(-1), report.best];
    const of = measured => measured ? estimate(measured.mean, measured.ci95) : '–';
    const rows = [
      final ? ['final test return', of(final)] : ['last return', of(last)],
      ['best checkpoint', of(best?.return), best ? `iteration ${count(best.iteration)}` : undefined],
      pace ? ['speed now', `${count(pace)} steps/s`] : ['average speed', average ? `${count(average)} steps/s` : '–'],
      ['time in training', duration(report.seconds)],
      ['iteration', `${count(report.iteration)} of ${count(report.iterations)}`],
      ['updates', count(report.updates)],
    ];
    define(byId('facts'), rows);
  }

  #drawCourse(report, course) {
    const references = ['random', 'scripted'].filter(name => report[name]).map(name => ({ name, mean: report[name].mean }));
    const reached = Math.max(course.reached, 1);
    this.#curve.show({
      points: course.evaluations, checkpoints: course.checkpoints, final: course.final, references, reached,
      total: report.totalSteps, unit: report.returnScale,
    });
    byId('legend-final').hidden = !course.final;
    byId('measured-card').hidden = course.measured.size === 0;
    for (const [name, points] of course.measured) {
      if (!this.#smalls.has(name)) {
        const small = new SmallCurve(name, steps => this.#point(steps));
        this.#smalls.set(name, small);
        byId('smalls').append(small.root);
      }

      this.#smalls.get(name).show(points, reached, report.totalSteps);
    }

    this.#drawNotes(course);
    this.#read();
  }

  #drawNotes(course) {
    const notes = course.notes.slice(-8).reverse();
    byId('notes-card').hidden = notes.length === 0;
    const now = JSON.stringify(notes);
    if (byId('notes').shown === now) return;
    byId('notes').shown = now;
    byId('notes').replaceChildren(...notes.map(note => element('li', { 'data-type': note.type },
      element('span', { class: 'quiet' }, `step ${count(note.steps)}`), element('span', {}, note.text))));
  }

  // One reader, many curves: all show the same step.
  #point(steps) {
    this.#curve.point(steps);
    for (const small of this.#smalls.values()) small.point(steps);
    say(byId('measured-at'), steps === null ? '' : `at step ${count(steps)}`);
    this.#read();
  }

  #read() {
    const point = this.#curve.current;
    const report = this.#report;
    if (!point || !report) return;
    const way = wayOf(point.mean, report.random?.mean, report.scripted?.mean);
    const value = estimate(point.mean, point.ci95);
    const parts = [`step ${count(point.steps)}`, `return ${value}`, way, `after ${duration(point.seconds)}`];
    say(byId('readout'), parts.filter(Boolean).join(' · '));
    this.#slider.setAttribute('aria-valuemax', report.totalSteps);
    this.#slider.setAttribute('aria-valuenow', point.steps);
    this.#slider.setAttribute('aria-valuetext', `step ${count(point.steps)}, return ${value}`);
  }
}
