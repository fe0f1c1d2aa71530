// The events of a run as they happen, from the first on.

import { addressOf } from './api.js';
import { Course } from './course.js';

const types = ['progress', 'evaluation', 'checkpoint', 'restored', 'finished', 'stopped', 'suspended', 'error', 'unreachable'];
const ends = ['finished', 'stopped', 'error'];

export class Stream {
  #source = null;
  #run;
  #told;
  #isOver;

  // told(course, event) is called after every event; isOver() says whether the run is known to have ended.
  constructor(run, told, isOver) {
    [this.#run, this.#told, this.#isOver] = [run, told, isOver];
  }

  get isOpen() {
    return this.#source !== null && this.#source.readyState !== EventSource.CLOSED;
  }

  open() {
    this.close();
    const source = this.#source = new EventSource(addressOf(this.#run, '/events'));
    // A new source tells everything from the start. What was told before stays in sight until it does.
    const course = new Course();
    for (const type of types) {
      source.addEventListener(type, message => {
        if (source !== this.#source || message.data === undefined) return;
        const event = JSON.parse(message.data);
        course.add(event);
        this.#told(course, event);
      });
    }

    // The silo ends the stream of a run that trains no more. Otherwise the browser asks again by itself and goes on where it was.
    // "error" is both the browser's word for a lost connection and the silo's for a failed run; only the latter has data.
    source.onerror = trouble => {
      if (trouble.data === undefined && (course.lastType === null ? this.#isOver() : ends.includes(course.lastType))) source.close();
    };
  }

  close() {
    this.#source?.close();
    this.#source = null;
  }
}
