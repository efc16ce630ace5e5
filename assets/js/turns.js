/**
 * The turns of a run, and what the turn strip shows of them at a given width. Pure.
 */
import { CATEGORIES, KINDS } from './columns.js';
import { formatCount } from './format.js';
import { errorsIn, errorWords, isError } from './verdicts.js';

/** @typedef {import('./columns.js').Columns} Columns */
/**
 * @typedef {object} Turn
 * @property {number} number      1-based, as a reader counts
 * @property {number} first       index of its first event
 * @property {number} last        index of its last event
 * @property {number} count       events
 * @property {string} look        'user', 'assistant' or a category; its colour is `c-${look}`
 * @property {number} flagged     errors that the harness flagged
 * @property {number} inferred    errors inferred
 * @property {number} firstError  index; -1 for none
 */
/**
 * @typedef {object} StripBar one bar of the strip: a turn, or several too narrow to be told apart
 * @property {number} from        place of its first turn
 * @property {number} to          place after its last turn
 * @property {Turn} tallest
 * @property {number} flagged     errors in all its turns
 * @property {number} inferred
 * @property {number} firstError  index; -1 for none
 */

/** A bar is at least this wide, px. */
export const BAR_LEAST_PX = 2;
const USER = KINDS.indexOf('user');
const MODEL = Object.freeze([KINDS.indexOf('assistant'), KINDS.indexOf('reasoning')]);
const TOOL = KINDS.indexOf('tool');

/**
 * The turns in file order: each is a stretch of events of one turn number.
 * @param {Pick<Columns, 'n'|'turn'|'kind'|'category'|'verdict'|'evidence'>} columns
 * @returns {Turn[]}
 */
export function turnsOf(columns) {
  /** @type {Turn[]} */
  const turns = [];
  for (let first = 0, end = 0; first < columns.n; first = end) {
    while (end < columns.n && columns.turn[end] === columns.turn[first]) end += 1;
    turns.push(turnOf(columns, first, end));
  }
  return turns;
}

/**
 * @param {Pick<Columns, 'turn'|'kind'|'category'|'verdict'|'evidence'>} columns
 * @param {number} first
 * @param {number} end index after the last event
 * @returns {Turn}
 */
function turnOf(columns, first, end) {
  const calls = new Uint32Array(CATEGORIES.length);
  const turn = { number: columns.turn[first] + 1, first, last: end - 1, count: end - first, ...errorsIn(columns, first, end), firstError: -1 };
  let spoke = false;
  let asked = false;
  for (let i = first; i < end; i += 1) {
    if (columns.kind[i] === TOOL) calls[Math.min(columns.category[i], CATEGORIES.length - 1)] += 1;
    spoke ||= MODEL.includes(columns.kind[i]);
    asked ||= columns.kind[i] === USER;
    if (turn.firstError < 0 && isError(columns, i)) turn.firstError = i;
  }
  const most = Math.max(...calls);
  const quiet = asked && !spoke ? 'user' : 'assistant';
  return { ...turn, look: most > 0 ? CATEGORIES[calls.indexOf(most)] : quiet };
}

/**
 * One bar for each turn, or, when turns would be narrower than 2 px, for several: the tallest gives the bar, and any
 * error counts.
 * @param {Turn[]} turns
 * @param {number} width px
 * @returns {StripBar[]}
 */
export function stripBars(turns, width) {
  const count = Math.min(turns.length, Math.max(1, Math.floor(width / BAR_LEAST_PX)));
  return Array.from({ length: count }, (_, k) => {
    const from = Math.floor((k * turns.length) / count);
    const to = Math.floor(((k + 1) * turns.length) / count);
    const own = turns.slice(from, to);
    const tallest = own.reduce((best, turn) => (turn.count > best.count ? turn : best));
    const flagged = own.reduce((sum, turn) => sum + turn.flagged, 0);
    const inferred = own.reduce((sum, turn) => sum + turn.inferred, 0);
    const firstError = own.find((turn) => turn.firstError >= 0)?.firstError ?? -1;
    return { from, to, tallest, flagged, inferred, firstError };
  });
}

/**
 * @param {Turn[]} turns rising by their events
 * @param {number} index of an event
 * @returns {number} place of the turn that holds it; -1 when there are no turns
 */
export function turnHolding(turns, index) {
  let low = 0;
  let high = turns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (turns[middle].last < index) low = middle + 1;
    else high = middle;
  }
  return Math.min(low, turns.length - 1);
}

/**
 * What a bar is in words: 'turn 21 · events 58–63 · errors flagged 1 · inferred 0'.
 * @param {StripBar} bar
 * @param {Turn[]} turns
 * @param {boolean} flags  whether the harness flags errors
 * @returns {string}
 */
export function barWords(bar, turns, flags) {
  const range = (/** @type {string} */ one, /** @type {number} */ a, /** @type {number} */ b) =>
    a === b ? `${one} ${formatCount(a)}` : `${one}s ${formatCount(a)}–${formatCount(b)}`;
  const [first, last] = [turns[bar.from], turns[bar.to - 1]];
  const parts = [range('turn', first.number, last.number), range('event', first.first + 1, last.last + 1)];
  if (bar.firstError >= 0) parts.push(`errors ${errorWords(flags ? bar.flagged : null, bar.inferred)}`);
  return parts.join(' · ');
}
