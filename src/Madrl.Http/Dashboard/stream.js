// The events of a run as they happen, from the first on.

import { addressOf } from './api.js';
import { Course } from './course.js';

const types = ['progress', 'evaluation', 'checkpoint', 'restored', 'waiting', 'finished', 'stopped', 'suspended', 'error', 'unreachable'];
const ends = ['finished', 'stopped', 'error'];

export class Stream {
  #source = null;
  #run;
  #told;

  // told(course, event) is called after every event.
  constructor(run, told) {
    [this.#run, this.#told] = [run, told];
  }

  get isOpen() {
    return this.#source !== null && this.#source.readyState !== EventSource.CLOSED;
  }

  // Every source tells everything from the start, so that nothing is missing after a lost connection; what was told before
  // stays in sight until it does.
  open() {
    this.close();
    const source = this.#source = new EventSource(addressOf(this.#run, '/events'));
    const course = new Course();
    for (const type of types) {
      source.addEventListener(type, message => {
        if (source !== this.#source || message.data === undefined) return;
        const event = JSON.parse(message.data);
        course.add(event);
        this.#told(course, event);
      });
    }

    // The silo ends the stream of a run that trains no more; a lost connection ends it too. Whoever looks at the run opens it
    // again where more is to come. "error" is also the silo's word for a failed run: that one has data.
    source.addEventListener('error', trouble => {
      if (trouble.data === undefined) source.close();
    });
  }

  close() {
    this.#source?.close();
    this.#source = null;
  }
}

// Whether a course was told to its end.
export const isTold = course => ends.includes(course?.lastType);
