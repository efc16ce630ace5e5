/** What the URL says, as one plain value. The link is the state: everything a reader sees can be opened from it. */
import { parseCompare, writeCompare } from './compare-link.js';
import { parseEval, writeEval } from './eval-link.js';

/**
 * @typedef {object} Filter
 * @property {boolean} errors       only results that are errors
 * @property {string[]} show        kinds and categories to show; empty shows all
 * @property {string} tool          only this tool; empty shows all
 */
/**
 * @typedef {object} LinkState
 * @property {string} source   source key; '' is none
 * @property {string} repo     Hub dataset, 'owner/name'; '' is none
 * @property {string} rev      its revision, a commit once the page has pinned it; '' is the newest
 * @property {string} view     'hub' for the list of datasets, 'compare' for a comparison, 'eval' for a check of data, 'bring', 'review' of a source; '' otherwise
 * @property {string} run      path of the run in its source; '' is the list (or the landing page)
 * @property {string} part     run within the file; '' is its main run
 * @property {string} event    address of the selected event; '' is none
 * @property {string} axis     'time', 'order' or '' for the default of the run
 * @property {string} also     what is shown beyond the default, as words: 'probes', 'unsure'
 * @property {string} sort     column that the list is sorted by, with '-' before it when rising
 * @property {string} cols     columns that the list shows; '' for the default ones
 * @property {string} find     text searched for within the run, or the filter text of the list
 * @property {Filter} filter
 * @property {import('./eval-link.js').EvalState} eval  of the evaluation check
 * @property {import('./compare-link.js').CompareState} compare  of the compare page
 */

const TEXTS = /** @type {const} */ (['source', 'repo', 'rev', 'view', 'run', 'part', 'event', 'axis', 'find', 'also', 'sort', 'cols']);

/**
 * @param {string} search  `location.search`
 * @returns {LinkState}
 */
export function parseLink(search) {
  const query = new URLSearchParams(search);
  const [source, repo, rev, view, run, part, event, axis, find, also, sort, cols] = TEXTS.map((name) => query.get(name) ?? '');
  const show = (query.get('show') ?? '').split(',').filter((word) => /^[a-z_]+$/.test(word));
  return {
    source, repo, rev, view, run, part, find, also, sort, cols,
    event: /^\d+(\.\d+)?$/.test(event) ? event : '',
    axis: axis === 'time' || axis === 'order' ? axis : '',
    filter: { errors: query.get('errors') === '1', show, tool: query.get('tool') ?? '' },
    compare: parseCompare(query),
    eval: parseEval(query),
  };
}

/**
 * The query string of a state, with a `?`, or '' for the landing page. Parameters of others (`__theme`) are kept.
 * @param {LinkState} state
 * @param {string} [search]  the present `location.search`, for parameters that are not ours
 * @returns {string}
 */
export function formatLink(state, search = '') {
  const query = new URLSearchParams();
  for (const name of TEXTS) if (state[name]) query.set(name, state[name]);
  if (state.filter.errors) query.set('errors', '1');
  if (state.filter.show.length) query.set('show', state.filter.show.join(','));
  if (state.filter.tool) query.set('tool', state.filter.tool);
  if (state.view === 'compare') writeCompare(state.compare, query);
  if (state.view === 'eval') writeEval(state.eval, query);
  for (const [name, value] of new URLSearchParams(search)) if (name.startsWith('__')) query.set(name, value);
  const text = query.toString().replaceAll('%2F', '/').replaceAll('%2C', ',').replaceAll('%7C', '|').replaceAll('%40', '@');
  return text ? `?${text}` : '';
}

/** @returns {LinkState} the landing page */
export function emptyLink() {
  return parseLink('');
}

/**
 * Whether a state shows something that is off by default.
 * @param {LinkState} state
 * @param {'probes'|'unsure'} word
 * @returns {boolean}
 */
export function showsAlso(state, word) {
  return state.also.split(',').includes(word);
}

/**
 * @param {LinkState} state
 * @param {'probes'|'unsure'} word
 * @returns {LinkState} the same with that on, or off if it was on
 */
export function toggledAlso(state, word) {
  const words = state.also.split(',').filter((known) => known && known !== word);
  return { ...state, also: (showsAlso(state, word) ? words : [...words, word]).join(',') };
}

/**
 * Whether two states show the same run (or list), whatever is selected in it.
 * @param {LinkState} a
 * @param {LinkState} b
 * @returns {boolean}
 */
export function samePage(a, b) {
  const pinned = a.rev === b.rev || a.rev === ''; // an open page that writes its commit into the link is the same page
  return a.source === b.source && a.repo === b.repo && pinned && a.view === b.view && a.run === b.run && a.part === b.part;
}

/**
 * The parameters that name where a state's runs are.
 * @param {LinkState} state
 * @returns {Record<string, string>}
 */
export function placeOf(state) {
  return state.repo ? { repo: state.repo, rev: state.rev } : { source: state.source };
}
