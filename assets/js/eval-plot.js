/**
 * The plot of a check: F1 of every split on one axis from 0 to 1, with intervals, the baselines as ticks, and the run
 * outcomes of a comparison as lines. Rows of names stand beside one SVG, whose horizontal positions are shares of its
 * width, so that it fits any screen and its text keeps its size.
 */
import { alwaysName, foldName, interval, score, tested } from './eval-words.js';
import { h } from './dom.js';
import { s } from './svg.js';

/** Height of a row and of the axis, px. */
const ROW = 30;
const AXIS = 34;
const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];
/** Share of the width left free at both ends, so that marks at 0 and 1 are whole. */
const EDGE = 0.02;

/**
 * @typedef {object} PlotRow
 * @property {string} name
 * @property {string} kind
 * @property {string} n
 * @property {number|null} value
 * @property {number|null} low
 * @property {number|null} high
 * @property {number|null} seen    the same rows with their group in training
 * @property {number|null} always
 * @property {number|null} majority
 * @property {string} reason       why there is no value
 */

/**
 * The rows of the plot, in the order of the folds; a group's rows as seen are a mark in the row where it is held out.
 * @param {any} result
 * @returns {PlotRow[]}
 */
export function plotRows(result) {
  const seen = new Map(result.folds.filter((/** @type {any} */ fold) => fold.kind === 'seen').map((/** @type {any} */ fold) => [fold.name, fold]));
  return result.folds.filter((/** @type {any} */ fold) => fold.kind !== 'seen').map((/** @type {any} */ fold) => {
    const f1 = fold.scores.f1;
    return {
      name: foldName(fold), kind: fold.kind, n: tested(fold),
      value: f1?.value ?? null, low: f1?.low ?? null, high: f1?.high ?? null,
      seen: fold.kind === 'held' ? seen.get(fold.name)?.scores.f1?.value ?? null : null,
      always: fold.baselines.always ?? null, majority: fold.baselines.group_majority ?? null,
      reason: fold.reason || f1?.reason || '',
    };
  });
}

/**
 * Where a score is drawn, as a share of the width.
 * @param {number} value  from 0 to 1
 * @returns {number}
 */
export function place(value) {
  return EDGE + value * (1 - 2 * EDGE);
}

/**
 * @param {number} value
 * @returns {string}
 */
function across(value) {
  return `${(place(value) * 100).toFixed(2)}%`;
}

/**
 * @param {any} result
 * @param {import('./eval-link.js').RunOutcome[]} outcomes
 * @returns {HTMLElement}
 */
export function evalPlot(result, outcomes) {
  const rows = plotRows(result);
  const height = rows.length * ROW + AXIS;
  const picture = s('svg', { class: 'eval-svg', width: '100%', height, role: 'img', 'aria-label': said(rows, outcomes) },
    ...TICKS.map((tick) => s('line', { class: 'eval-grid', x1: across(tick), x2: across(tick), y1: 0, y2: rows.length * ROW })),
    ...outcomes.map((one) => s('line', { class: 'eval-outcome', x1: across(one.value), x2: across(one.value), y1: 0, y2: rows.length * ROW },
      s('title', {}, `${one.label}: ${score(one.value)}`))),
    ...rows.map((row, at) => drawRow(row, at * ROW + ROW / 2, result)),
    ...TICKS.map((tick) => s('text', { class: 'eval-tick', x: across(tick), y: rows.length * ROW + 15, 'text-anchor': 'middle' }, tick.toFixed(1))),
    s('text', { class: 'eval-tick', x: '50%', y: rows.length * ROW + 31, 'text-anchor': 'middle' }, metricName(result)));
  return h('figure.eval-plot', {},
    h('div.eval-plot-rows', {},
      h('ul.eval-names', {}, rows.map((row) => h('li', { class: `is-${row.kind}` }, h('span', {}, row.name), h('span.tiny', {}, row.n)))),
      picture),
    legend(rows, outcomes, result));
}

/**
 * @param {PlotRow} row
 * @param {number} y
 * @param {any} result
 * @returns {SVGElement}
 */
function drawRow(row, y, result) {
  const mark = (/** @type {number|null} */ value, /** @type {SVGElement} */ element, /** @type {string} */ words) => {
    if (value === null) return null;
    element.append(s('title', {}, `${words}: ${score(value)}`));
    return element;
  };
  if (row.value === null) {
    return s('g', {}, s('text', { class: 'eval-none', x: across(0), y: y + 4 }, 'not scored', s('title', {}, row.reason)));
  }
  const x = across(row.value);
  return s('g', {},
    mark(row.always, s('line', { class: 'eval-always', x1: across(row.always ?? 0), x2: across(row.always ?? 0), y1: y - 9, y2: y + 9 }), alwaysName(result.facts)),
    mark(row.majority, s('svg', { x: across(row.majority ?? 0), y, overflow: 'visible' }, s('path', { class: 'eval-majority', d: 'M0 -5l5 5l-5 5l-5 -5z' })), 'commonest label of the group'),
    row.low !== null && row.high !== null && s('line', { class: `eval-bar is-${row.kind}`, x1: across(row.low), x2: across(row.high), y1: y, y2: y }),
    mark(row.seen, s('circle', { class: 'eval-seen', cx: across(row.seen ?? 0), cy: y, r: 5 }), 'the same rows with their group in training'),
    s('circle', { class: `eval-dot is-${row.kind}`, cx: x, cy: y, r: 5 }, s('title', {}, `${row.name}: ${score(row.value)} ${interval(row)}`)),
    s('text', { class: 'eval-value', x, y: y - 8, 'text-anchor': row.value > 0.95 ? 'end' : row.value < 0.05 ? 'start' : 'middle' }, score(row.value, 2)));
}

/**
 * @param {PlotRow[]} rows
 * @param {import('./eval-link.js').RunOutcome[]} outcomes
 * @param {any} result
 * @returns {HTMLElement}
 */
function legend(rows, outcomes, result) {
  const sign = (/** @type {SVGElement} */ drawn) => s('svg', { width: 16, height: 14, 'aria-hidden': 'true' }, drawn);
  const has = (/** @type {keyof PlotRow} */ name) => rows.some((row) => row[name] !== null);
  const item = (/** @type {SVGElement} */ drawn, /** @type {string} */ words) => h('span.eval-key', {}, sign(drawn), words);
  return h('figcaption.eval-legend', {},
    item(s('circle', { class: 'eval-dot is-held', cx: 8, cy: 7, r: 4.5 }), `${metricName(result)} with its 95 % interval`),
    has('seen') && item(s('circle', { class: 'eval-seen', cx: 8, cy: 7, r: 4.5 }), 'the same rows, their group in training'),
    has('always') && item(s('line', { class: 'eval-always', x1: 8, x2: 8, y1: 0, y2: 14 }), alwaysName(result.facts)),
    has('majority') && item(s('path', { class: 'eval-majority', d: 'M8 2l5 5l-5 5l-5 -5z' }), 'the group’s commonest label in training'),
    outcomes.length > 0 && item(s('line', { class: 'eval-outcome', x1: 8, x2: 8, y1: 0, y2: 14 }),
      `outcomes of runs, each on its own split: ${outcomes.map((one) => `${one.label ? `${one.label} ` : ''}${score(one.value)}`).join(', ')}`));
}

/**
 * @param {any} result
 * @returns {string}
 */
function metricName(result) {
  return Object.keys(result.facts.labels).length === 2 ? `F1 of ‘${result.facts.positive}’` : 'macro F1';
}

/**
 * The plot in words, for who cannot see it.
 * @param {PlotRow[]} rows
 * @param {import('./eval-link.js').RunOutcome[]} outcomes
 * @returns {string}
 */
function said(rows, outcomes) {
  const told = rows.map((row) => `${row.name} ${row.value === null ? 'not scored' : score(row.value, 2)}`);
  const lines = outcomes.map((one) => `${one.label} ${score(one.value)}`);
  return `F1 by split: ${told.join(', ')}${lines.length ? `; outcomes of runs: ${lines.join(', ')}` : ''}`;
}
