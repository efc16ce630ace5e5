/**
 * Where the parts of the timeline stand, in CSS px from the top left of the drawing. Pure.
 */

/** @typedef {import('./lanes.js').Lanes} Lanes */
/**
 * @typedef {object} Row one lane
 * @property {string} name
 * @property {number} top
 * @property {number} bottom  where the hairline below it is
 * @property {number} barTop
 * @property {number} barHeight
 */
/**
 * @typedef {object} Layout
 * @property {number} width
 * @property {number} height
 * @property {boolean} narrow     labels stand above their lanes, not left of them
 * @property {number} left        where the plot begins
 * @property {number} plotWidth
 * @property {number} lanesTop
 * @property {number} lanesBottom
 * @property {number|null} namesTop   the line of mark labels above the lanes, when there are any
 * @property {number|null} ticksTop   the line of API error ticks above the lanes, when there are any
 * @property {Row[]} rows             in the order of `lanes.lanes`
 * @property {Row|null} childRow
 * @property {number} systemTop       the baseline ticks
 * @property {number|null} contextTop
 * @property {number} ribbonTop
 * @property {number} axisTop
 */

/** Below this width labels go above the lanes. */
const NARROW_PX = 700;
const GUTTER_PX = 84;
const NARROW_GUTTER_PX = 6;
const RIGHT_PX = 8;
const LANE_PX = 22;
const LABEL_PX = 11;
/** Inside a lane: room for the marks, then the bar. */
const BAR_TOP_PX = 7;
const BAR_PX = 13;
const NAMES_PX = 14;
const API_TICKS_PX = 10;
const SYSTEM_PX = 6;
const AXIS_PX = 20;
/** The height of the process ribbon, and the space above it. */
export const RIBBON_PX = 8;
const RIBBON_GAP_PX = 5;
/** The height of the context area, and the space above it. */
export const CONTEXT_PX = 24;
const CONTEXT_GAP_PX = 4;
/** Heights of the API error and system event ticks. */
export const API_TICK_PX = 8;
export const SYSTEM_TICK_PX = 4;

/**
 * @param {Lanes} lanes
 * @param {number} width px of the host
 * @returns {Layout}
 */
export function layoutOf(lanes, width) {
  const narrow = width < NARROW_PX;
  const left = narrow ? NARROW_GUTTER_PX : GUTTER_PX;
  const { compaction, interruption, api_error } = lanes.marks;
  let y = 0;
  const take = (/** @type {number} */ px) => (y += px) - px;
  const namesTop = compaction.index.length + interruption.index.length > 0 ? take(NAMES_PX) : null;
  const ticksTop = api_error.index.length > 0 ? take(API_TICKS_PX) : null;
  const lanesTop = y;
  const label = narrow ? LABEL_PX : 0;
  const rowOf = (/** @type {string} */ name) => {
    const top = take(LANE_PX + label);
    return { name, top, bottom: y, barTop: top + label + BAR_TOP_PX, barHeight: BAR_PX };
  };
  const rows = lanes.lanes.map(({ name }) => rowOf(name));
  const childRow = lanes.children === null ? null : rowOf('subagents');
  const lanesBottom = y;
  const systemTop = take(lanes.system.index.length > 0 ? SYSTEM_PX : 0);
  if (lanes.contextMax > 0) take(CONTEXT_GAP_PX + label);
  const contextTop = lanes.contextMax > 0 ? take(CONTEXT_PX) : null;
  take(RIBBON_GAP_PX + label);
  const ribbonTop = take(RIBBON_PX + 1);
  const axisTop = take(AXIS_PX);
  const plotWidth = Math.max(1, width - left - RIGHT_PX);
  const across = { width, height: y, narrow, left, plotWidth };
  return { ...across, lanesTop, lanesBottom, namesTop, ticksTop, rows, childRow, systemTop, contextTop, ribbonTop, axisTop };
}

/**
 * Top and height of one row of child runs inside their lane.
 * @param {Row} row
 * @param {number} depth rows in use
 * @param {number} k     this row, from 0
 * @returns {{top: number, height: number}}
 */
export function childBar(row, depth, k) {
  if (depth === 1) return { top: row.barTop, height: row.barHeight };
  // Stacked rows may use the room that an event lane keeps for its marks.
  const top = row.barTop - BAR_TOP_PX + 2;
  const pitch = (BAR_TOP_PX + BAR_PX - 1) / depth;
  return { top: top + k * pitch, height: pitch - 1 };
}
