/**
 * Numbers as a reader wants them: durations, counts, bytes, clock times and money.
 * Pure. What is not a finite number is written as "unknown", never as 0.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const UNKNOWN = 'unknown';

/**
 * A fixed number of decimals without a trailing ".0".
 * @param {number} value
 * @param {number} decimals
 * @returns {string}
 */
function trimmed(value, decimals) {
  return String(Number(value.toFixed(decimals)));
}

/**
 * Two neighbouring units, the second left out when it is 0.
 * @param {number} ms
 * @param {number} big   the larger unit, in ms
 * @param {string} bigName
 * @param {number} small the smaller unit, in ms; the value is rounded to it
 * @param {string} smallName
 * @returns {string}
 */
function twoUnits(ms, big, bigName, small, smallName) {
  const smalls = Math.round(ms / small);
  const perBig = big / small;
  const rest = smalls % perBig;
  const head = `${Math.floor(smalls / perBig)} ${bigName}`;
  return rest === 0 ? head : `${head} ${rest} ${smallName}`;
}

/**
 * A length of time: '40 ms', '0.4 s', '12 s', '3 min 20 s', '2 h 10 min', '3 d 4 h'.
 * @param {number} ms
 * @returns {string}
 */
export function formatDuration(ms) {
  if (!Number.isFinite(ms) || ms < 0) return UNKNOWN;
  if (ms === 0) return '0 s';
  // Each limit is the value that would round up to the next unit, so that no '60 s' or '24 h' is ever written.
  if (ms < 99.5) return `${Math.max(1, Math.round(ms))} ms`;
  if (ms < 9.95 * SECOND) return `${trimmed(ms / SECOND, 1)} s`;
  if (ms < 59.5 * SECOND) return `${Math.round(ms / SECOND)} s`;
  if (ms < HOUR - SECOND / 2) return twoUnits(ms, MINUTE, 'min', SECOND, 's');
  if (ms < DAY - MINUTE / 2) return twoUnits(ms, HOUR, 'h', MINUTE, 'min');
  return twoUnits(ms, DAY, 'd', HOUR, 'h');
}

/**
 * A whole number: '1,234', or short: '1.2k', '143k', '1.2M', '3B'.
 * @param {number} count
 * @param {boolean} [compact] true for the short form
 * @returns {string}
 */
export function formatCount(count, compact = false) {
  if (!Number.isFinite(count)) return UNKNOWN;
  if (!compact || Math.abs(count) < 1000) return Math.round(count).toLocaleString('en-GB');
  return scaled(count, ['k', 'M', 'B'], '');
}

/**
 * Bytes in decimal units: '512 B', '12.3 kB', '4.2 MB'.
 * @param {number} bytes
 * @returns {string}
 */
export function formatBytes(bytes) {
  if (!Number.isFinite(bytes) || bytes < 0) return UNKNOWN;
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  return scaled(bytes, ['kB', 'MB', 'GB', 'TB'], ' ');
}

/**
 * A number of at least 1000 with a unit: one decimal below 100, none above, never '1000k'.
 * @param {number} value
 * @param {string[]} units one for each power of 1000, from the first
 * @param {string} gap     between number and unit
 * @returns {string}
 */
function scaled(value, units, gap) {
  let power = 0;
  let rest = value / 1000;
  while (Math.abs(rest) >= 999.5 && power < units.length - 1) {
    rest /= 1000;
    power += 1;
  }
  return `${trimmed(rest, Math.abs(rest) < 99.95 ? 1 : 0)}${gap}${units[power]}`;
}

/**
 * Two digits.
 * @param {number} value
 * @returns {string}
 */
function pad(value) {
  return String(value).padStart(2, '0');
}

/**
 * The reader's local clock: '14:03:22'.
 * @param {number} epochMs
 * @returns {string}
 */
export function formatClock(epochMs) {
  const date = new Date(epochMs);
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/**
 * The reader's local date: '6 May 2026'.
 * @param {number} epochMs
 * @returns {string}
 */
export function formatDate(epochMs) {
  const date = new Date(epochMs);
  if (Number.isNaN(date.getTime())) return UNKNOWN;
  return `${date.getDate()} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
}

/**
 * US dollars: '$12.30'; below one cent two significant figures ('$0.0042').
 * @param {number} usd
 * @returns {string}
 */
export function formatUsd(usd) {
  if (!Number.isFinite(usd) || usd < 0) return UNKNOWN;
  if (usd > 0 && usd < 0.00995) return `$${usd.toFixed(1 - Math.floor(Math.log10(usd)))}`;
  return `$${usd.toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
