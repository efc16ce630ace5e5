/**
 * What the link of a comparison says: its runs and how a reader looks at them, as one plain value. Pure.
 *
 * A comparison of a whole place is named as its list is (`source`, or `repo` and `rev`); single runs, folders and
 * several places are named by references, one `of` each: `place|path|part` (viewer/comparison/selection.py).
 */

/**
 * @typedef {object} Probe
 * @property {string} name
 * @property {string} seen   pattern looked for in tool results; '' looks for nothing
 * @property {string} said   in what the agent writes
 * @property {string} ran    in commands and code
 */
/**
 * @typedef {object} Typed  an outcome that the reader typed
 * @property {string} run      key of the run
 * @property {string} metric
 * @property {string} value
 * @property {string} n
 * @property {string} positive  share of positive cases
 * @property {string} split
 */
/**
 * @typedef {object} CompareState
 * @property {string[]} of       references; empty is the whole place that the link names
 * @property {boolean} fold      versions of a model family share a column
 * @property {string} task       '' is the default
 * @property {string} metric     of the panel; '' is the default
 * @property {'order'|'time'|'tokens'} by   the axis of the ribbons
 * @property {boolean} every     every metric, not those that differ most
 * @property {string} cell       'row.column' of the selected cell, by name: 'Pi|Kimi K2.6'; '' is none
 * @property {string[]} pair     keys of two runs side by side
 * @property {Probe[]|null} probes  as edited; null are those of the comparison
 * @property {Typed[]} typed
 * @property {string[]} checks   queries of evaluation checks that are attached
 * @property {string} folded     the compact form that this state came from or goes into; '' writes it out
 */

const AXES = Object.freeze(['order', 'time', 'tokens']);
const PROBE_FIELDS = /** @type {const} */ (['name', 'seen', 'said', 'ran']);
const TYPED_FIELDS = /** @type {const} */ (['run', 'metric', 'value', 'n', 'positive', 'split']);

/** Characters of a query from which it is folded. */
export const LONG = 1500;

/** @returns {CompareState} */
export function emptyCompare() {
  return parseCompare(new URLSearchParams());
}

/**
 * @param {URLSearchParams} query
 * @returns {CompareState}
 */
export function parseCompare(query) {
  const by = query.get('by') ?? '';
  const probes = query.get('probes');
  return {
    of: query.getAll('of').filter(Boolean),
    fold: query.get('fold') !== '0',
    task: query.get('task') ?? '',
    metric: query.get('metric') ?? '',
    by: /** @type {CompareState['by']} */ (AXES.includes(by) ? by : 'order'),
    every: query.get('every') === '1',
    cell: query.get('cell') ?? '',
    pair: query.getAll('pair').slice(0, 2),
    probes: probes === null ? null : /** @type {Probe[]} */ (objects(probes, PROBE_FIELDS)),
    typed: /** @type {Typed[]} */ (objects(query.get('typed') ?? '[]', TYPED_FIELDS)),
    checks: query.getAll('check').filter(Boolean).slice(0, 5),
    folded: query.get('z') ?? '',
  };
}

/**
 * Write a state into a query; the compact form alone where there is one.
 * @param {CompareState} state
 * @param {URLSearchParams} query
 */
export function writeCompare(state, query) {
  if (state.folded) {
    query.set('z', state.folded);
    return;
  }
  for (const reference of state.of) query.append('of', reference);
  if (!state.fold) query.set('fold', '0');
  for (const name of /** @type {const} */ (['task', 'metric', 'cell'])) if (state[name]) query.set(name, state[name]);
  if (state.by !== 'order') query.set('by', state.by);
  if (state.every) query.set('every', '1');
  for (const key of state.pair) query.append('pair', key);
  for (const check of state.checks) query.append('check', check);
  if (state.probes !== null) query.set('probes', rows(state.probes, PROBE_FIELDS));
  if (state.typed.length) query.set('typed', rows(state.typed, TYPED_FIELDS));
}

/**
 * Objects from a link, each an array of its texts; what is no such list is left out.
 * @param {string} text
 * @param {readonly string[]} names
 * @returns {Record<string, string>[]}
 */
function objects(text, names) {
  /** @type {unknown} */
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(found)) return [];
  return found.filter(Array.isArray).map((row) => Object.fromEntries(
    names.map((name, at) => [name, typeof row[at] === 'string' ? row[at] : '']),
  ));
}

/**
 * @param {readonly object[]} values
 * @param {readonly string[]} names
 * @returns {string}
 */
function rows(values, names) {
  return JSON.stringify(values.map((value) => names.map((name) => /** @type {any} */ (value)[name])));
}

/**
 * A reference to a run, as the server reads it.
 * @param {Record<string, string>} place  `source`, or `repo` and `rev`
 * @param {string} [path]
 * @param {string} [part]
 * @returns {string}
 */
export function reference(place, path = '', part = '') {
  const where = place.repo ? (place.rev ? `${place.repo}@${place.rev}` : place.repo) : place.source;
  const quoted = [path, part].map((text) => text.replaceAll('%', '%25').replaceAll('|', '%7C'));
  return [where, ...quoted].join('|').replace(/\|+$/, '');
}

/**
 * The references that a comparison is of: those of its link, or the whole place that the link names.
 * @param {import('./link.js').LinkState} state
 * @returns {string[]}
 */
export function referencesOf(state) {
  return state.compare.of.length ? state.compare.of : [reference({ repo: state.repo, rev: state.rev, source: state.source })];
}
