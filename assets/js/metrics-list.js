/** The metrics of one run, folded away: each with what it counts, how to read it, and why it is unknown. */
import { h } from './dom.js';
import { formatMetric } from './metric-words.js';

/** @typedef {import('./metric-words.js').Metric} Metric */

/**
 * @param {(Metric & {value: number|string|null})[]} metrics
 * @returns {HTMLElement|null}
 */
export function metricsList(metrics) {
  if (metrics.length === 0) return null;
  const groups = [...new Set(metrics.map(({ group }) => group))];
  return h('details.run-metrics', {}, h('summary', {}, 'Metrics ', h('span.tiny', {}, 'of this run, without its subagents')),
    groups.map((group) => h('section', {}, h('h3', {}, group),
      h('dl', {}, metrics.filter((metric) => metric.group === group).map(row)))));
}

/**
 * @param {Metric & {value: number|string|null}} metric
 * @returns {HTMLElement}
 */
function row(metric) {
  return h('div', { title: `${metric.definition}\n${metric.reading}` },
    h('dt', {}, metric.label),
    h('dd', {}, metric.value === null ? h('span.tiny', {}, metric.unknown || 'unknown') : formatMetric(metric, metric.value)));
}
