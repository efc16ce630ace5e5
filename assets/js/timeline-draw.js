/**
 * Draws a scene of the timeline on a canvas whose unit is the CSS px. Reads nothing but its arguments.
 */
import { foldsWithin } from './axis.js';
import { CHAR_PX, ticks } from './axis-ticks.js';
import { formatCount, formatDuration } from './format.js';
import { drawRibbon } from './phases.js';
import { reduceContext, reduceMarks, reduceMoments } from './reduce.js';
import { drawChildren, drawLane, drawSelection, xOf } from './timeline-bars.js';
import { API_TICK_PX, CONTEXT_PX, RIBBON_PX, SYSTEM_TICK_PX } from './timeline-layout.js';
import { drawMarks } from './timeline-marks.js';

/** @typedef {import('./timeline-hit.js').Scene} Scene */
/** @typedef {import('./timeline-layout.js').Row} Row */
/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {Record<string, string>} Palette */

const TEXT_PX = 11;
const SMALL_TEXT_PX = 10;
/** Lines across the lanes that are nearer than this on average are crowded, and drawn lighter. */
const CROWDED_PX = 24;
const CROWDED_ALPHA = 0.35;
/** How the lines across the lanes are drawn, by the name written beside them.
 * @type {Readonly<Record<string, number[]>>} */
const DASHES = Object.freeze({ compaction: [5, 3], interruption: [1, 3] });
/** A fold narrower than this has no room for its hatch. */
const HATCH_LEAST_PX = 3;

/**
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Palette} colours
 * @param {CanvasPattern|string} hatch fill of a fold
 */
export function drawTimeline(ctx, scene, colours, hatch) {
  const { layout, lanes } = scene;
  ctx.clearRect(0, 0, layout.width, layout.height);
  drawFolds(ctx, scene, colours, hatch);
  drawLines(ctx, scene, colours);
  drawSystem(ctx, scene, colours);
  lanes.lanes.forEach((lane, k) => drawLane(ctx, scene, colours, lane, layout.rows[k]));
  if (layout.childRow !== null) drawChildren(ctx, scene, colours, layout.childRow);
  drawMoments(ctx, scene, colours);
  if (layout.contextTop !== null) drawContext(ctx, scene, colours, layout.contextTop);
  drawDoing(ctx, scene, colours);
  drawAxis(ctx, scene, colours);
  if (scene.selected !== null) drawSelection(ctx, scene, colours, scene.selected);
  lanes.lanes.forEach((lane, k) => {
    const marks = reduceMarks(lane.marked, scene.view, layout.plotWidth, scene.marks);
    drawMarks(ctx, scene, colours, marks, layout.rows[k]);
  });
}

/**
 * @param {Palette} colours
 * @param {number} px
 * @returns {string}
 */
function font(colours, px) {
  return `${px}px ${colours.sans || 'sans-serif'}`;
}

/**
 * Lane labels and the hairlines between lanes.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Palette} colours
 */
function drawLines(ctx, { layout, lanes }, colours) {
  const rows = layout.childRow === null ? layout.rows : [...layout.rows, layout.childRow];
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.font = font(colours, layout.narrow ? SMALL_TEXT_PX : TEXT_PX);
  const unplaced = lanes.children?.unplaced ?? 0;
  for (const row of rows) {
    ctx.fillStyle = colours.line;
    ctx.fillRect(layout.narrow ? 0 : layout.left, row.bottom - 1, layout.width, 1);
    ctx.fillStyle = colours['ink-2'];
    const x = layout.narrow ? layout.left : 0;
    ctx.fillText(row.name, x, layout.narrow ? row.top + SMALL_TEXT_PX - 1 : row.barTop + row.barHeight - 3);
  }
  if (layout.childRow === null || unplaced === 0) return;
  ctx.textAlign = 'right';
  ctx.fillText(`${unplaced} not placed`, layout.width, layout.childRow.barTop + layout.childRow.barHeight - 3);
}

/**
 * Compactions and interruptions as lines across the lanes with their names above; API errors as short ticks.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Palette} colours
 */
function drawMoments(ctx, { layout, lanes, view }, colours) {
  const bottom = layout.contextTop === null ? layout.lanesBottom : layout.contextTop + CONTEXT_PX;
  const of = (/** @type {import('./lanes.js').MarkKind} */ kind) =>
    reduceMoments(lanes.marks[kind], view, layout.plotWidth);
  ctx.fillStyle = colours.error;
  for (const { x } of layout.ticksTop === null ? [] : of('api_error')) {
    ctx.fillRect(layout.left + x - 1, layout.ticksTop ?? 0, 2, API_TICK_PX);
  }
  const top = layout.namesTop;
  if (top === null) return;
  const lines = [
    ...of('compaction').map(({ x }) => ({ x, name: 'compaction' })),
    ...of('interruption').map(({ x }) => ({ x, name: 'interruption' })),
  ].sort((a, b) => a.x - b.x);
  ctx.font = font(colours, SMALL_TEXT_PX);
  ctx.textAlign = 'left';
  ctx.fillStyle = colours['ink-2'];
  ctx.strokeStyle = colours['ink-3'];
  ctx.lineWidth = 1;
  drawAcross(ctx, layout, lines, top, bottom);
  lines.forEach(({ x, name }, k) => {
    const room = (lines[k + 1]?.x ?? layout.plotWidth) - x;
    if (name.length * CHAR_PX < room) ctx.fillText(name, layout.left + x + 4, top + SMALL_TEXT_PX);
  });
}

/**
 * Lines across the lanes. Many of them must not hide the bars that they cross, and dashes cost the most to draw, so a
 * crowd is drawn whole and light.
 * @param {Context} ctx
 * @param {import('./timeline-layout.js').Layout} layout
 * @param {{x: number, name: string}[]} lines
 * @param {number} top
 * @param {number} bottom
 */
function drawAcross(ctx, layout, lines, top, bottom) {
  if (lines.length * CROWDED_PX > layout.plotWidth) {
    ctx.globalAlpha = CROWDED_ALPHA;
    for (const { x } of lines) ctx.fillRect(Math.round(layout.left + x), top, 1, bottom - top);
    ctx.globalAlpha = 1;
    return;
  }
  for (const { x, name } of lines) {
    const at = Math.round(layout.left + x) + 0.5;
    ctx.setLineDash(DASHES[name]);
    ctx.beginPath();
    ctx.moveTo(at, top);
    ctx.lineTo(at, bottom);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

/**
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Palette} colours
 */
function drawSystem(ctx, { layout, lanes, view }, colours) {
  ctx.fillStyle = colours['ink-3'];
  for (const { x } of reduceMoments(lanes.system, view, layout.plotWidth)) {
    ctx.fillRect(layout.left + x, layout.systemTop, 1, SYSTEM_TICK_PX);
  }
}

/**
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Palette} colours
 * @param {CanvasPattern|string} hatch
 */
function drawFolds(ctx, scene, colours, hatch) {
  const { axis, layout, view } = scene;
  for (const { at, width } of foldsWithin(axis, view.from, view.to)) {
    const left = Math.max(xOf(scene, at), layout.left);
    const right = Math.min(xOf(scene, at + width), layout.left + layout.plotWidth);
    ctx.fillStyle = right - left < HATCH_LEAST_PX ? colours.line : hatch;
    ctx.fillRect(left, layout.lanesTop, Math.max(right - left, 1), layout.axisTop - layout.lanesTop);
  }
}

/**
 * Tokens in context as a step area.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Palette} colours
 * @param {number} top
 */
function drawContext(ctx, { layout, lanes, columns, view }, colours, top) {
  const steps = reduceContext(lanes.context, columns.context, view, layout.plotWidth);
  const bottom = top + CONTEXT_PX;
  ctx.beginPath();
  ctx.moveTo(layout.left + (steps[0]?.x ?? 0), bottom);
  steps.forEach(({ x, tokens }, k) => {
    const y = bottom - (tokens / lanes.contextMax) * (CONTEXT_PX - 1);
    ctx.lineTo(layout.left + x, y);
    ctx.lineTo(layout.left + (steps[k + 1]?.x ?? layout.plotWidth), y);
  });
  ctx.lineTo(layout.left + layout.plotWidth, bottom);
  ctx.globalAlpha = 0.35;
  ctx.fillStyle = colours['ink-3'];
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.fillStyle = colours['ink-2'];
  ctx.textAlign = 'left';
  ctx.font = font(colours, layout.narrow ? SMALL_TEXT_PX : TEXT_PX);
  const label = `context ${formatCount(lanes.contextMax, true)}`;
  ctx.fillText(label, layout.narrow ? layout.left : 0, layout.narrow ? top - 2 : top + CONTEXT_PX / 2 + 4);
}

/**
 * The process ribbon and its label.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Palette} colours
 */
function drawDoing(ctx, scene, colours) {
  const { layout } = scene;
  drawRibbon(ctx, scene, colours, { top: layout.ribbonTop, height: RIBBON_PX });
  ctx.font = font(colours, layout.narrow ? SMALL_TEXT_PX : TEXT_PX);
  ctx.textAlign = 'left';
  ctx.fillStyle = colours['ink-2'];
  ctx.fillText('process', layout.narrow ? layout.left : 0, layout.narrow ? layout.ribbonTop - 3 : layout.ribbonTop + RIBBON_PX);
}

/**
 * The axis: lengths of folds where there is room, then ticks between them.
 * @param {Context} ctx
 * @param {Scene} scene
 * @param {Palette} colours
 */
function drawAxis(ctx, scene, colours) {
  const { axis, layout, view } = scene;
  const y = layout.axisTop + 15;
  ctx.font = font(colours, TEXT_PX);
  ctx.textAlign = 'left';
  ctx.fillStyle = colours['ink-2'];
  /** @type {[number, number][]} */
  const taken = [];
  const write = (/** @type {string} */ text, /** @type {number} */ middle) => {
    const width = ctx.measureText(text).width;
    const left = Math.max(Math.min(middle - width / 2, layout.width - width), layout.narrow ? 0 : layout.left - 4);
    if (taken.some(([a, b]) => left < b + 8 && left + width > a - 8)) return false;
    taken.push([left, left + width]);
    ctx.fillText(text, left, y);
    return true;
  };
  const folds = foldsWithin(axis, view.from, view.to);
  // With many folds on screen their words would leave no room for the ticks; they are still there on hover.
  const roomy = folds.length * 240 < layout.plotWidth;
  for (const { at, width, ms } of folds) {
    const middle = (Math.max(at, view.from) + Math.min(at + width, view.to)) / 2;
    if (roomy) write(`${formatDuration(ms)} idle`, xOf(scene, middle));
  }
  for (const { at, label } of ticks(axis, view.from, view.to, layout.plotWidth)) {
    const x = xOf(scene, at);
    if (write(label, x)) ctx.fillRect(Math.round(x), layout.axisTop, 1, 4);
  }
}
