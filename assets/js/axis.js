/**
 * The x axis of a run, in "axis units" that only this module and the view window know.
 * Mode 'order': one unit per event, in file order. Mode 'time': one unit per ms, with long idle gaps folded into a
 * fixed narrow width. Pure. Ticks are in axis-ticks.js.
 */

/** A bar in order mode is a little narrower than its unit, so that neighbours stay apart. */
export const ORDER_BAR = 0.86;
/** No gap shorter than this is folded, in ms. */
const FOLD_LEAST_MS = 60_000;
/** A folded gap is longer than this many median gaps. */
const FOLD_MEDIANS = 20;
/** The width of one fold, as a part of the active time, and the part that all folds together may take. */
const FOLD_PART = 0.015;
const FOLD_PART_ALL = 0.25;

/**
 * @typedef {object} Fold a stretch in which nothing ran, drawn narrow
 * @property {number} at    axis unit where it begins
 * @property {number} width axis units
 * @property {number} start real ms since origin
 * @property {number} ms    its real length
 */
/**
 * @typedef {object} Axis
 * @property {'order'|'time'} mode
 * @property {number} total       axis units from the first to the last
 * @property {Float64Array} start start of each event, in axis units
 * @property {Float64Array} end   end of each event, in axis units
 * @property {Fold[]} folds       rising; empty in order mode
 * @property {number} zero        real ms since origin at axis unit 0; 0 in order mode
 */
/** @typedef {{start: number, end: number}} Span real ms since origin */
/** @typedef {Pick<import('./columns.js').Columns, 'n'|'timesUsable'|'start'|'end'>} Timed */

/**
 * The axis of a run. A run without usable times has only an order axis, whatever is asked.
 * @param {Timed} columns
 * @param {'order'|'time'} mode
 * @param {Span[]} [spans] other things that ran (child runs), so that their time is neither cut off nor folded
 * @returns {Axis}
 */
export function buildAxis(columns, mode, spans = []) {
  return mode === 'time' && columns.timesUsable ? timeAxis(columns, spans) : orderAxis(columns.n);
}

/**
 * @param {number} n
 * @returns {Axis}
 */
function orderAxis(n) {
  const start = Float64Array.from({ length: n }, (_, i) => i);
  return { mode: 'order', total: Math.max(n, 1), start, end: start.map((at) => at + ORDER_BAR), folds: [], zero: 0 };
}

/**
 * @param {Timed} columns
 * @param {Span[]} spans
 * @returns {Axis}
 */
function timeAxis(columns, spans) {
  const running = busy(columns, spans);
  if (running.length === 0) return orderAxis(columns.n);
  const zero = running[0].start;
  const last = running[running.length - 1].end;
  const folds = foldGaps(running, zero);
  /** @type {Axis} */
  const axis = {
    mode: 'time',
    total: 1,
    start: new Float64Array(columns.n),
    end: new Float64Array(columns.n),
    folds,
    zero,
  };
  axis.total = Math.max(unitOf(axis, last), 1);
  placeEvents(columns, axis);
  return axis;
}

/**
 * Put each event on the time axis. An event without a time stands, without length, where the event before it in the
 * file began (the first ones: at the start): it stays visible and in order, and its own words say that its time is
 * unknown.
 * @param {Timed} columns
 * @param {Axis} axis filled in
 */
function placeEvents(columns, axis) {
  let known = 0;
  for (let i = 0; i < columns.n; i += 1) {
    const timed = !Number.isNaN(columns.start[i]);
    if (timed) known = unitOf(axis, columns.start[i]);
    axis.start[i] = known;
    axis.end[i] = timed && columns.end[i] > columns.start[i] ? unitOf(axis, columns.end[i]) : known;
  }
}

/**
 * The stretches in which at least one event ran, rising and apart from each other.
 * @param {Timed} columns
 * @param {Span[]} spans
 * @returns {Span[]}
 */
function busy(columns, spans) {
  /** @type {Span[]} */
  const all = spans.map(({ start, end }) => ({ start, end }));
  for (let i = 0; i < columns.n; i += 1) {
    const start = columns.start[i];
    if (!Number.isNaN(start)) all.push({ start, end: Math.max(start, columns.end[i] || start) });
  }
  all.sort((a, b) => a.start - b.start);
  /** @type {Span[]} */
  const merged = [];
  for (const span of all) {
    const last = merged[merged.length - 1];
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push(span);
  }
  return merged;
}

/**
 * The gaps that are long against this run's own rhythm.
 * @param {Span[]} running
 * @param {number} zero
 * @returns {Fold[]}
 */
function foldGaps(running, zero) {
  const gaps = Float64Array.from({ length: running.length - 1 }, (_, i) => running[i + 1].start - running[i].end);
  if (gaps.length === 0) return [];
  const median = Float64Array.from(gaps).sort()[Math.floor((gaps.length - 1) / 2)];
  const least = Math.max(FOLD_LEAST_MS, FOLD_MEDIANS * median);
  const folded = gaps.reduce((sum, ms) => (ms > least ? sum + ms : sum), 0);
  const count = gaps.reduce((sum, ms) => (ms > least ? sum + 1 : sum), 0);
  const active = running[running.length - 1].end - zero - folded;
  const width = Math.max(1, Math.min(FOLD_PART * active, (FOLD_PART_ALL * active) / Math.max(count, 1)));
  /** @type {Fold[]} */
  const folds = [];
  let saved = 0;
  gaps.forEach((ms, i) => {
    if (ms <= least) return;
    const start = running[i].end;
    folds.push({ at: start - zero - saved, width, start, ms });
    saved += ms - width;
  });
  return folds;
}

/**
 * How many of `folds` begin at or before a value of `key`.
 * @param {Fold[]} folds
 * @param {'at'|'start'} key
 * @param {number} value
 * @returns {number}
 */
function foldsBefore(folds, key, value) {
  let low = 0;
  let high = folds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (folds[middle][key] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Real time to axis unit (time mode).
 * @param {Pick<Axis, 'folds'|'zero'>} axis
 * @param {number} ms since origin
 * @returns {number}
 */
export function unitOf(axis, ms) {
  const fold = axis.folds[foldsBefore(axis.folds, 'start', ms) - 1];
  if (fold === undefined) return ms - axis.zero;
  const inside = ms - fold.start;
  return inside < fold.ms ? fold.at + (inside / fold.ms) * fold.width : fold.at + fold.width + inside - fold.ms;
}

/**
 * Axis unit to real time, in ms since origin (time mode); the reverse of `unitOf`.
 * @param {Pick<Axis, 'folds'|'zero'>} axis
 * @param {number} unit
 * @returns {number}
 */
export function timeOf(axis, unit) {
  const fold = axis.folds[foldsBefore(axis.folds, 'at', unit) - 1];
  if (fold === undefined) return axis.zero + unit;
  const inside = unit - fold.at;
  return inside < fold.width
    ? fold.start + (inside / fold.width) * fold.ms
    : fold.start + fold.ms + inside - fold.width;
}

/**
 * The fold at an axis unit, if there is one.
 * @param {Pick<Axis, 'folds'>} axis
 * @param {number} unit
 * @returns {Fold|null}
 */
export function foldAt(axis, unit) {
  const fold = axis.folds[foldsBefore(axis.folds, 'at', unit) - 1];
  return fold !== undefined && unit < fold.at + fold.width ? fold : null;
}

/**
 * The folds that are at least partly inside a window.
 * @param {Pick<Axis, 'folds'>} axis
 * @param {number} from axis unit
 * @param {number} to   axis unit
 * @returns {Fold[]}
 */
export function foldsWithin(axis, from, to) {
  const first = Math.max(0, foldsBefore(axis.folds, 'at', from) - 1);
  return axis.folds
    .slice(first, foldsBefore(axis.folds, 'at', to))
    .filter((fold) => fold.at < to && fold.at + fold.width > from);
}
