// A small curve of one measured quantity: its name, its present value, its course.

import { drawn, element, say } from './dom.js';
import { brief, inWords } from './format.js';
import { around, lean, linear, nearest, reach } from './scale.js';

const height = 64;
const left = 60;

export class SmallCurve {
  #svg = drawn('svg', { role: 'img', height });
  #cursor = drawn('g', { class: 'cursor' });
  #value = element('span', { class: 'small-value' });
  #name;
  #points = [];
  #place = null;
  #at = null;

  constructor(name, onMove) {
    this.#name = inWords(name);
    this.root = element('figure', { class: 'small' },
      element('figcaption', {}, element('span', { class: 'small-name', title: name }, this.#name), this.#value), this.#svg);
    new ResizeObserver(() => this.draw()).observe(this.#svg);
    this.#svg.addEventListener('pointermove', event => this.#place && onMove(this.#stepsUnder(event)));
    this.#svg.addEventListener('pointerleave', () => onMove(null));
  }

  show(points, reached, total) {
    this.#points = points;
    this.end = reach(reached, total);
    this.draw();
  }

  draw() {
    const width = this.#svg.clientWidth;
    const points = this.#points;
    const range = around(points.map(point => point.value), 0.08);
    if (width === 0 || !range) return;
    const x = linear(0, this.end, left, width - 4);
    const y = linear(...range, height - 2, 2);
    this.#place = { x, y, width };
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    const values = points.map(point => point.value);
    const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    const last = points.at(-1);
    const course = `${this.#name}: ${brief(last.value)} now, between ${brief(low)} and ${brief(high)} so far`;
    this.#svg.setAttribute('aria-label', course);
    this.#svg.replaceChildren(
      drawn('line', { class: 'grid', x1: left, x2: width, y1: height - 0.5, y2: height - 0.5 }),
      drawn('path', { class: 'measure', d: lean(points, point => x(point.steps), point => y(point.value)) }),
      drawn('text', { class: 'limit', x: left - 8, y: 11, 'text-anchor': 'end' }, brief(high)),
      drawn('text', { class: 'limit', x: left - 8, y: height - 3, 'text-anchor': 'end' }, brief(low)),
      this.#cursor);
    this.point(this.#at);
  }

  point(steps) {
    this.#at = steps;
    const at = this.#points[steps === null ? this.#points.length - 1 : nearest(this.#points, steps)];
    if (!at || !this.#place) return;
    const { x, y } = this.#place;
    say(this.#value, brief(at.value));
    this.#cursor.replaceChildren(
      ...steps === null ? [] : [drawn('line', { x1: x(at.steps), x2: x(at.steps), y1: 0, y2: height })],
      drawn('circle', { class: steps === null ? 'latest' : 'dot', cx: x(at.steps), cy: y(at.value), r: 2.5 }));
  }

  #stepsUnder(event) {
    const steps = (event.clientX - this.#svg.getBoundingClientRect().left - left) * this.end / (this.#place.width - 4 - left);
    return this.#points[nearest(this.#points, steps)].steps;
  }
}
