/**
 * What the timeline says in words: its label and its tooltips. Pure.
 */
import { address, KINDS, NONE_U16, NONE_U8, VERDICTS } from './columns.js';
import { formatClock, formatCount, formatDuration } from './format.js';
import { formatElapsed } from './axis-ticks.js';
import { errorsIn, errorWords, MARKS, markOf } from './verdicts.js';

/** @typedef {import('./timeline-hit.js').Scene} Scene */
/** @typedef {import('./timeline-hit.js').Hit} Hit */
/** @typedef {import('./columns.js').Columns} Columns */

/** Words for verdicts without a mark; what went well is not worth one.
 * @type {Readonly<Record<string, string>>} */
const VERDICT_WORDS = Object.freeze({ benign: 'nothing found', unknown: 'result unknown', unanswered: 'no result' });

/**
 * @param {number} count
 * @param {string} one
 * @returns {string}
 */
export function counted(count, one) {
  return `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;
}

/**
 * @param {Columns} columns
 * @returns {string} such as 'Timeline: 127 events, errors flagged 5 · inferred 3'
 */
export function timelineLabel(columns) {
  const { flagged, inferred } = errorsIn(columns, 0, columns.n);
  return `Timeline: ${counted(columns.n, 'event')}, errors ${errorWords(columns.flags ? flagged : null, inferred)}`;
}

/**
 * @param {Columns} columns
 * @param {number} index
 * @returns {string} what is to be said of its result; '' for nothing
 */
function verdictWord(columns, index) {
  if (columns.verdict[index] === NONE_U8) return '';
  const mark = MARKS[markOf(columns, index)];
  if (mark === 'flagged' || mark === 'inferred') return `error, ${mark}`;
  return mark ?? VERDICT_WORDS[VERDICTS[columns.verdict[index]]] ?? '';
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
 * @param {number} count marks at this place
 * @returns {string}
 */
function eventLine(scene, index, count) {
  const { columns, axis } = scene;
  const start = columns.start[index];
  const length = columns.end[index] - start;
  const parts = [nameOf(columns, index), `@${address(columns, index)}`];
  if (axis.mode === 'order') parts.push(`event ${formatCount(index + 1)} of ${formatCount(columns.n)}`);
  else parts.push(Number.isNaN(start) ? 'time unknown' : timeWords(scene, start));
  if (columns.timesUsable && length > 0) parts.push(`took ${formatDuration(length)}`);
  const verdict = verdictWord(columns, index);
  if (verdict) parts.push(verdict);
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

/** What each phase of the ribbon means. */
const PHASE_WORDS = Object.freeze(['explore: reads, searches, fetches', 'edit: changes files', 'run: runs something',
  'fail: a call that failed', 'wait: for a process or a job', 'neither exploring, editing nor running']);

/**
 * @param {Columns} columns
 * @param {import('./phases.js').Stretch} stretch
 * @returns {string}
 */
function stretchWords(columns, { first, last, phase }) {
  const place = first === last ? `event ${address(columns, first)}` : `events ${address(columns, first)}–${address(columns, last)}`;
  return `${PHASE_WORDS[phase] ?? 'unknown'} · ${place}`;
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
  if (hit.type === 'stretch') return [stretchWords(scene.columns, hit.stretch)];
  const { start, ms } = hit.fold;
  const { origin } = scene.columns;
  const clock = origin === null ? [] : [`${formatClock(origin + start)} to ${formatClock(origin + start + ms)}`];
  return [`${formatDuration(ms)} idle`, ...clock];
}
