/** Which events a filter lets through. Pure. */
import { CATEGORIES, KINDS } from './columns.js';
import { isError } from './verdicts.js';

const TOOL = KINDS.indexOf('tool');

/**
 * @param {import('./link.js').Filter} filter
 * @returns {boolean} whether it shows everything
 */
export function showsAll(filter) {
  return !filter.errors && !filter.tool && filter.show.length === 0;
}

/**
 * 1 for each event that passes; null when all do.
 *
 * `show` is a union: kinds by their name, tool calls by their category (`tool` shows every call). A tool narrows the calls
 * to its own and leaves out everything else; `errors` narrows to results that are errors, flagged or inferred.
 * @param {import('./columns.js').Columns} columns
 * @param {import('./link.js').Filter} filter
 * @returns {Uint8Array|null}
 */
export function passing(columns, filter) {
  if (showsAll(filter)) return null;
  const kinds = new Set(filter.show.map((word) => KINDS.indexOf(word)).filter((code) => code >= 0));
  const categories = new Set(filter.show.map((word) => CATEGORIES.indexOf(word)).filter((code) => code >= 0));
  const any = kinds.size + categories.size === 0;
  const tool = filter.tool ? columns.tools.indexOf(filter.tool) : -1;
  const passes = new Uint8Array(columns.n);
  for (let i = 0; i < columns.n; i++) {
    const isCall = columns.kind[i] === TOOL;
    const shown = any || kinds.has(columns.kind[i]) || (isCall && categories.has(columns.category[i]));
    const named = !filter.tool || (isCall && columns.tool[i] === tool);
    passes[i] = shown && named && (!filter.errors || isError(columns, i)) ? 1 : 0;
  }
  return passes;
}

/**
 * Indices of the events that pass.
 * @param {Uint8Array|null} passes
 * @param {number} n  number of events
 * @returns {Uint32Array}
 */
export function indicesOf(passes, n) {
  if (passes === null) return Uint32Array.from({ length: n }, (_, index) => index);
  const found = new Uint32Array(passes.reduce((sum, pass) => sum + pass, 0));
  let at = 0;
  for (let i = 0; i < n; i++) if (passes[i]) found[at++] = i;
  return found;
}

/**
 * Position of an index in a sorted list: where it is, or where the next greater one is.
 * @param {ArrayLike<number>} sorted
 * @param {number} index
 * @returns {number}  0 … sorted.length
 */
export function lowerBound(sorted, index) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < index) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The event next to the selected one in the list.
 * @param {ArrayLike<number>|null} listed  indices, sorted; null lists all
 * @param {number} n                       events in the run
 * @param {number} selected                index; -1 is before the first
 * @param {1|-1} step
 * @returns {number|null}
 */
export function nextListed(listed, n, selected, step) {
  const here = listed ? lowerBound(listed, selected) : selected;
  const exact = !listed || listed[here] === selected;
  const next = selected < 0 ? 0 : here + (step > 0 && !exact ? 0 : step);
  if (next < 0 || next >= (listed?.length ?? n)) return null;
  return listed ? listed[next] : next;
}

/**
 * The next (or previous) event after `from` whose result is an error, among those listed.
 * @param {import('./columns.js').Columns} columns
 * @param {ArrayLike<number>} listed  indices, sorted
 * @param {number} from  index; -1 is before the first
 * @param {1|-1} step
 * @returns {number|null}
 */
export function nextError(columns, listed, from, step) {
  let at = lowerBound(listed, from);
  if (step > 0 && listed[at] === from) at++;
  if (step < 0) at--;
  for (; at >= 0 && at < listed.length; at += step) if (isError(columns, listed[at])) return listed[at];
  return null;
}
