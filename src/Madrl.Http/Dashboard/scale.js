// From numbers to places on a drawing.

// Round numbers from low to high, about as many as asked for.
export function ticks(low, high, about) {
  const rough = (high - low) / Math.max(about, 1);
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find(multiple => multiple * power >= rough * 0.999) * power;
  const found = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index++) {
    found.push(Number((index * step).toPrecision(12)));
  }

  return found;
}

// The end of the axis of steps: the whole run, or a half, quarter … of it, so that a young curve is not squeezed into a corner
// and the axis moves seldom.
export function reach(reached, total) {
  if (!(total > 0)) return Math.max(reached, 1);
  let end = total;
  while (end / 2 >= reached && end / 2 >= total / 1024 && end > 1) end /= 2;
  return Math.max(end, reached);
}

// A range that holds all values, with some air.
export function around(values, air) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }

  if (low > high) return null;
  const margin = (high - low) * air || Math.abs(high) * 0.1 || 1;
  return [low - margin, high + margin];
}

export const linear = (low, high, from, to) => value => from + (to - from) * (value - low) / (high - low || 1);

// Index of the point nearest to a step; -1 where there is none.
export function nearest(points, steps) {
  let [low, high] = [0, points.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle].steps < steps) low = middle + 1;
    else high = middle;
  }

  return low > 0 && steps - points[low - 1].steps < points[low].steps - steps ? low - 1 : high;
}

const place = value => value.toFixed(1);

export const line = (points, x, y) =>
  points.map((point, at) => `${at ? 'L' : 'M'}${place(x(point))} ${place(y(point))}`).join('');

// A line of no more than first, lowest, highest and last of every pixel: looks the same, costs less.
export function lean(points, x, y) {
  const kept = [];
  for (let at = 0; at < points.length;) {
    const [pixel, first] = [Math.floor(x(points[at])), at];
    let [lowest, highest] = [at, at];
    for (at++; at < points.length && Math.floor(x(points[at])) === pixel; at++) {
      if (points[at].value < points[lowest].value) lowest = at;
      if (points[at].value > points[highest].value) highest = at;
    }

    kept.push(...[...new Set([first, lowest, highest, at - 1])].sort((a, b) => a - b).map(index => points[index]));
  }

  return line(kept, x, y);
}
