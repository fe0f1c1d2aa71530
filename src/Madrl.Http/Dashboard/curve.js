// The learning curve: return against environment steps, with its band, what it is compared with, and the checkpoints.

import { drawn } from './dom.js';
import { real, stepsOnAxis } from './format.js';
import { around, line, linear, nearest, reach, ticks } from './scale.js';

const early = 0.05; // of the axis of steps
const edge = { top: 30, right: 14, bottom: 46 };

export class LearningCurve {
  #host;
  #svg = drawn('svg', { 'aria-hidden': 'true' });
  #cursor = drawn('g', { class: 'cursor' });
  #model = null;
  #x = null;
  #y = null;
  #at = null;

  // onMove is told the steps that the reader points to; null when he no longer does.
  constructor(host, onMove) {
    this.#host = host;
    host.append(this.#svg);
    new ResizeObserver(() => this.draw()).observe(host);
    host.addEventListener('pointermove', event => onMove(this.#stepsUnder(event)));
    host.addEventListener('pointerdown', event => onMove(this.#stepsUnder(event)));
    host.addEventListener('pointerleave', () => onMove(null));
    host.addEventListener('blur', () => onMove(null));
    host.addEventListener('keydown', event => {
      const steps = this.#stepsByKey(event.key);
      if (steps === undefined) return;
      event.preventDefault();
      onMove(steps);
    });
  }

  // The evaluation that the reader points to, or the last one.
  get current() {
    const points = this.#model?.points ?? [];
    return this.#at === null ? points.at(-1) : points[nearest(points, this.#at)];
  }

  show(model) {
    this.#model = model;
    this.draw();
  }

  point(steps) {
    this.#at = steps;
    this.#drawCursor();
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.#host;
    if (!this.#model || width === 0) return;
    const { points, references, checkpoints, final, reached, total, unit } = this.#model;
    const end = reach(reached, total);
    const others = [...references.map(reference => reference.mean), ...(final ? [final.mean] : [])];
    const { range, outside } = rangeOf(points, others, end);
    const rows = ticks(...range, (height - edge.top - edge.bottom) / 44);
    const left = 16 + 7.5 * Math.max(...rows.map(row => axisText(row, rows).length));
    const [right, bottom] = [width - edge.right, height - edge.bottom];
    const x = this.#x = linear(0, end, left, right);
    const y = this.#y = linear(...range, bottom, edge.top);

    const parts = [drawn('text', { class: 'unit', x: 2, y: 13 }, `return, ${unit}`)];
    for (const row of rows) {
      parts.push(drawn('line', { class: 'grid', x1: left, x2: right, y1: y(row), y2: y(row) }));
      parts.push(drawn('text', { class: 'tick', x: left - 8, y: y(row) + 4, 'text-anchor': 'end' }, axisText(row, rows)));
    }

    parts.push(drawn('line', { class: 'axis', x1: left, x2: right, y1: bottom, y2: bottom }));
    const columns = ticks(0, end, Math.max(4, (right - left) / 95));
    for (const column of columns) {
      const anchor = x(column) > right - 16 ? 'end' : 'middle';
      parts.push(drawn('text', { class: 'tick', x: x(column), y: bottom + 22, 'text-anchor': anchor }, stepsOnAxis(column)));
    }

    parts.push(drawn('text', { class: 'unit', x: right, y: bottom + 40, 'text-anchor': 'end' }, 'environment steps'));
    if (outside) parts.push(drawn('text', { class: 'unit', x: left, y: bottom + 40 }, `↓ lowest ${real(outside.mean)}`));
    for (const saved of checkpoints) {
      const at = x(saved.steps);
      parts.push(drawn('line', { class: 'saved', x1: at, x2: at, y1: bottom, y2: bottom + 7 }));
    }

    const room = { x: 0, y: edge.top, width, height: bottom - edge.top, viewBox: `0 ${edge.top} ${width} ${bottom - edge.top}` };
    parts.push(drawn('svg', room, ...curveOf(points, x, y)));
    parts.push(...this.#referenceLines(references, left, right), ...finalOf(final, x, y));
    parts.push(this.#cursor);
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#svg.replaceChildren(...parts);
    this.#drawCursor();
  }

  #referenceLines(references, left, right) {
    const y = this.#y;
    const close = references.length === 2 && Math.abs(y(references[0].mean) - y(references[1].mean)) < 20;
    const highest = Math.max(...references.map(reference => reference.mean));
    return references.flatMap(({ name, mean }) => {
      const offset = close && mean < highest ? 15 : -6;
      const label = { class: 'reference-name', x: right - 2, y: y(mean) + offset, 'text-anchor': 'end' };
      return [
        drawn('line', { class: 'reference', x1: left, x2: right, y1: y(mean), y2: y(mean) }),
        drawn('text', label, `${name} ${real(mean)}`),
      ];
    });
  }

  #drawCursor() {
    const current = this.current;
    const [x, y] = [this.#x, this.#y];
    if (!x || !current) return this.#cursor.replaceChildren();
    const inside = Math.min(y(current.mean), this.#host.clientHeight - edge.bottom);
    const dot = drawn('circle', { class: this.#at === null ? 'latest' : 'dot', cx: x(current.steps), cy: inside, r: 4 });
    if (this.#at === null) return this.#cursor.replaceChildren(...this.#model.final ? [] : [dot]);
    const bottom = this.#host.clientHeight - edge.bottom;
    this.#cursor.replaceChildren(drawn('line', { x1: x(current.steps), x2: x(current.steps), y1: edge.top, y2: bottom }), dot);
  }

  // Steps of the evaluation nearest to the pointer.
  #stepsUnder(event) {
    const points = this.#model?.points ?? [];
    if (!this.#x || points.length === 0) return null;
    const [from, to] = [this.#x(0), this.#x(1)];
    return points[nearest(points, (event.clientX - this.#host.getBoundingClientRect().left - from) / (to - from))].steps;
  }

  // null ends the pointing, undefined is a key that means nothing here.
  #stepsByKey(key) {
    const points = this.#model?.points ?? [];
    if (key === 'Escape') return null;
    if (points.length === 0) return undefined;
    const at = this.#at === null ? points.length - 1 : nearest(points, this.#at);
    const page = Math.max(1, Math.round(points.length / 10));
    const moves = {
      ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1,
      PageDown: at - page, PageUp: at + page, Home: 0, End: points.length - 1,
    };
    return key in moves ? points[Math.min(Math.max(moves[key], 0), points.length - 1)].steps : undefined;
  }
}

// The range of returns. Untrained policies may be so bad that nothing else could be told apart: then the curve comes in from
// below, and the drawing says how low it was.
function rangeOf(points, others, end) {
  const bounds = some => some.flatMap(point => [point.mean - (point.ci95 || 0), point.mean + (point.ci95 || 0)]);
  const full = around([...bounds(points), ...others], 0.06) ?? [0, 1];
  const later = points.filter(point => point.steps >= early * end);
  const range = around([...bounds(later), ...others], 0.06);
  const lowest = points.reduce((low, point) => point.mean < low.mean ? point : low, { mean: Infinity });
  const isLegible = later.length < 10 || lowest.mean >= range[0] || range[1] - range[0] >= 0.7 * (full[1] - full[0]);
  return isLegible || points.some(point => point.mean > range[1]) ? { range: full, outside: null } : { range, outside: lowest };
}

function curveOf(points, x, y) {
  if (points.length === 0) return [];
  const across = point => x(point.steps);
  const upper = line(points, across, point => y(point.mean + (point.ci95 || 0)));
  const lower = line([...points].reverse(), across, point => y(point.mean - (point.ci95 || 0)));
  const marked = points.length > 40 ? [] : points;
  return [
    drawn('path', { class: 'band', d: `${upper}L${lower.slice(1)}Z` }),
    drawn('path', { class: 'mean', d: line(points, across, point => y(point.mean)) }),
    ...marked.map(point => drawn('circle', { class: 'mark', cx: across(point), cy: y(point.mean), r: 2.2 })),
  ];
}

function finalOf(final, x, y) {
  if (!final) return [];
  const [cx, cy] = [x(final.steps), y(final.mean)];
  return [drawn('path', { class: 'final', d: `M${cx} ${cy - 6}L${cx + 6} ${cy}L${cx} ${cy + 6}L${cx - 6} ${cy}Z` })];
}

// As many decimals as the rows differ in.
function axisText(row, rows) {
  const decimals = Math.max(...rows.map(each => `${each}`.split('.')[1]?.length ?? 0));
  return row.toFixed(Math.min(decimals, 6)).replace('-', '\u2212');
}
