/**
 * What the error layer says of a result, as the page shows it: a shape and a word, never a colour alone. Pure.
 */
import { EVIDENCE, VERDICTS } from './columns.js';
import { formatCount } from './format.js';

/** @typedef {import('./columns.js').Columns} Columns */
/** @typedef {'flagged'|'inferred'|'probe'|'denied'|'aborted'} Mark */

/** The shapes over a bar; what needs no look has none. */
export const MARKS = Object.freeze(/** @type {Mark[]} */ (['flagged', 'inferred', 'probe', 'denied', 'aborted']));
/** In an array of marks: none. */
export const NO_MARK = 255;
/** @type {Readonly<Record<Mark, string>>} */
export const SIGNS = Object.freeze({ flagged: '▲', inferred: '△', probe: '◇', denied: '○', aborted: '□' });
/** @type {Readonly<Record<Mark, string>>} */
export const MARK_MEANS = Object.freeze({
  flagged: 'flagged: the harness says that it failed',
  inferred: 'inferred: the text of the result says that it failed, the harness does not',
  probe: 'probe: it looked for something that is not there',
  denied: 'denied: somebody refused it',
  aborted: 'aborted: it was cut off',
});

const ERROR = VERDICTS.indexOf('error');
const INFERRED = EVIDENCE.indexOf('inferred');
const CODES = Object.freeze(VERDICTS.map((verdict) => MARKS.indexOf(/** @type {Mark} */ (verdict))));

/**
 * @param {Pick<Columns, 'verdict'>} columns
 * @param {number} index
 * @returns {boolean} whether it failed, flagged or inferred
 */
export function isError(columns, index) {
  return columns.verdict[index] === ERROR;
}

/**
 * @param {Pick<Columns, 'verdict'|'evidence'>} columns
 * @param {number} index
 * @returns {number} index into MARKS, NO_MARK for none
 */
export function markOf({ verdict, evidence }, index) {
  if (verdict[index] === ERROR) return MARKS.indexOf(evidence[index] === INFERRED ? 'inferred' : 'flagged');
  const code = CODES[verdict[index]] ?? -1;
  return code < 0 ? NO_MARK : code;
}

/**
 * The mark of each event.
 * @param {Pick<Columns, 'n'|'verdict'|'evidence'>} columns
 * @param {boolean} probes  whether probes are shown
 * @returns {Uint8Array}
 */
export function marksOf(columns, probes) {
  const quiet = probes ? -1 : MARKS.indexOf('probe');
  const marks = new Uint8Array(columns.n).fill(NO_MARK);
  for (let i = 0; i < columns.n; i += 1) {
    const mark = markOf(columns, i);
    if (mark !== quiet) marks[i] = mark;
  }
  return marks;
}

/**
 * How many errors there are, in the words used everywhere: 'flagged 5 · inferred 3'.
 * @param {number|null} flagged  null where the harness flags nothing
 * @param {number|null} inferred
 * @returns {string}
 */
export function errorWords(flagged, inferred) {
  const said = (/** @type {number|null} */ count) => (count === null ? 'unknown' : formatCount(count));
  return `flagged ${said(flagged)} · inferred ${said(inferred)}`;
}

/**
 * How many events of a stretch are flagged and inferred errors.
 * @param {Pick<Columns, 'verdict'|'evidence'>} columns
 * @param {number} first
 * @param {number} end  index after the last
 * @returns {{flagged: number, inferred: number}}
 */
export function errorsIn(columns, first, end) {
  const found = { flagged: 0, inferred: 0 };
  for (let i = first; i < end; i += 1) {
    if (!isError(columns, i)) continue;
    if (columns.evidence[i] === INFERRED) found.inferred += 1;
    else found.flagged += 1;
  }
  return found;
}
