/** The metrics of a comparison as a table: those that differ most, or every one. No grade, no red and green. */
import { cellName } from './compare-panel.js';
import { fill, h } from './dom.js';
import { formatCount, formatDuration, formatUsd } from './format.js';

/** Runs up to which each has a column; above, each cell of the panel has one. */
const RUN_COLUMNS = 8;
const GROUPS = /** @type {const} */ (['Outcome', 'Evidence', 'Process', 'Cost']);

/**
 * @param {HTMLElement} host
 * @param {any} found
 * @param {{every: boolean, setEvery: (every: boolean) => void, linkTo: (run: any, event?: string) => object}} actions
 */
export function drawColumns(host, found, actions) {
  const byRun = found.runs.length <= RUN_COLUMNS;
  const heads = byRun ? found.runs.map((/** @type {any} */ run) => h('a', actions.linkTo(run), run.name))
    : found.panel.cells.map((/** @type {any} */ cell) => [cellName(found, cell).replace('|', ' · '), h('span.tiny', {}, ` ${cell.runs.length} runs`)]);
  const rows = found.columns.filter((/** @type {any} */ column) => (actions.every ? column.values.some((/** @type {any} */ value) => value !== null) : column.shown));
  const hidden = found.columns.filter((/** @type {any} */ column) => column.values.every((/** @type {any} */ value) => value === null)).length;
  fill(host, h('div.card-head', {}, h('h2', {}, 'Evidence, process and cost'),
    h('div.seg', { role: 'group', 'aria-label': 'Metrics' },
      choice('That differ most', !actions.every, () => actions.setEvery(false)), choice('Every one', actions.every, () => actions.setEvery(true)))),
  h('div.table-wide', {}, h('table.metrics', { 'aria-label': 'Metrics' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Metric'), heads.map((/** @type {any} */ head) => h('th', { scope: 'col' }, head)))),
    groups(found, rows, byRun))),
  h('p.src', {}, !actions.every && `Shown are the ${rows.length} that differ most. `, found.compared, actions.every && hidden > 0 && ` ${hidden} more are unknown in every run.`,
    byRun ? '' : ' Cells of fewer than three runs show their range; from three on the median; from five on with an interval of the median.'));
}

/**
 * @param {string} label
 * @param {boolean} on
 * @param {() => void} onclick
 * @returns {HTMLElement}
 */
function choice(label, on, onclick) {
  return h('button.seg-button', { type: 'button', 'aria-pressed': on, onclick }, label);
}

/**
 * @param {any} found
 * @param {any[]} rows
 * @param {boolean} byRun
 * @returns {HTMLElement[]}
 */
function groups(found, rows, byRun) {
  const width = (byRun ? found.runs.length : found.panel.cells.length) + 1;
  return GROUPS.flatMap((group) => {
    const members = rows.filter((row) => row.group === group);
    const outcome = group === 'Outcome' && byRun ? outcomeRows(found) : [];
    if (members.length + outcome.length === 0) return [];
    return [h('tbody', {}, h('tr.metric-group', {}, h('th', { scope: 'rowgroup', colspan: width }, group)), outcome,
      members.map((row) => h('tr', {}, h('th', { scope: 'row', title: row.definition }, row.label, h('details.tiny', {},
        h('summary', { 'aria-label': `What ${row.label} means` }, '?'), `${row.definition} ${row.reading} ${row.unknown}`)),
      byRun ? row.values.map((/** @type {any} */ value) => h('td', {}, value === null ? unknown() : formatValue(value, row.unit)))
        : row.cells.map((/** @type {any} */ cell, /** @type {number} */ at) => h('td', {}, row.unit === 'names' ? namesText(row, found.panel.cells[at])
          : spreadText(cell, row.unit))))))];
  });
}

/**
 * @param {any} found
 * @returns {HTMLElement[]}
 */
function outcomeRows(found) {
  return found.panel.metrics.map((/** @type {any} */ metric) => h('tr', {}, h('th', { scope: 'row' }, metric.label),
    found.runs.map((/** @type {any} */ run) => {
      const known = run.outcomes[metric.name];
      return h('td', {}, known ? [known.best.shown, h('span.tiny', {}, ` ${known.best.source.label}`)] : unknown());
    })));
}

/** @returns {HTMLElement} */
function unknown() {
  return h('span.unknown', {}, 'unknown');
}

/**
 * Text of several runs: said where it is the same, else counted.
 * @param {any} row
 * @param {any} cell
 * @returns {string|HTMLElement}
 */
function namesText(row, cell) {
  const texts = new Set(cell.runs.map((/** @type {number} */ at) => row.values[at]).filter((/** @type {any} */ value) => value !== null));
  return texts.size === 0 ? unknown() : texts.size === 1 ? [...texts][0] : `${texts.size} different`;
}

/**
 * @param {any} spread
 * @param {string} unit
 * @returns {string|HTMLElement}
 */
function spreadText(spread, unit) {
  const text = (/** @type {number} */ value) => formatValue(value, unit);
  if (spread.known === 0) return unknown();
  const range = `${text(spread.low)}–${text(spread.high)}`;
  if (spread.low === spread.high) return text(spread.low);
  if (spread.middle === null) return range;
  return spread.interval ? `${text(spread.middle)} (${text(spread.interval[0])}–${text(spread.interval[1])})` : `${text(spread.middle)} (${range})`;
}

/**
 * A value of a metric with its unit.
 * @param {number|string} value
 * @param {string} unit
 * @returns {string}
 */
export function formatValue(value, unit) {
  if (typeof value === 'string') return value;
  if (unit === 'ms') return formatDuration(value);
  if (unit === 'share') return `${Math.round(100 * value)}%`;
  if (unit === 'USD') return formatUsd(value);
  if (unit === 'tokens') return formatCount(value, true);
  return Number.isInteger(value) ? formatCount(value) : value.toFixed(1);
}
