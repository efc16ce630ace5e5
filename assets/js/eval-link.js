/** What the link of an evaluation check says: the data, its columns, the options, and the run outcomes beside it. Pure. */

/**
 * @typedef {object} RunOutcome
 * @property {number} value   from 0 to 1
 * @property {string} label   whose it is
 */
/**
 * @typedef {object} EvalState
 * @property {string} dataset     'sample', a Hub dataset 'owner/name', 'file:NAME' for a file that was given; '' is none
 * @property {string[]} parts     tables of the dataset; empty is its default
 * @property {string[]} text      columns; empty are not chosen yet
 * @property {string} label
 * @property {string} group       '' is none
 * @property {string} positive    '' is guessed
 * @property {string[]} together  groups held out together; empty is guessed
 * @property {string} seed        '' is the default
 * @property {string} repeats
 * @property {RunOutcome[]} outcomes  of the comparison that the reader came from
 * @property {string} from        query of that comparison; '' is none
 */

const TEXTS = /** @type {const} */ (['dataset', 'label', 'group', 'positive', 'seed', 'repeats', 'from']);
const LISTS = /** @type {const} */ (['parts', 'text', 'together']);

/** The dataset of the link to a file that a reader gave: its name alone. */
export const FILE = 'file:';

/**
 * @param {URLSearchParams} query
 * @returns {EvalState}
 */
export function parseEval(query) {
  const texts = /** @type {Record<typeof TEXTS[number], string>} */ (Object.fromEntries(TEXTS.map((name) => [name, query.get(name) ?? ''])));
  const lists = /** @type {Record<typeof LISTS[number], string[]>} */ (Object.fromEntries(LISTS.map((name) => [name, query.getAll(name).filter(Boolean)])));
  return { ...texts, ...lists, seed: digits(texts.seed), repeats: digits(texts.repeats), outcomes: parseOutcomes(query.get('outcomes') ?? '') };
}

/**
 * @param {EvalState} state
 * @param {URLSearchParams} query
 */
export function writeEval(state, query) {
  for (const name of TEXTS) if (state[name]) query.set(name, state[name]);
  for (const name of LISTS) for (const value of state[name]) query.append(name, value);
  if (state.outcomes.length) query.set('outcomes', formatOutcomes(state.outcomes));
}

/** @returns {EvalState} */
export function emptyEval() {
  return parseEval(new URLSearchParams());
}

/**
 * `0.962~Claude Code|0.947~Pi` as outcomes; what is no number from 0 to 1 is left out.
 * @param {string} text
 * @returns {RunOutcome[]}
 */
export function parseOutcomes(text) {
  return text.split('|').map((part) => {
    const [value, ...label] = part.split('~');
    return { value: value.trim() === '' ? NaN : Number(value), label: label.join('~') };
  }).filter(({ value }) => value >= 0 && value <= 1);
}

/**
 * @param {RunOutcome[]} outcomes
 * @returns {string}
 */
export function formatOutcomes(outcomes) {
  return outcomes.map(({ value, label }) => `${value}~${label.replaceAll('|', '/')}`).join('|');
}

/**
 * Whether a link names a whole check, which then runs when it is opened.
 * @param {EvalState} state
 * @returns {boolean}
 */
export function isWhole(state) {
  return Boolean(state.dataset && state.text.length && state.label);
}

/**
 * A check in words, as a link to it is called.
 * @param {EvalState} state
 * @param {string} rev
 * @returns {string}
 */
export function checkName(state, rev) {
  const data = state.dataset === 'sample' ? 'the built-in, made-up sample' : state.dataset.replace(FILE, '');
  const at = rev && !state.dataset.startsWith(FILE) ? ` @ ${rev.slice(0, 7)}` : '';
  const columns = isWhole(state) ? `: ${state.text.join(' + ')} → ${state.label}${state.group ? ` by ${state.group}` : ''}` : '';
  return `${data}${at}${columns}`;
}

/**
 * @param {string} text
 * @returns {string} the text if it is a whole number, else ''
 */
function digits(text) {
  return /^\d{1,10}$/.test(text) ? text : '';
}
