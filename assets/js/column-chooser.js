/** Choosing the columns of the list of runs: those of every list, and metrics by their group. */
import { fill, h } from './dom.js';
import { BASE, metricColumn } from './runs-columns.js';

/** @typedef {import('./metric-words.js').Metric} Metric */

/** Metrics that a column of every list says already. */
const SAID = Object.freeze(['events', 'calls', 'wall', 'tokens', 'cost']);

/**
 * @param {HTMLElement} host
 * @param {object} options
 * @param {Metric[]} options.metrics
 * @param {string[]} options.shown                    names of the columns shown
 * @param {{name: string, down: boolean}} options.sort
 * @param {(sort: string) => void} options.onSort     as the link has it: '-' before a name for rising
 * @param {(names: string[]|null) => void} options.onChange  null for the default columns
 */
export function drawChooser(host, { metrics, shown, sort, onSort, onChange }) {
  const box = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string} */ title) => h('label.filter-box', { title },
    h('input', {
      type: 'checkbox', value: name, checked: shown.includes(name),
      onchange: () => onChange(shown.includes(name) ? shown.filter((known) => known !== name) : [...shown, name]),
    }), label);
  const groups = [...new Set(metrics.map(({ group }) => group))];
  const columns = [...BASE.filter(({ name }) => name !== 'process'), ...metrics.map(metricColumn)];
  const select = h('select', { 'aria-label': 'Sort by', onchange: () => onSort(`${sort.down ? '' : '-'}${select.value}`) },
    columns.map(({ name, label }) => h('option', { value: name, selected: name === sort.name }, label)));
  fill(host,
    h('div.filter-group', {}, h('b', {}, 'Sort by'), select,
      h('button.button', { type: 'button', onclick: () => onSort(`${sort.down ? '-' : ''}${sort.name}`) }, sort.down ? 'greatest first' : 'least first')),
    h('div.filter-group', {}, h('b', {}, 'Run'), BASE.map(({ name, label, title }) => box(name, label, title))),
    groups.map((group) => h('div.filter-group', {}, h('b', {}, group),
      metrics.filter((metric) => metric.group === group && !SAID.includes(metric.name))
        .map((metric) => box(`m.${metric.name}`, metric.label, `${metric.definition}\n${metric.reading}`)))),
    h('div.filter-group', {}, h('button.link-button', { type: 'button', onclick: () => onChange(null) }, 'Default columns')));
}
