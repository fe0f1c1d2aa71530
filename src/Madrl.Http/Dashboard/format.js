// Numbers, times and states in words.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const hundredths = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

const typeset = text => text.replace('-', '\u2212');

export const count = value => value === null || value === undefined ? '–' : typeset(whole.format(value));
export const real = value => Number.isFinite(value) ? typeset(hundredths.format(value)) : '–';
export const estimate = (mean, ci95) => Number.isFinite(ci95) ? `${real(mean)} ± ${real(ci95)}` : real(mean);

// A number of any size in about three digits: 0.0213, 14.2, 1.20e-7.
export function brief(value) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  return typeset(size !== 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential(1) : short.format(value));
}

// Environment steps on an axis: 250k, 1.5M.
export function stepsOnAxis(value) {
  const [scale, unit] = value >= 1e9 ? [1e9, 'G'] : value >= 1e6 ? [1e6, 'M'] : value >= 1e3 ? [1e3, 'k'] : [1, ''];
  return `${Number((value / scale).toPrecision(6))}${unit}`;
}

export function duration(seconds) {
  if (!Number.isFinite(seconds)) return '–';
  const all = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}

// A duration that is only foreseen: about 5 min.
export function foreseen(seconds) {
  const rounded = seconds < 90 ? Math.ceil(seconds / 5) * 5 : Math.round(seconds / 60) * 60;
  return `about ${duration(rounded).replace(' 0 s', '')}`;
}

// How far a return is from the random policy's (0 %) to the scripted one's (100 %); null where that means nothing.
export function wayOf(mean, random, scripted) {
  if (![mean, random, scripted].every(Number.isFinite) || scripted <= random) return null;
  return `${typeset(whole.format(100 * (mean - random) / (scripted - random)))}\u2009% of the way from random to scripted`;
}

// The state of a run as the list of runs would name it.
export function stateOf(report) {
  if (report.active) return 'running';
  return { none: 'new', running: 'interrupted' }[report.phase] ?? report.phase;
}

export const explained = {
  new: 'made, not started',
  running: 'in training',
  stopped: 'stopped by request; it can go on',
  suspended: 'saved while its silo stopped; it goes on when the silo starts again',
  interrupted: 'its process ended without a word; it can go on from its last checkpoint',
  finished: 'trained to its end',
  failed: 'ended by an error',
  damaged: 'its folder cannot be read',
};

// What tells runs of the same task, algorithm and seed apart.
export function tailOf(run, { task, algorithm, seed }) {
  const common = `${task}-${algorithm}-s${seed}-`;
  return run.startsWith(common) ? run.slice(common.length) : run;
}

export const inWords = name => name.replaceAll('_', ' ');
