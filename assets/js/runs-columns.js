/** The columns of the list of runs: those of every list, and any metric, as the link says. Pure but for the ribbon. */
import { formatBytes, formatCount, formatDate, formatDuration, formatUsd } from './format.js';
import { formatMetric } from './metric-words.js';
import { errorWords } from './verdicts.js';

/** @typedef {import('./metric-words.js').Metric} Metric */
/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string} label
 * @property {string} title               what is counted
 * @property {number} width               px
 * @property {(row: any) => any} value    for sorting; null sorts last
 * @property {(row: any) => string} text
 */

/**
 * @template T
 * @param {any} row
 * @param {T|null|undefined} value
 * @param {(value: T) => string} format
 * @returns {string}
 */
function known(row, value, format) {
  if (row.state !== 'ready') return row.state === 'pending' ? '…' : '';
  return value === null || value === undefined ? '—' : format(value);
}

const ERRORS = 'Failed calls: flagged by the harness, and inferred from the text of their result';

/** @type {readonly Column[]} */
export const BASE = Object.freeze([
  { name: 'process', label: 'Process', title: 'What the run did from its beginning to its end: explore, edit, run, fail, wait', width: 132, value: () => null, text: () => '' },
  { name: 'modified', label: 'Last change', title: '', width: 100, value: (row) => row.modified, text: (row) => formatDate(row.modified) },
  { name: 'duration', label: 'Duration', title: '', width: 104, value: (row) => row.duration ?? null, text: (row) => known(row, row.duration, formatDuration) },
  { name: 'events', label: 'Events', title: 'With those of subagents', width: 66, value: (row) => row.events ?? null, text: (row) => known(row, row.events, formatCount) },
  { name: 'calls', label: 'Calls', title: 'Tool calls, with those of subagents', width: 62, value: (row) => row.calls ?? null, text: (row) => known(row, row.calls, formatCount) },
  { name: 'errors', label: 'Errors', title: ERRORS, width: 206, value: errorsOf, text: (row) => known(row, row.inferred, (inferred) => errorWords(row.flagged, inferred)) },
  { name: 'tokens', label: 'Tokens', title: '', width: 70, value: (row) => row.tokens ?? null, text: (row) => known(row, row.tokens, (count) => formatCount(count, true)) },
  { name: 'cost', label: 'Cost', title: 'As the file states it', width: 70, value: (row) => row.cost ?? null, text: (row) => known(row, row.cost, formatUsd) },
  { name: 'size', label: 'Size', title: '', width: 78, value: (row) => row.size, text: (row) => formatBytes(row.size) },
]);

/** What a list of every width shows by default; the others where there is room. */
const FEW = Object.freeze(['modified', 'duration', 'events', 'errors']);
const METRIC_LEAST_PX = 76;
/** Of a letter in a column's head, and what stands beside them. */
const LETTER_PX = 6.5;
const BESIDE_PX = 20;
const NAMES_PX = 220;

/**
 * All errors of a run, as far as they are known.
 * @param {any} row
 * @returns {number|null}
 */
export function errorsOf(row) {
  return row.inferred === null || row.inferred === undefined ? null : (row.flagged ?? 0) + row.inferred;
}

/**
 * The columns that a link asks for, in its order; without any, the default ones.
 * @param {string} cols       names with commas between
 * @param {Metric[]} metrics  those that there are
 * @param {boolean} narrow
 * @returns {Column[]}
 */
export function columnsOf(cols, metrics, narrow) {
  if (!cols) return narrow ? BASE.filter(({ name }) => FEW.includes(name)) : [...BASE];
  return [...new Set(cols.split(','))].flatMap((name) => {
    const base = BASE.find((column) => column.name === name);
    const metric = metrics.find((known) => `m.${known.name}` === name);
    return base ?? (metric ? metricColumn(metric) : []);
  });
}

/**
 * @param {Metric} metric
 * @returns {Column}
 */
export function metricColumn(metric) {
  const value = (/** @type {any} */ row) => row.metrics?.[metric.name] ?? null;
  return {
    name: `m.${metric.name}`, label: metric.label, value,
    title: [metric.definition, metric.reading, metric.unknown].filter(Boolean).join('\n'),
    width: metric.unit === 'names' ? NAMES_PX : Math.max(METRIC_LEAST_PX, Math.ceil(metric.label.length * LETTER_PX) + BESIDE_PX),
    text: (row) => known(row, value(row), (found) => formatMetric(metric, found)),
  };
}

/**
 * The names of the metrics among the columns of a link.
 * @param {string} cols
 * @returns {string[]}
 */
export function metricNames(cols) {
  return cols.split(',').filter((name) => name.startsWith('m.')).map((name) => name.slice(2));
}

/**
 * @param {any[]} rows  sorted in place; unknown values come last in either direction
 * @param {Column|undefined} column
 * @param {boolean} down
 */
export function sortRows(rows, column, down) {
  if (!column) return;
  const sign = down ? -1 : 1;
  rows.sort((a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0);
    return x < y ? -sign : x > y ? sign : 0;
  });
}
