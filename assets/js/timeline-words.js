/**
 * What the timeline says in words: its label and its tooltips. Pure.
 */
import { address, KINDS, NONE_U16, NONE_U8, STATUSES } from './columns.js';
import { formatClock, formatCount, formatDuration } from './format.js';
import { formatElapsed } from './axis-ticks.js';

/** @typedef {import('./timeline-hit.js').Scene} Scene */
/** @typedef {import('./timeline-hit.js').Hit} Hit */
/** @typedef {import('./columns.js').Columns} Columns */

/** Status words; what went well is not worth a word. */
const STATUS_WORDS = Object.freeze(['', 'error', 'rejected', 'interrupted', 'result unknown', 'no result']);
const ERROR = STATUSES.indexOf('error');

/**
 * @param {number} count
 * @param {string} one
 * @returns {string}
 */
export function counted(count, one) {
  return `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;
}

/**
 * How many events' results are errors.
 * @param {Pick<Columns, 'status'>} columns
 * @returns {number}
 */
export function errorCount(columns) {
  return columns.status.reduce((sum, status) => (status === ERROR ? sum + 1 : sum), 0);
}

/**
 * @param {Columns} columns
 * @returns {string} such as 'Timeline: 127 events, 5 errors'
 */
export function timelineLabel(columns) {
  return `Timeline: ${counted(columns.n, 'event')}, ${counted(errorCount(columns), 'error')}`;
}

/**
 * What an event is: its tool's name, else its kind.
 * @param {Columns} columns
 * @param {number} index
 * @returns {string}
 */
function nameOf(columns, index) {
  const tool = columns.tool[index];
  if (tool !== NONE_U16 && columns.tools[tool] !== undefined) return columns.tools[tool];
  const kind = KINDS[columns.kind[index]] ?? 'other';
  return kind === 'api_error' ? 'API error' : kind;
}

/**
 * The first line of an event's tooltip: name, address, when, how long, how it went.
 * @param {Scene} scene
 * @param {number} index
 * @param {number} count failed results at this place
 * @returns {string}
 */
function eventLine(scene, index, count) {
  const { columns, axis } = scene;
  const start = columns.start[index];
  const length = columns.end[index] - start;
  const status = columns.status[index];
  const parts = [nameOf(columns, index), `@${address(columns, index)}`];
  if (axis.mode === 'order') parts.push(`event ${formatCount(index + 1)} of ${formatCount(columns.n)}`);
  else parts.push(Number.isNaN(start) ? 'time unknown' : timeWords(scene, start));
  if (columns.timesUsable && length > 0) parts.push(`took ${formatDuration(length)}`);
  if (status !== NONE_U8 && STATUS_WORDS[status]) parts.push(STATUS_WORDS[status]);
  if (count > 1) parts.push(`first of ${formatCount(count)} here`);
  return parts.join(' · ');
}

/**
 * A real time: since the beginning, and on the reader's clock.
 * @param {Scene} scene
 * @param {number} ms since origin
 * @returns {string}
 */
function timeWords(scene, ms) {
  const { columns, axis } = scene;
  const elapsed = formatElapsed(Math.round((ms - axis.zero) / 1000) * 1000);
  return columns.origin === null ? elapsed : `${elapsed} (${formatClock(columns.origin + ms)})`;
}

/**
 * The lines of a tooltip.
 * @param {Scene} scene
 * @param {Hit} hit
 * @param {(index: number) => string} describe a line about an event, '' when there is none
 * @returns {string[]}
 */
export function tooltipLines(scene, hit, describe) {
  if (hit.type === 'event') return [eventLine(scene, hit.index, hit.count), describe(hit.index)].filter(Boolean);
  if (hit.type === 'child') {
    const { label, events, errors, start, end } = hit.child;
    const parts = [counted(events, 'event'), counted(errors, 'error')];
    if (start !== null && end !== null) parts.push(`took ${formatDuration(end - start)}`);
    return [`subagent · ${label}`, parts.join(' · ')];
  }
  const { start, ms } = hit.fold;
  const { origin } = scene.columns;
  const clock = origin === null ? [] : [`${formatClock(origin + start)} to ${formatClock(origin + start + ms)}`];
  return [`${formatDuration(ms)} idle`, ...clock];
}
