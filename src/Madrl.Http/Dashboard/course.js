// The course of one run as its events tell it, in bounded memory.

const mostPoints = 4000;
const mostNotes = 40;
const paceWindow = 20; // seconds of training that the speed is taken over

const told = {
  restored: event => event.message,
  waiting: event => event.message,
  stopped: () => 'Saved and stopped by request.',
  suspended: () => 'Saved, because the silo stops. It goes on when the silo starts again.',
  finished: () => 'Trained to its end and tested.',
  error: event => event.message,
};

export class Course {
  evaluations = [];
  checkpoints = [];
  measured = new Map();
  notes = [];
  final = null;
  reached = 0;
  updates = null;
  seconds = null;
  unreachable = null;
  lastType = null;
  #pace = [];

  add(event) {
    this.lastType = event.type;
    this.unreachable = event.type === 'unreachable' ? event.message : null;
    const steps = event.envSteps;
    if (!Number.isFinite(steps)) return;

    // A run that went back has not been where it was: what lies beyond is no longer its course.
    if (steps < this.reached || event.type === 'restored') this.#cutBeyond(steps);
    this.reached = steps;
    this.updates = event.updates ?? this.updates;
    if (Number.isFinite(event.seconds)) {
      this.seconds = event.seconds;
      push(this.#pace, { steps, seconds: event.seconds });
    }

    if (event.type === 'evaluation') {
      push(this.evaluations, { steps, mean: event.returnMean, ci95: event.returnCi95, seconds: event.seconds });
    } else if (event.type === 'progress') {
      for (const [name, value] of Object.entries(event.measured ?? {})) {
        if (!Number.isFinite(value)) continue;
        if (!this.measured.has(name)) this.measured.set(name, []);
        push(this.measured.get(name), { steps, value });
      }
    } else if (event.type === 'checkpoint') {
      push(this.checkpoints, { steps });
    } else if (event.type === 'finished') {
      this.final = { steps, mean: event.returnMean, ci95: event.returnCi95 };
    }

    if (told[event.type]) {
      this.notes.push({ type: event.type, steps, text: told[event.type](event) });
      if (this.notes.length > mostNotes) this.notes.shift();
    }
  }

  // Environment steps per second of late; null where too little is known.
  get pace() {
    const last = this.#pace.at(-1);
    if (!last) return null;
    const first = this.#pace.find(point => last.seconds - point.seconds <= paceWindow);
    const seconds = last.seconds - first.seconds;
    return seconds >= 3 && last.steps > first.steps ? (last.steps - first.steps) / seconds : null;
  }

  #cutBeyond(steps) {
    for (const series of [this.evaluations, this.checkpoints, ...this.measured.values()]) {
      while (series.length > 0 && series.at(-1).steps > steps) series.pop();
    }

    this.#pace = [];
    this.final = null;
  }
}

// Adds a point in order of steps. Where there are too many, every second of the older half goes.
function push(series, point) {
  while (series.length > 0 && series.at(-1).steps >= point.steps) series.pop();
  series.push(point);
  if (series.length <= mostPoints) return;
  const half = series.length / 2;
  let kept = 0;
  for (let at = 0; at < series.length; at++) {
    if (at >= half || at % 2 === 0) series[kept++] = series[at];
  }

  series.length = kept;
}
