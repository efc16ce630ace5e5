/**
 * The shapes over bars: a flagged error a filled red triangle, an inferred one a hollow one, a probe a hollow diamond, a
 * refusal a hollow circle, an abort a hollow square.
 */
import { MARKS } from './verdicts.js';

/** @typedef {import('./reduce.js').Mark} Mark */
/** @typedef {import('./verdicts.js').Mark} Name */
/** @typedef {CanvasRenderingContext2D} Context */

/** Half width and height of a triangle; half sizes of the others, and their edge. */
const TRIANGLE_HALF_PX = 4;
const TRIANGLE_PX = 7;
const DIAMOND_PX = 3;
const SQUARE_PX = 3;
const CIRCLE_PX = 3.2;
const EDGE_PX = 1;
/** How much smaller the hole of a hollow triangle is, and how far above its foot. */
const HOLE_PX = 2;
/** Room to the next mark that a number beside a triangle needs. */
const NUMBER_PX = 22;
const FAINT_ALPHA = 0.25;

/**
 * @param {Context} ctx
 * @param {import('./timeline-hit.js').Scene} scene
 * @param {Record<string, string>} colours
 * @param {Mark[]} marks of one lane, rising by x
 * @param {import('./timeline-layout.js').Row} row
 */
export function drawMarks(ctx, { layout, visible }, colours, marks, row) {
  if (marks.length === 0) return;
  const bottom = row.barTop - 0.5;
  const middle = bottom - TRIANGLE_PX / 2;
  const isFaint = (/** @type {Mark} */ mark) => visible !== null && visible[mark.index] !== 1 && mark.count === 1;
  for (const faint of [true, false]) {
    const own = marks.filter((mark) => isFaint(mark) === faint);
    const at = (/** @type {Name} */ name) =>
      own.filter(({ mark }) => MARKS[mark] === name).map(({ x }) => layout.left + x);
    ctx.globalAlpha = faint ? FAINT_ALPHA : 1;
    const [probes, denied, aborted, inferred] = [at('probe'), at('denied'), at('aborted'), at('inferred')];
    ctx.fillStyle = colours['ink-2'];
    fillDiamonds(ctx, probes, middle, DIAMOND_PX + EDGE_PX);
    fillSquares(ctx, aborted, middle, SQUARE_PX);
    fillCircles(ctx, denied, middle, CIRCLE_PX);
    ctx.fillStyle = colours.panel;
    fillDiamonds(ctx, probes, middle, DIAMOND_PX - EDGE_PX);
    fillSquares(ctx, aborted, middle, SQUARE_PX - EDGE_PX);
    fillCircles(ctx, denied, middle, CIRCLE_PX - EDGE_PX);
    ctx.fillStyle = colours.error;
    fillTriangles(ctx, inferred, bottom, TRIANGLE_HALF_PX, TRIANGLE_PX);
    ctx.fillStyle = colours.panel;
    fillTriangles(ctx, inferred, bottom - EDGE_PX, TRIANGLE_HALF_PX - HOLE_PX, TRIANGLE_PX - HOLE_PX - EDGE_PX);
    ctx.fillStyle = colours.error;
    fillTriangles(ctx, at('flagged'), bottom, TRIANGLE_HALF_PX, TRIANGLE_PX);
  }
  ctx.globalAlpha = 1;
  writeCounts(ctx, marks, colours, layout, bottom);
}

/**
 * @param {Context} ctx
 * @param {number[]} xs rising
 * @param {number} bottom
 * @param {number} half half the width
 * @param {number} height
 */
function fillTriangles(ctx, xs, bottom, half, height) {
  if (xs.length === 0) return;
  ctx.beginPath();
  for (let k = 0; k < xs.length; k += 1) {
    const first = xs[k];
    // Triangles a px or so apart cover each other; their common outline is far cheaper to fill than each of them.
    while (k + 1 < xs.length && xs[k + 1] - xs[k] <= 2) k += 1;
    ctx.moveTo(first - half, bottom);
    ctx.lineTo(first, bottom - height);
    ctx.lineTo(xs[k], bottom - height);
    ctx.lineTo(xs[k] + half, bottom);
    ctx.closePath();
  }
  ctx.fill();
}

/**
 * Diamonds of a given half size. A hollow one is a large one with a small one on it: strokes cost several times as
 * much.
 * @param {Context} ctx
 * @param {number[]} xs
 * @param {number} middle
 * @param {number} r
 */
function fillDiamonds(ctx, xs, middle, r) {
  if (xs.length === 0) return;
  ctx.beginPath();
  for (const x of xs) {
    ctx.moveTo(x - r, middle);
    ctx.lineTo(x, middle - r);
    ctx.lineTo(x + r, middle);
    ctx.lineTo(x, middle + r);
    ctx.closePath();
  }
  ctx.fill();
}

/**
 * @param {Context} ctx
 * @param {number[]} xs
 * @param {number} middle
 * @param {number} r
 */
function fillCircles(ctx, xs, middle, r) {
  if (xs.length === 0) return;
  ctx.beginPath();
  for (const x of xs) {
    ctx.moveTo(x + r, middle);
    ctx.arc(x, middle, r, 0, 2 * Math.PI);
  }
  ctx.fill();
}

/**
 * @param {Context} ctx
 * @param {number[]} xs
 * @param {number} middle
 * @param {number} r half size
 */
function fillSquares(ctx, xs, middle, r) {
  for (const x of xs) ctx.fillRect(x - r, middle - r, 2 * r, 2 * r);
}

/**
 * How many errors a triangle stands for, where there is room beside it.
 * @param {Context} ctx
 * @param {Mark[]} marks
 * @param {Record<string, string>} colours
 * @param {import('./timeline-layout.js').Layout} layout
 * @param {number} bottom
 */
function writeCounts(ctx, marks, colours, { left, plotWidth }, bottom) {
  ctx.font = `9px ${colours.sans || 'sans-serif'}`;
  ctx.textAlign = 'left';
  ctx.fillStyle = colours.error;
  marks.forEach(({ x, count, mark }, k) => {
    const next = marks[k + 1]?.x ?? plotWidth + TRIANGLE_HALF_PX;
    const isError = MARKS[mark] === 'flagged' || MARKS[mark] === 'inferred';
    if (count > 1 && isError && next - x > NUMBER_PX) {
      ctx.fillText(String(count), left + x + TRIANGLE_HALF_PX + 1, bottom);
    }
  });
}
