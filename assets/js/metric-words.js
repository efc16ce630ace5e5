/** Values of metrics as a reader wants them, by their unit. Pure. */
import { formatCount, formatDuration, formatUsd } from './format.js';

/**
 * @typedef {object} Metric  a column that viewer/metrics.py declares
 * @property {string} name
 * @property {string} label
 * @property {string} unit        '', 'per 100 calls', 'share', 'ms', 'tokens', 'USD' or 'names'
 * @property {string} group
 * @property {string} definition  what is counted
 * @property {string} reading     how to read it
 * @property {string} unknown     when its value is null
 */

/** @type {Readonly<Record<string, (value: number) => string>>} */
const UNITS = Object.freeze({
  '': (value) => (Number.isInteger(value) ? formatCount(value) : String(Number(value.toFixed(1)))),
  'per 100 calls': (value) => String(Number(value.toFixed(1))),
  share: (value) => `${Math.round(value * 100)} %`,
  ms: formatDuration,
  tokens: (value) => formatCount(value, true),
  USD: formatUsd,
});

/**
 * @param {Pick<Metric, 'unit'>} metric
 * @param {number|string|null|undefined} value
 * @returns {string} '—' for unknown
 */
export function formatMetric({ unit }, value) {
  if (value === null || value === undefined) return '—';
  return typeof value === 'string' ? value : (UNITS[unit] ?? String)(value);
}
