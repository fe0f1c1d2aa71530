// The list of runs.

import { byId, element, say, sayOrHide } from './dom.js';
import { count, explained, real, tailOf } from './format.js';

const rows = new Map();

// Running ones first, then the youngest: ids end with the time at which the run was made.
function byInterest(a, b) {
  const running = (b.state === 'running') - (a.state === 'running');
  const [timeA, timeB] = [a, b].map(({ run }) => /\d{8}-\d{6}/.exec(run)?.[0] ?? '');
  return running || (timeA < timeB ? 1 : timeA > timeB ? -1 : a.run < b.run ? 1 : -1);
}

export const addressOfRun = run => `#/${encodeURIComponent(run)}`;

// Shows the list; answers it in the order shown.
export function showRuns(entries, selected) {
  const sorted = [...entries].sort(byInterest);
  const list = byId('runs');
  for (const [run, row] of rows) {
    if (sorted.some(entry => entry.run === run)) continue;
    row.root.remove();
    rows.delete(run);
  }

  sorted.forEach((entry, at) => {
    if (!rows.has(entry.run)) rows.set(entry.run, makeRow(entry.run));
    const row = rows.get(entry.run);
    update(row, entry);
    if (list.children[at] !== row.root) list.insertBefore(row.root, list.children[at] ?? null);
  });
  markSelected(selected);
  const running = entries.filter(entry => entry.state === 'running').length;
  say(byId('runs-count'), entries.length === 0 ? '' : `${entries.length}, ${running} in training`);
  return sorted;
}

export function markSelected(selected) {
  for (const [run, { link }] of rows) {
    if (run === selected) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}

export const showRunsProblem = message => sayOrHide(byId('runs-problem'), message);

function makeRow(run) {
  const part = name => element('span', { class: name });
  const row = {
    task: part('row-task'), state: part('state'), how: part('row-how'),
    steps: part('row-steps'), reached: part('row-return'), error: part('row-error'),
  };
  row.link = element('a', { href: addressOfRun(run), title: run }, ...Object.values(row));
  row.root = element('li', {}, row.link);
  return row;
}

function update(row, entry) {
  const known = entry.task !== null;
  say(row.task, known ? entry.task : entry.run);
  showState(row.state, entry.state);
  say(row.how, known ? `${entry.algorithm} · seed ${entry.seed} · ${tailOf(entry.run, entry)}` : '');
  say(row.steps, entry.envSteps === null ? '' : `${count(entry.envSteps)} steps`);
  say(row.reached, entry.returnMean === null ? '' : `return ${real(entry.returnMean)}`);
  sayOrHide(row.error, entry.error);
}

// A state in colour and in words.
export function showState(target, state) {
  say(target, state);
  target.dataset.state = state;
  target.title = explained[state] ?? '';
  target.hidden = false;
}
