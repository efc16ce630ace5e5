/**
 * Draws what stands in the lanes: bars of events, child runs, and the selected event. Reads nothing but its arguments.
 */
import { KINDS } from './columns.js';
import { laneOf } from './lanes.js';
import { BAR_MIN_PX, reduceLane } from './reduce.js';
import { childBar } from './timeline-layout.js';

/** @typedef {import('./timeline-hit.js').Scene} Scene */
/** @typedef {import('./timeline-layout.js').Row} Row */
/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {Record<string, string>} Palette */

const REASONING = KINDS.indexOf('reasoning');
/** Looks of a bar: reasoning and faint (outside the filter) each have a bit. */
const LOOK_REASONING = 1;
const LOOK_FAINT = 2;
const FAINT_ALPHA = 0.18;
/** Faint ones first, so that what passes the filter lies on top; reasoning over assistant, being lower. */
const LOOK_ORDER = Object.freeze([LOOK_FAINT, LOOK_FAINT + LOOK_REASONING, 0, LOOK_REASONING]);
/** Reasoning bars fill this part of the height, from the bottom: told apart by shape as well as by shade. */
const REASONING_PART = 0.5;

/**
 * The look of each event: known once for a filter, not once a frame.
 * @param {Pick<import('./columns.js').Columns, 'n'|'kind'>} columns
 * @param {Uint8Array|null} visible
 * @returns {Uint8Array}
 */
export function looksOf({ n, kind }, visible) {
  const looks = new Uint8Array(n);
  for (let i = 0; i < n; i += 1) {
    looks[i] = (kind[i] === REASONING ? LOOK_REASONING : 0) + (visible === null || visible[i] === 1 ? 0 : LOOK_FAINT);
  }
  return looks;
}

/**
 * @param {Scene} scene
 * @param {number} unit axis unit
 * @returns {number} px from the left of the drawing
 */
export function xOf({ layout, view }, unit) {
  return layout.left + ((unit - view.from) * layout.plotWidth) / (view.to - view.from);
}

/**
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Palette} colours
 * @param {import('./lanes.js').Lane} lane
 * @param {Row} row
 */
export function drawLane(ctx, scene, colours, lane, row) {
  const { layout, view, looks } = scene;
  const rects = reduceLane(lane.all, view, layout.plotWidth, looks);
  for (const look of LOOK_ORDER) {
    const own = rects.filter((rect) => rect.look === look);
    if (own.length === 0) continue;
    const reasoning = (look & LOOK_REASONING) !== 0;
    const height = reasoning ? Math.round(row.barHeight * REASONING_PART) : row.barHeight;
    const top = row.barTop + row.barHeight - height;
    ctx.globalAlpha = look & LOOK_FAINT ? FAINT_ALPHA : 1;
    ctx.fillStyle = colours[reasoning ? 'c-reasoning' : `c-${lane.name}`];
    fillRects(ctx, layout.left, own, top, height);
    ctx.globalAlpha = 1;
    ctx.fillStyle = colours.panel;
    cutRects(ctx, layout.left, own, top, height);
  }
}

/**
 * @param {Context} ctx
 * @param {number} left
 * @param {import('./reduce.js').Rect[]} rects
 * @param {number} top
 * @param {number} height
 */
function fillRects(ctx, left, rects, top, height) {
  for (const { x0, x1 } of rects) ctx.fillRect(left + x0, top, x1 - x0, height);
}

/**
 * Thin lines where bars of one look touch or lie in each other.
 * @param {Context} ctx
 * @param {number} left
 * @param {import('./reduce.js').Rect[]} rects
 * @param {number} top
 * @param {number} height
 */
function cutRects(ctx, left, rects, top, height) {
  for (const { x0, x1, cutLeft, cutRight } of rects) {
    if (cutLeft) ctx.fillRect(left + x0 - 1, top, 1, height);
    if (cutRight) ctx.fillRect(left + x1, top, 1, height);
  }
}

/**
 * Child runs: a bar each, with a red foot when it has errors.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Palette} colours
 * @param {Row} row
 */
export function drawChildren(ctx, { layout, lanes, children, view }, colours, row) {
  const { depth, rows } = /** @type {import('./lanes.js').ChildLane} */ (lanes.children);
  // Looks keep those with errors apart from those without.
  const looks = Uint8Array.from(children, ({ errors }) => (errors > 0 ? 1 : 0));
  rows.forEach((segments, k) => {
    const { top, height } = childBar(row, depth, k);
    const rects = reduceLane(segments, view, layout.plotWidth, looks);
    ctx.fillStyle = colours['c-agent'];
    fillRects(ctx, layout.left, rects, top, height);
    ctx.fillStyle = colours.error;
    fillRects(ctx, layout.left, rects.filter(({ look }) => look === 1), top + height - 2, 2);
    ctx.fillStyle = colours.panel;
    cutRects(ctx, layout.left, rects, top, height);
  });
}

/**
 * The selected event: a faint line over the full height, and its bar outlined.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Palette} colours
 * @param {number} index
 */
export function drawSelection(ctx, scene, colours, index) {
  const { columns, axis, layout, view } = scene;
  if (axis.end[index] < view.from || axis.start[index] > view.to) return;
  const from = Math.max(xOf(scene, axis.start[index]), layout.left);
  const to = Math.min(Math.max(xOf(scene, axis.end[index]), from + BAR_MIN_PX), layout.left + layout.plotWidth + 1);
  const row = layout.rows.find(({ name }) => name === laneOf(columns, index));
  ctx.globalAlpha = row === undefined ? 0.9 : 0.35;
  ctx.fillStyle = colours.ink;
  ctx.fillRect(Math.round(Math.min((from + to) / 2, from + 6)), 0, 1, layout.axisTop + 4);
  ctx.globalAlpha = 1;
  if (row === undefined) return;
  // The bar is drawn again: a merged block hides which part of it is selected.
  ctx.fillStyle = colours[columns.kind[index] === REASONING ? 'c-reasoning' : `c-${row.name}`];
  ctx.fillRect(from, row.barTop, to - from, row.barHeight);
  ctx.strokeStyle = colours.ink;
  ctx.lineWidth = 1.5;
  ctx.strokeRect(from - 0.75, row.barTop - 0.75, to - from + 1.5, row.barHeight + 1.5);
}
