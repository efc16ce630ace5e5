/**
 * The part of the axis that is on screen: a window [from, to] in axis units, and how it moves. Pure.
 */

/** @typedef {{from: number, to: number}} Viewport */
/** @typedef {{total: number, least: number}} Limits the whole axis, and the narrowest window, in axis units */

/**
 * A window of a given width, moved inside the axis.
 * @param {number} from
 * @param {number} span
 * @param {Limits} limits
 * @returns {Viewport}
 */
export function placed(from, span, limits) {
  const width = Math.min(Math.max(span, Math.min(limits.least, limits.total)), limits.total);
  const begin = Math.min(Math.max(from, 0), limits.total - width);
  return { from: begin, to: begin + width };
}

/**
 * Zoom so that the axis unit `around` stays where it is on screen.
 * @param {Viewport} view
 * @param {number} factor above 1 shows more, below 1 shows less
 * @param {number} around axis unit
 * @param {Limits} limits
 * @returns {Viewport}
 */
export function zoomed(view, factor, around, limits) {
  const old = view.to - view.from;
  const span = Math.min(Math.max(old * factor, Math.min(limits.least, limits.total)), limits.total);
  return placed(around - ((around - view.from) / old) * span, span, limits);
}

/**
 * @param {Viewport} view
 * @param {number} by axis units, above 0 towards the end
 * @param {Limits} limits
 * @returns {Viewport}
 */
export function panned(view, by, limits) {
  return placed(view.from + by, view.to - view.from, limits);
}

/**
 * The same width, moved only if `unit` is outside, then with `unit` in the middle.
 * @param {Viewport} view
 * @param {number} unit
 * @param {Limits} limits
 * @returns {Viewport}
 */
export function revealing(view, unit, limits) {
  if (unit >= view.from && unit <= view.to) return view;
  const span = view.to - view.from;
  return placed(unit - span / 2, span, limits);
}

/**
 * Whether the window shows the whole axis.
 * @param {Viewport} view
 * @param {Limits} limits
 * @returns {boolean}
 */
export function isWhole(view, limits) {
  return view.to - view.from >= limits.total * (1 - 1e-9);
}
