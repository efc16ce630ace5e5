/**
 * Ticks of the x axis for a view window: ordinals of events, or real elapsed time on either side of every fold. Pure.
 */
import { foldsWithin, timeOf, unitOf } from './axis.js';
import { formatCount } from './format.js';

/** @typedef {import('./axis.js').Axis} Axis */
/** @typedef {{at: number, label: string}} Tick `at` in axis units */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Steps between a second and a day that divide the next larger unit; others are 1, 2, 5 times a power of ten. */
const TIME_STEPS = Object.freeze([
  ...[1, 2, 5, 10, 15, 30].map((s) => s * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((m) => m * MINUTE),
  ...[1, 2, 3, 6, 12].map((h) => h * HOUR),
  DAY,
]);
/** Room that a label needs: px per character of the 11 px axis type, and the least space between two labels. */
export const CHAR_PX = 6.2;
const LABEL_GAP_PX = 14;
/** Where there is room, ordinals stand this far apart: more of them would say no more. */
const ROOMY_PX = 100;
/** Where a tick of order mode points inside its event's unit: the middle of the bar. */
const ORDER_MIDDLE = 0.43;

/**
 * Ticks in a window, few enough for their labels not to touch.
 * @param {Axis} axis
 * @param {number} from  axis unit
 * @param {number} to    axis unit
 * @param {number} width px of the window
 * @returns {Tick[]} rising
 */
export function ticks(axis, from, to, width) {
  if (!(to > from) || width <= 0) return [];
  const perPx = (to - from) / width;
  return axis.mode === 'order' ? orderTicks(axis, from, to, width) : timeTicks(axis, from, to, perPx);
}

/**
 * The smallest 1, 2 or 5 times a power of ten that is at least `least`.
 * @param {number} least above 0
 * @returns {number}
 */
export function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((f) => f * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/**
 * @param {Axis} axis
 * @param {number} from
 * @param {number} to
 * @param {number} width px
 * @returns {Tick[]}
 */
function orderTicks(axis, from, to, width) {
  const perPx = (to - from) / width;
  const longest = formatCount(Math.ceil(to)).length * CHAR_PX;
  const step = Math.max(1, niceStep(perPx * Math.max(longest + 2 * LABEL_GAP_PX, Math.min(width / 8, ROOMY_PX))));
  const last = Math.min(Math.ceil(to), axis.total);
  /** @type {Tick[]} */
  const found = [];
  // The ordinals are 1, 20, 40: the first event is called 1, and the rest are round.
  if (from <= ORDER_MIDDLE) found.push({ at: ORDER_MIDDLE, label: '1' });
  for (let k = Math.max(1, Math.ceil(from / step)); k * step <= last; k += 1) {
    if (k * step > 1) found.push({ at: k * step - 1 + ORDER_MIDDLE, label: formatCount(k * step) });
  }
  return apart(found, perPx).filter(({ at }) => at >= from && at <= to);
}

/**
 * @param {Axis} axis
 * @param {number} from
 * @param {number} to
 * @param {number} perPx
 * @returns {Tick[]}
 */
function timeTicks(axis, from, to, perPx) {
  const step = timeStep(axis, to, perPx);
  /** @type {Tick[]} */
  const found = [];
  let begin = from;
  const ends = foldsWithin(axis, from, to).map((fold) => ({ at: fold.at, next: fold.at + fold.width }));
  for (const { at, next } of [...ends, { at: to, next: to }]) {
    // A stretch between two folds has one real time per unit, so its ticks are the round times inside it.
    const first = timeOf(axis, begin) - axis.zero;
    const last = timeOf(axis, at) - axis.zero;
    if (at > begin) {
      for (let k = Math.ceil(first / step - 1e-9); k * step < last || (k * step <= last && at === to); k += 1) {
        found.push({ at: unitOf(axis, axis.zero + k * step), label: formatElapsed(k * step) });
      }
    }
    begin = Math.max(begin, next);
  }
  return apart(found, perPx);
}

/**
 * A step wide enough for its own labels: longer real times need more words, so the width is measured, not assumed.
 * @param {Axis} axis
 * @param {number} to
 * @param {number} perPx
 * @returns {number} ms
 */
function timeStep(axis, to, perPx) {
  const end = timeOf(axis, to) - axis.zero;
  const least = perPx * 4 * LABEL_GAP_PX;
  const wider = [least, 2.1 * least, 4.9 * least];
  const candidates = [...wider.map(niceStep), ...TIME_STEPS, ...wider.map((ms) => niceStep(ms / DAY) * DAY)];
  candidates.sort((a, b) => a - b);
  const fits = candidates.find((step) => {
    if (step < least || (step > SECOND && step < DAY && !TIME_STEPS.includes(step))) return false;
    // The last label may be a short one ('2 min' after '1 min 45 s'), so the four before it count as well.
    const last = Math.max(5, Math.floor(end / step));
    const chars = Math.max(...[0, 1, 2, 3, 4].map((k) => formatElapsed((last - k) * step).length));
    return step >= perPx * (chars * CHAR_PX + 2 * LABEL_GAP_PX);
  });
  return fits ?? niceStep((perPx * 160) / DAY) * DAY;
}

/**
 * An elapsed time with every unit it needs and no other: '0', '30 s', '1 min 30 s', '2 h', '1.5 s'.
 * @param {number} ms
 * @returns {string}
 */
export function formatElapsed(ms) {
  if (ms <= 0) return '0';
  const whole = Math.floor(ms / MINUTE) * MINUTE;
  const seconds = Number(((ms - whole) / SECOND).toFixed(3));
  /** @type {[number, string][]} */
  const parts = [
    [Math.floor(whole / DAY), 'd'],
    [Math.floor((whole % DAY) / HOUR), 'h'],
    [Math.floor((whole % HOUR) / MINUTE), 'min'],
    [seconds, 's'],
  ];
  return parts
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value} ${unit}`)
    .join(' ');
}

/**
 * Ticks whose centred labels do not touch, the earlier one winning.
 * @param {Tick[]} rising
 * @param {number} perPx axis units in a px
 * @returns {Tick[]}
 */
function apart(rising, perPx) {
  let free = -Infinity;
  return rising.filter(({ at, label }) => {
    const half = (label.length * CHAR_PX) / 2;
    const x = at / perPx;
    if (x - half < free) return false;
    free = x + half + LABEL_GAP_PX;
    return true;
  });
}
