/** The process ribbon on the timeline: what the run was doing, as stretches along the axis. Pure but for `drawRibbon`. */
import { PHASES } from './columns.js';
import { segments } from './lanes.js';
import { lowerBound } from './reduce.js';

/** @typedef {import('./columns.js').Columns} Columns */
/** @typedef {import('./axis.js').Axis} Axis */
/** @typedef {{first: number, last: number, phase: number, start: number, end: number}} Stretch axis units */

/** Colour of each phase, as a token; what is neither is no colour. Failing is also told by its height.
 * @type {Readonly<Record<string, string>>} */
export const PHASE_TOKENS = Object.freeze({ explore: 'c-read', edit: 'c-edit', run: 'c-shell', fail: 'error', wait: 'line-strong', other: 'sunken' });
/** A pause between two events that is longer than this part of the axis parts a stretch on a time axis. */
const PAUSE_PART = 0.01;

/**
 * Neighbouring events of one phase as one stretch, in the order of the axis.
 * @param {Columns} columns
 * @param {Axis} axis
 * @returns {{stretches: Stretch[], segments: import('./lanes.js').Segments}}
 */
export function ribbonOf(columns, axis) {
  const order = Array.from({ length: columns.n }, (_, i) => i);
  if (axis.mode === 'time') order.sort((a, b) => axis.start[a] - axis.start[b] || a - b);
  /** @type {Stretch[]} */
  const stretches = [];
  for (const i of order) {
    const last = stretches[stretches.length - 1];
    const near = last !== undefined && (axis.mode === 'order' || axis.start[i] - last.end <= axis.total * PAUSE_PART);
    if (near) last.end = Math.max(last.end, axis.start[i]);
    if (near && last.phase === columns.phase[i]) {
      last.end = Math.max(last.end, axis.end[i]);
      last.last = i;
    } else stretches.push({ first: i, last: i, phase: columns.phase[i], start: axis.start[i], end: axis.end[i] });
  }
  return { stretches, segments: segments(stretches.map(({ start, end }, index) => ({ index, start, end }))) };
}

/**
 * @param {{stretches: Stretch[], segments: import('./lanes.js').Segments}} ribbon
 * @param {number} unit axis unit
 * @returns {Stretch|null} the stretch at a place, the last begun of several
 */
export function stretchAt({ stretches, segments: found }, unit) {
  for (let k = lowerBound(found.start, unit + 1e-9) - 1; k >= 0 && found.reach[k] >= unit; k -= 1) {
    if (found.end[k] >= unit) return stretches[found.index[k]];
  }
  return null;
}

/**
 * The ribbon as pixel columns: what is drawn last wins, but that a failure is never covered.
 * @param {CanvasRenderingContext2D} ctx
 * @param {import('./timeline-hit.js').Scene} scene
 * @param {Record<string, string>} colours
 * @param {{top: number, height: number}} place
 */
export function drawRibbon(ctx, { layout, view, ribbon }, colours, { top, height }) {
  const scale = layout.plotWidth / (view.to - view.from);
  const { stretches, segments: found } = ribbon;
  ctx.fillStyle = colours.sunken;
  ctx.fillRect(layout.left, top, layout.plotWidth, height);
  for (const failing of [false, true]) {
    let column = -1;
    for (let k = lowerBound(found.reach, view.from); k < found.start.length && found.start[k] < view.to; k += 1) {
      const name = PHASES[stretches[found.index[k]].phase];
      if ((name === 'fail') !== failing || name === 'other') continue;
      const x0 = Math.max((found.start[k] - view.from) * scale, 0);
      const x1 = Math.min(Math.max((found.end[k] - view.from) * scale, x0 + 1), layout.plotWidth);
      // Of what is no wider than a pixel, one for each: a run may have a hundred thousand stretches.
      if (x1 - x0 <= 1 && Math.floor(x1) === column) continue;
      column = Math.floor(x1);
      ctx.fillStyle = colours[PHASE_TOKENS[name]];
      // A hairline apart where there is room; a failure stands out of the ribbon as well as red.
      ctx.fillRect(layout.left + x0, top - (failing ? 2 : 0), x1 - x0 > 3 ? x1 - x0 - 1 : x1 - x0, height + (failing ? 2 : 0));
    }
  }
}
