/**
 * What is under a point of the timeline. Pure: works on the same segments as the drawing, so that a click finds what
 * the eye found, even where bars have merged.
 */
import { foldAt } from './axis.js';
import { BAR_MIN_PX, lowerBound, reduceMarks, reduceMoments } from './reduce.js';
import { MARK_KINDS } from './lanes.js';
import { stretchAt } from './phases.js';
import { childBar, RIBBON_PX } from './timeline-layout.js';
import { MARKS } from './verdicts.js';

/** @typedef {import('./lanes.js').Segments} Segments */
/** @typedef {import('./lanes.js').Lane} Lane */
/** @typedef {import('./timeline-layout.js').Row} Row */
/**
 * @typedef {object} Scene everything the timeline shows
 * @property {import('./columns.js').Columns} columns
 * @property {import('./lanes.js').Child[]} children
 * @property {import('./axis.js').Axis} axis
 * @property {import('./lanes.js').Lanes} lanes
 * @property {ReturnType<typeof import('./phases.js').ribbonOf>} ribbon
 * @property {import('./timeline-layout.js').Layout} layout
 * @property {import('./viewport.js').Viewport} view
 * @property {number|null} selected
 * @property {Uint8Array|null} visible  1 for each event that passes the filter; null when all do
 * @property {Uint8Array} looks         the look of each event's bar, see timeline-bars.js
 * @property {Uint8Array} marks         the mark over each event's bar, see verdicts.js
 */
/**
 * @typedef {{type: 'event', index: number, count: number}
 *   | {type: 'child', child: import('./lanes.js').Child}
 *   | {type: 'stretch', stretch: import('./phases.js').Stretch}
 *   | {type: 'fold', fold: import('./axis.js').Fold}} Hit `count` above 1: that many marks share the place
 */

/** How far a pointer may miss, px: a mouse, and a finger. */
export const MOUSE_REACH_PX = 4;
export const TOUCH_REACH_PX = 12;
/** A bar of at least this width is meant when it is pointed at, whatever stands near it. */
const PLAIN_BAR_PX = 8;
/** Half the width of a mark. */
const MARK_HALF_PX = 6;
/** A full-height line is thin; it must not take clicks from the lanes. */
const LINE_REACH_PX = 3;
/** Marks up to this one are errors. */
const LAST_ERROR = MARKS.indexOf('inferred');

/**
 * @param {Scene} scene
 * @param {number} x px from the left of the drawing
 * @param {number} y px from its top
 * @param {number} [reach] how far the pointer may miss
 * @returns {Hit|null}
 */
export function hitTest(scene, x, y, reach = MOUSE_REACH_PX) {
  const { layout, view, axis } = scene;
  const px = x - layout.left;
  if (px < -reach || px > layout.plotWidth + reach) return null;
  const hit = hitInRow(scene, px, y, reach) ?? hitRibbon(scene, px, y) ?? hitMoment(scene, px, y, reach);
  if (hit !== null) return hit;
  const fold = foldAt(axis, view.from + (px * (view.to - view.from)) / layout.plotWidth);
  return fold === null ? null : { type: 'fold', fold };
}

/**
 * @param {Scene} scene
 * @param {number} px from the left of the plot
 * @param {number} y
 * @param {number} reach
 * @returns {Hit|null}
 */
function hitInRow(scene, px, y, reach) {
  const { layout, lanes, children } = scene;
  const inside = (/** @type {Row} */ row) => y >= row.top && y < row.bottom;
  const k = layout.rows.findIndex(inside);
  if (k !== -1) return hitInLane(scene, lanes.lanes[k], layout.rows[k], px, y, reach);
  if (layout.childRow === null || lanes.children === null || !inside(layout.childRow)) return null;
  const { depth, rows } = lanes.children;
  const { top, height } = childBar(layout.childRow, depth, 0);
  const row = Math.min(Math.max(Math.floor((y - top) / (height + 1)), 0), depth - 1);
  const near = nearest(rows[row], scene, px, reach);
  return near === null ? null : { type: 'child', child: children[near.index] };
}

/**
 * @param {Scene} scene
 * @param {number} px
 * @param {number} y
 * @returns {Hit|null}
 */
function hitRibbon({ layout, view, ribbon }, px, y) {
  if (y < layout.ribbonTop - 3 || y > layout.ribbonTop + RIBBON_PX + 2) return null;
  const stretch = stretchAt(ribbon, view.from + (px * (view.to - view.from)) / layout.plotWidth);
  return stretch === null ? null : { type: 'stretch', stretch };
}

/**
 * @param {Scene} scene
 * @param {Lane} lane
 * @param {Row} row
 * @param {number} px
 * @param {number} y
 * @param {number} reach
 * @returns {Hit|null}
 */
function hitInLane(scene, lane, row, px, y, reach) {
  const bar = nearest(lane.all, scene, px, reach);
  const plain = bar !== null && bar.distance === 0 && bar.width >= PLAIN_BAR_PX && y >= row.barTop;
  const mark = plain ? null : nearestMark(scene, lane, px, y < row.barTop ? Math.max(reach, MARK_HALF_PX) : reach);
  if (mark !== null) return { type: 'event', index: mark.index, count: mark.count };
  return bar === null ? null : { type: 'event', index: bar.index, count: 1 };
}

/**
 * The mark nearest to a point; at the same distance an error is meant rather than another.
 * @param {Scene} scene
 * @param {Lane} lane
 * @param {number} px
 * @param {number} reach
 * @returns {import('./reduce.js').Mark|null}
 */
function nearestMark(scene, lane, px, reach) {
  const { view, layout } = scene;
  const marks = reduceMarks(lane.marked, view, layout.plotWidth, scene.marks);
  const cost = (/** @type {import('./reduce.js').Mark} */ m) => Math.abs(m.x - px) + (m.mark <= LAST_ERROR ? 0 : 0.5);
  let best = null;
  for (const mark of marks) {
    if (Math.abs(mark.x - px) <= reach && (best === null || cost(mark) < cost(best))) best = mark;
  }
  return best;
}

/**
 * The bar at a point, else the nearest one within reach; of several at the point the one drawn last.
 * @param {Segments} segments
 * @param {Scene} scene
 * @param {number} px
 * @param {number} reach
 * @returns {{index: number, distance: number, width: number}|null}
 */
function nearest(segments, scene, px, reach) {
  const { view, layout } = scene;
  const scale = layout.plotWidth / (view.to - view.from);
  const first = lowerBound(segments.reach, view.from + (px - reach - BAR_MIN_PX) / scale);
  const limit = view.from + (px + reach) / scale;
  let best = null;
  for (let k = first; k < segments.start.length && segments.start[k] <= limit; k += 1) {
    const left = (segments.start[k] - view.from) * scale;
    const right = Math.max((segments.end[k] - view.from) * scale, left + BAR_MIN_PX);
    const distance = Math.max(left - px, px - right, 0);
    if (distance <= reach && (best === null || distance <= best.distance)) {
      best = { index: segments.index[k], distance, width: right - left };
    }
  }
  return best;
}

/**
 * A compaction, interruption, API error or system event: in its own line above or below the lanes, or on its line
 * across them.
 * @param {Scene} scene
 * @param {number} px
 * @param {number} y
 * @param {number} reach
 * @returns {Hit|null}
 */
function hitMoment(scene, px, y, reach) {
  const { layout, lanes, view } = scene;
  if (y >= layout.lanesBottom + 8) return null;
  const above = y < layout.lanesTop;
  const below = y >= layout.lanesBottom;
  const kinds = MARK_KINDS.filter((kind) => above || (!below && kind !== 'api_error'));
  const candidates = below ? [lanes.system] : kinds.map((kind) => lanes.marks[kind]);
  const limit = above || below ? Math.max(reach, MARK_HALF_PX) : LINE_REACH_PX;
  let best = null;
  for (const moment of candidates.flatMap((segments) => reduceMoments(segments, view, layout.plotWidth))) {
    const distance = Math.abs(moment.x - px);
    if (distance <= limit && (best === null || distance < best.distance)) best = { ...moment, distance };
  }
  return best === null ? null : { type: 'event', index: best.index, count: best.count };
}
