// The status page: asks the silo every two seconds how it is and what runs there are, and shows the selected one.

import { Actions } from './actions.js';
import { ask, health } from './api.js';
import { byId, say, sayOrHide } from './dom.js';
import { RunView } from './run.js';
import { addressOfRun, markSelected, showRuns, showRunsProblem } from './runs.js';

const interval = 2000;
const hiddenPatience = 30_000; // a page that nobody looks at keeps no connection longer than this
const wide = matchMedia('(min-width: 60rem)');
const healths = {
  ok: ['ready', null],
  starting: ['starting', 'The silo is starting: runs that were not finished go on in a moment.'],
  stopping: ['stopping', 'The silo is stopping: it saves its runs and takes no new work. They go on when it starts again.'],
};

const deleted = new Set(); // a list that was under way may still have them
let view = null;
let selected = null;
let runs = null;
let lastSeen = null;
let asleep = null;
let timer = null;
let looking = false;

const actions = new Actions(run => {
  if (run !== null) {
    deleted.add(run);
    runs = runs?.filter(entry => entry.run !== run) ?? null;
    if (run === selected) location.hash = '#/';
  }

  look();
});

function showHealth(state) {
  if (state !== 'unreachable') lastSeen = new Date();
  const since = lastSeen ? ` What is shown is from ${lastSeen.toLocaleTimeString('en-GB')}.` : '';
  const away = `The silo at ${location.host} does not answer; trying again every two seconds.${since}`;
  const [word, banner] = healths[state] ?? ['not reachable', away];
  byId('health').dataset.health = state;
  say(byId('health').lastElementChild, `silo ${word}`);
  sayOrHide(byId('banner'), banner);
}

function runInHash() {
  try {
    return decodeURIComponent(/^#\/(.+)$/.exec(location.hash)?.[1] ?? '') || null;
  } catch {
    return null; // not what this page writes
  }
}

function select() {
  const run = runInHash();
  if (run === selected && view !== null) return;
  view?.close();
  [selected, view] = [run, run === null ? null : new RunView(run)];
  actions.begin(run);
  markSelected(run);
  showPanes();
  if (run !== null) {
    scrollTo(0, 0);
    lookAtRun();
  } else {
    choose();
  }
}

function showPanes() {
  const empty = runs?.length === 0;
  document.body.dataset.view = selected === null && !empty ? 'list' : 'run';
  document.body.dataset.empty = empty;
  byId('run').hidden = selected === null;
  byId('start').hidden = !(empty && selected === null);
  if (selected === null) document.title = 'MadrlOrleans';
}

// Where there is room for both, a run is shown beside the list without being asked for.
function choose() {
  if (selected !== null || !wide.matches || !runs?.length) return;
  history.replaceState(null, '', addressOfRun(runs[0].run));
  select();
}

async function lookAtRuns() {
  try {
    const found = await ask('/api/v1/runs');
    runs = showRuns(found.filter(entry => !deleted.has(entry.run)), selected);
    showRunsProblem(null);
    showPanes();
    choose();
  } catch (refusal) {
    if (refusal.status !== 0) showRunsProblem(refusal.message);
  }
}

async function lookAtRun() {
  const shown = view;
  if (shown === null) return;
  await shown.look();
  if (shown !== view) return;
  const report = shown.report;
  actions.update(report);
  if (!report) return;
  const percent = report.active && report.totalSteps > 0 ? `${Math.floor(100 * report.envSteps / report.totalSteps)} % · ` : '';
  document.title = `${percent}${report.task} · MadrlOrleans`;
}

async function look() {
  clearTimeout(timer);
  if (looking) return;
  looking = true;
  try {
    const state = await health();
    showHealth(state);
    if (state !== 'unreachable') await Promise.all([lookAtRuns(), lookAtRun()]);
  } finally {
    looking = false;
    if (!document.hidden) timer = setTimeout(look, interval);
  }
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(asleep);
  if (document.hidden) {
    clearTimeout(timer);
    asleep = setTimeout(() => {
      view?.pause();
      asleep = null;
    }, hiddenPatience);
  } else {
    look();
  }
});
wide.addEventListener('change', () => choose());
addEventListener('hashchange', select);
byId('skip').addEventListener('click', () => byId('main').focus());
say(byId('start-curl'), `curl -H 'content-type: application/json' -d '{"task": "simple-spread"}' ${location.origin}/api/v1/runs`);
select();
look();
