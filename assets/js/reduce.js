/**
 * What a lane looks like at a given zoom: only as many rectangles as the pixels can show. Pure.
 *
 * One binary search and one pass over what is visible. Bars of one look that are nearer than 1 px merge; marks over
 * bars merge only when they share a pixel column, and then know how many they are.
 */

import { NO_MARK } from './verdicts.js';

/** @typedef {import('./lanes.js').Segments} Segments */
/** @typedef {{from: number, to: number}} Viewport axis units */
/**
 * @typedef {object} Rect px from the left of the plot
 * @property {number} x0
 * @property {number} x1
 * @property {number} look    the look of its bars
 * @property {boolean} cutLeft  begins where an earlier one of its look has not ended: needs a line to be told apart
 * @property {boolean} cutRight ends inside an earlier one of its look
 */
/** @typedef {{x: number, index: number, mark: number, count: number}} Mark x in px; `index` is the first event's */

/** The least width of a bar, px. */
export const BAR_MIN_PX = 2;
/** Bars nearer than this merge. */
const MERGE_PX = 1;
/** Touching bars of at least this width stay apart. */
const APART_PX = 3;
/** A mark stands over the middle of a narrow bar and near the beginning of a wide one. */
const MARK_OFFSET_PX = 6;

/**
 * The first place in a rising array whose value is at least `value`.
 * @param {Float64Array} rising
 * @param {number} value
 * @returns {number}
 */
export function lowerBound(rising, value) {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The rectangles of one lane.
 * @param {Segments} segments
 * @param {Viewport} view
 * @param {number} width px of the plot
 * @param {Uint8Array} looks by index, small whole numbers: bars of different looks never merge
 * @returns {Rect[]} rising by x0
 */
export function reduceLane(segments, view, width, looks) {
  const { index, start, end } = segments;
  const scale = width / (view.to - view.from);
  // A bar is at least BAR_MIN_PX wide, so one that ends just left of the window may still reach into it.
  const first = lowerBound(segments.reach, view.from - BAR_MIN_PX / scale);
  /** @type {Rect[]} */
  const rects = [];
  /** @type {{last: Rect, reach: number}[]} by look: the last rectangle, and the greatest x1 so far */
  const open = [];
  for (let k = first; k < start.length && start[k] < view.to; k += 1) {
    const left = (start[k] - view.from) * scale;
    const x1 = Math.min(Math.max((end[k] - view.from) * scale, left + BAR_MIN_PX), width);
    if (x1 <= 0) continue;
    const x0 = Math.max(left, 0);
    const look = looks[index[k]];
    const state = open[look];
    const reach = state?.reach ?? -Infinity;
    if (state !== undefined && merges(state.last, x0, x1)) {
      state.last.x1 = Math.max(state.last.x1, x1);
      state.reach = Math.max(reach, x1);
    } else {
      const last = { x0, x1, look, cutLeft: x0 - reach < MERGE_PX, cutRight: x1 < reach };
      rects.push(last);
      open[look] = { last, reach: Math.max(reach, x1) };
    }
  }
  return rects;
}

/**
 * Whether a bar can be told apart from the one before it.
 * @param {Rect} last
 * @param {number} x0
 * @param {number} x1
 * @returns {boolean}
 */
function merges(last, x0, x1) {
  if (x0 - last.x1 >= MERGE_PX) return false;
  return last.x1 - last.x0 < APART_PX || x1 - x0 < APART_PX || x0 - last.x0 < APART_PX;
}

/**
 * The marks over bars in a window: one of each sort in each pixel column that has any.
 * @param {Segments} marked
 * @param {Viewport} view
 * @param {number} width px of the plot
 * @param {Uint8Array} marks  the mark of each event; NO_MARK is not shown
 * @returns {Mark[]} rising by x
 */
export function reduceMarks(marked, view, width, marks) {
  const scale = width / (view.to - view.from);
  const first = lowerBound(marked.reach, view.from - BAR_MIN_PX / scale);
  /** @type {Map<number, Mark>} */
  const columns = new Map();
  for (let k = first; k < marked.start.length && marked.start[k] < view.to; k += 1) {
    const code = marks[marked.index[k]];
    if (code === NO_MARK) continue;
    const left = (marked.start[k] - view.from) * scale;
    const right = Math.max((marked.end[k] - view.from) * scale, left + BAR_MIN_PX);
    if (right <= 0) continue;
    const x = markX(left, right);
    const key = Math.floor(x) * 256 + code;
    const mark = columns.get(key);
    if (mark === undefined) columns.set(key, { x, index: marked.index[k], mark: code, count: 1 });
    else mark.count += 1;
  }
  return [...columns.values()].sort((a, b) => a.x - b.x);
}

/**
 * Where the mark over a bar stands; a bar that began before the window has its mark at the left edge.
 * @param {number} left  px
 * @param {number} right px
 * @returns {number}
 */
export function markX(left, right) {
  const begin = Math.max(left, 0);
  return begin + Math.min((right - begin) / 2, MARK_OFFSET_PX);
}

/**
 * The px columns at which single moments (compactions, API errors, system events) stand; one for each column.
 * @param {Segments} segments
 * @param {Viewport} view
 * @param {number} width px of the plot
 * @returns {{x: number, index: number, count: number}[]} rising by x
 */
export function reduceMoments(segments, view, width) {
  const scale = width / (view.to - view.from);
  /** @type {{x: number, index: number, count: number}[]} */
  const found = [];
  const first = lowerBound(segments.start, view.from);
  for (let k = first; k < segments.start.length && segments.start[k] <= view.to; k += 1) {
    const x = (segments.start[k] - view.from) * scale;
    const last = found[found.length - 1];
    if (last !== undefined && Math.floor(last.x) === Math.floor(x)) last.count += 1;
    else found.push({ x, index: segments.index[k], count: 1 });
  }
  return found;
}

/**
 * The context as steps: the greatest value in each pixel column that has a call, holding until the next one.
 * @param {Segments} segments events that know their context
 * @param {Uint32Array} context tokens, by event index
 * @param {Viewport} view
 * @param {number} width px of the plot
 * @returns {{x: number, tokens: number}[]} rising by x; the first one is what the window begins with
 */
export function reduceContext(segments, context, view, width) {
  const scale = width / (view.to - view.from);
  const first = lowerBound(segments.start, view.from);
  /** @type {{x: number, tokens: number}[]} */
  const steps = first > 0 ? [{ x: 0, tokens: context[segments.index[first - 1]] }] : [];
  let column = -1;
  for (let k = first; k < segments.start.length && segments.start[k] <= view.to; k += 1) {
    const x = (segments.start[k] - view.from) * scale;
    const tokens = context[segments.index[k]];
    if (Math.floor(x) === column) {
      const last = steps[steps.length - 1];
      last.tokens = Math.max(last.tokens, tokens);
    } else {
      steps.push({ x, tokens });
      column = Math.floor(x);
    }
  }
  return steps;
}
