/** What stands in the place of something that a link names and that cannot be shown: why, and what is there instead. */
import { getJson } from './api.js';
import { fill, h } from './dom.js';
import { follow } from './follow.js';
import { formatCount } from './format.js';
import { emptyLink, formatLink, placeOf } from './link.js';
import { watcherName } from './watcher.js';

/** @typedef {import('./link.js').LinkState} LinkState */

/** Runs that are offered. */
const OFFERED = 12;

/**
 * @param {HTMLElement} host
 * @param {object} what
 * @param {string} what.title
 * @param {unknown} what.error
 * @param {LinkState} what.state    what was asked for
 * @param {import('./run-page.js').PageContext} what.context
 * @param {AbortSignal} what.signal
 */
export function drawGone(host, what) {
  const { state, context } = what;
  const error = /** @type {Error & {address?: string, label?: string}} */ (what.error);
  const there = h('section.gone-there');
  fill(host, h('div.failure', { role: 'alert' }, h('h1', {}, what.title),
    h('p', {}, error.message),
    error.address && h('p', {}, h('a.button', { href: error.address, target: '_blank', rel: 'noopener' }, error.label)),
    state.run && h('p.crumb', {}, [state.repo || state.source, state.rev && `@ ${state.rev.slice(0, 7)}`, '/', state.run].filter(Boolean).join(' ')),
    h('p', {}, state.run && link({ ...emptyLink(), ...placeOf(state) }, 'Go to the list of runs', context),
      state.run && ' or ', h('a', { href: '?' }, state.run ? 'to the start page' : 'Go to the start page'))), there);
  void offer(there, what);
}

/**
 * @param {LinkState} state
 * @param {string} text
 * @param {import('./run-page.js').PageContext} context
 * @returns {HTMLElement}
 */
function link(state, text, context) {
  return h('a', { href: formatLink(state, location.search) || '?', onclick: follow(state, context.go) }, text);
}

/**
 * The runs of the same place; of a dataset whose revision is not there, those of the newest.
 * @param {HTMLElement} place
 * @param {{state: LinkState, context: import('./run-page.js').PageContext, signal: AbortSignal}} what
 */
async function offer(place, { state, context, signal }) {
  const tried = [...(state.run ? [placeOf(state)] : []), ...(state.repo && state.rev ? [{ repo: state.repo, rev: '' }] : [])];
  for (const where of tried) {
    try {
      const listing = await getJson('runs.json', { ...where, watch: watcherName() }, signal);
      return drawOffer(place, listing, state, context);
    } catch {
      // the next place; what is wrong is said above
    }
  }
}

/**
 * @param {HTMLElement} place
 * @param {any} listing
 * @param {LinkState} state
 * @param {import('./run-page.js').PageContext} context
 */
function drawOffer(place, listing, state, context) {
  const rows = listing.rows.filter((/** @type {any} */ row) => !row.hidden);
  if (rows.length === 0) return;
  const at = listing.link.rev ? ` @ ${listing.link.rev.slice(0, 7)}` : '';
  const all = { ...emptyLink(), ...listing.link };
  fill(place, h('h2', {}, `Still there: ${formatCount(rows.length)} ${rows.length === 1 ? 'run' : 'runs'} in ${listing.label}${at}`),
    h('ul', {}, nearest(rows, state.run).slice(0, OFFERED).map((row) => h('li', {},
      link({ ...all, run: row.path, part: row.part }, row.title ?? row.path, context), h('span.tiny', {}, row.title ? ` ${row.path}` : '')))),
    rows.length > OFFERED && h('p', {}, link(all, `All ${formatCount(rows.length)} runs`, context)));
}

/**
 * Runs, those first that are most like what was asked for: the same file elsewhere, then the same folder.
 * @param {any[]} rows
 * @param {string} wanted  path
 * @returns {any[]}
 */
export function nearest(rows, wanted) {
  const name = wanted.split('/').at(-1);
  const folder = wanted.slice(0, wanted.lastIndexOf('/') + 1);
  const far = (/** @type {any} */ row) => (row.path === wanted ? 0 : row.path.split('/').at(-1) === name ? 1 : folder && row.path.startsWith(folder) ? 2 : 3);
  return rows.map((row, at) => ({ row, at })).sort((a, b) => far(a.row) - far(b.row) || a.at - b.at).map(({ row }) => row);
}
