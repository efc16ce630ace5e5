/** What a check found, as elements: facts before any model, every split with its limits, terms, method. */
import { fill, h } from './dom.js';
import { evalPlot } from './eval-plot.js';
import { METRIC_NAMES, alwaysName, foldName, interval, percent, score, tested } from './eval-words.js';
import { formatCount } from './format.js';

/** Rows of the table of groups before the rest is folded. */
const GROUPS = 12;

/**
 * The sentence and the plot.
 * @param {HTMLElement} host
 * @param {any} result
 * @param {import('./eval-link.js').RunOutcome[]} outcomes
 */
export function drawCheck(host, result, outcomes) {
  fill(host, h('div.card-head', {}, h('h2', {}, 'The check')), h('p.say', {}, result.sentence), evalPlot(result, outcomes));
}

/**
 * What is known before any model.
 * @param {HTMLElement} host
 * @param {any} facts
 */
export function drawFacts(host, facts) {
  const binary = Object.keys(facts.labels).length === 2;
  const labels = Object.entries(facts.labels).map(([label, count]) => `${formatCount(/** @type {number} */ (count))} are ‘${label}’`);
  fill(host, h('div.card-head', {}, h('h2', {}, 'Before any model')),
    h('div.stats', {},
      stat(formatCount(facts.rows), 'rows'),
      stat(percent(facts.prevalence), `are ‘${facts.positive}’`),
      facts.group_count > 0 && stat(formatCount(facts.group_count), facts.group_count === 1 ? 'group' : 'groups'),
      facts.alone && stat(percent(facts.alone.explained), 'of the label explained by the group alone'),
      facts.copies.leaked !== null && stat(percent(facts.copies.leaked), 'of random test rows have a copy in training')),
    !binary && h('p.tiny.eval-labels', {}, labels.slice(0, 10).join(', '), labels.length > 10 && `, ${labels.length - 10} more`),
    facts.groups.length > 0 && groupTable(facts),
    h('ul.eval-said', {}, facts.sentences.map((/** @type {string} */ sentence) => h('li', {}, sentence))),
    facts.alone && h('p.tiny', {}, `The group alone, each fifth of the rows from the others: accuracy ${percent(facts.alone.accuracy)} (${percent(facts.alone.majority)} for the commonest label),`
      + ` ${binary ? 'F1' : 'macro F1'} ${score(facts.alone.f1, 2)}, ROC AUC ${score(facts.alone.roc_auc, 2)}.`),
    copies(facts.copies));
}

/**
 * @param {string} value
 * @param {string} what
 * @returns {HTMLElement}
 */
function stat(value, what) {
  return h('div.stat', {}, h('b', {}, value), h('span', {}, what));
}

/**
 * @param {any} facts
 * @returns {HTMLElement}
 */
function groupTable(facts) {
  const binary = Object.keys(facts.labels).length === 2;
  const row = (/** @type {any} */ group) => h('tr', {},
    h('th', { scope: 'row' }, group.name),
    h('td.number', {}, formatCount(group.rows)),
    h('td.number', {}, percent(group.prevalence)),
    h('td.eval-share', {}, shareBar(group.prevalence)),
    h('td', {}, group.only !== null ? h('span.badge', {}, `all ‘${group.only}’`) : !binary && h('span.tiny', {}, labelShares(group))));
  const rest = facts.group_count - GROUPS;
  return h('div.table-wide', {}, h('table.eval-table', { 'aria-label': 'Groups' },
    h('thead', {}, h('tr', {}, ['Group', 'Rows', `‘${facts.positive}’`, '', ''].map((name, at) => h('th', { scope: 'col', class: at === 1 || at === 2 ? 'number' : '' }, name)))),
    h('tbody', {}, facts.groups.slice(0, GROUPS).map(row), rest > 0 && h('tr', {}, h('td', { colspan: 5 }, `${formatCount(rest)} smaller groups`)))));
}

/**
 * The labels of a group, the commonest first: 'sport 40 %, news 35 %, 3 more'.
 * @param {any} group
 * @returns {string}
 */
function labelShares(group) {
  const labels = /** @type {[string, number][]} */ (Object.entries(group.labels)).sort((a, b) => b[1] - a[1]);
  const told = labels.slice(0, 3).map(([label, rows]) => `${label} ${percent(rows / group.rows)}`);
  return [...told, ...(labels.length > 3 ? [`${labels.length - 3} more`] : [])].join(', ');
}

/**
 * @param {number} share
 * @returns {HTMLElement}
 */
function shareBar(share) {
  const bar = h('span.eval-bar-fill');
  bar.style.width = `${share * 100}%`;
  return h('span.eval-bar-track', { 'aria-hidden': 'true' }, bar);
}

/**
 * @param {any} found
 * @returns {HTMLElement|null}
 */
function copies(found) {
  if (!found.pairs.length) return null;
  return h('details.eval-more', {}, h('summary', {}, 'Some of the copies'), h('ul', {}, found.pairs.map((/** @type {any} */ pair) => h('li', {},
    h('span.tiny', {}, `rows ${pair.rows[0]} and ${pair.rows[1]}, ${pair.similarity === 1 ? 'word for word' : `${percent(pair.similarity)} alike`}`
      + `${pair.groups[0] === pair.groups[1] ? '' : `, in ${pair.groups[0]} and ${pair.groups[1]}`}${pair.labels[0] === pair.labels[1] ? '' : `, labels ‘${pair.labels[0]}’ and ‘${pair.labels[1]}’`}`),
    h('p', {}, pair.text)))));
}

/**
 * Every split with all its scores.
 * @param {HTMLElement} host
 * @param {any} result
 */
export function drawTable(host, result) {
  const metrics = Object.keys(METRIC_NAMES);
  const grouped = result.facts.groups.length > 0;
  const [first, ...others] = metrics;
  const heads = ['Split', METRIC_NAMES[first], alwaysName(result.facts), ...(grouped ? ['group’s commonest'] : []), 'Tested', `‘${result.facts.positive}’`,
    ...others.map((metric) => METRIC_NAMES[metric]), 'Trained'];
  const row = (/** @type {any} */ fold) => {
    const limits = fold.reason ? [fold.reason] : fold.limits;
    const name = h('th', { scope: 'row' }, foldName(fold));
    const cells = fold.reason ? [h('td', { colspan: heads.length - 1, class: 'unknown' }, 'not scored')] : [
      scoreCell(fold.scores[first]),
      h('td.number', {}, score(fold.baselines.always)), grouped && h('td.number', {}, score(fold.baselines.group_majority)),
      h('td.number', {}, tested(fold).replace('n = ', '')), h('td.number', {}, percent(fold.prevalence)),
      ...others.map((metric) => scoreCell(fold.scores[metric])), h('td.number', {}, formatCount(fold.train)),
    ].filter(Boolean);
    return h('tbody', { class: `is-${fold.kind}` }, h('tr', {}, name, .../** @type {HTMLElement[]} */ (cells)),
      limits.length > 0 && h('tr.eval-limits', {}, h('td', { colspan: heads.length }, limits.map((/** @type {string} */ limit) => h('p', {}, limit)))));
  };
  fill(host, h('div.card-head', {}, h('h2', {}, 'Every split, and what it cannot say')),
    h('div.table-wide', { tabindex: 0, role: 'region', 'aria-label': 'Scores of every split' }, h('table.eval-table.eval-scores', { 'aria-label': 'Splits' },
      h('thead', {}, h('tr', {}, heads.map((name, at) => h('th', { scope: 'col', class: at ? 'number' : '' }, name)))),
      result.folds.map(row))));
}

/**
 * @param {any} found
 * @returns {HTMLElement}
 */
function scoreCell(found) {
  if (!found || found.value === null) return h('td.number.unknown', { title: found?.reason ?? '' }, '—');
  return h('td.number', { title: found.reason }, score(found.value), h('span.tiny', {}, interval(found)));
}

/**
 * What drives the prediction, group by group.
 * @param {HTMLElement} host
 * @param {any} result
 */
export function drawTerms(host, result) {
  const most = Math.max(...result.terms.flatMap((/** @type {any} */ one) => [...one.toward, ...one.against].map(([, weight]) => Math.abs(weight))), 1e-9);
  const list = (/** @type {[string, number][]} */ terms) => h('span.eval-terms', {}, terms.map(([term, weight]) => {
    const word = h('span', { title: weight.toFixed(3) }, term);
    word.style.opacity = String(0.62 + 0.38 * Math.min(1, Math.abs(weight) / most * 2));
    return word;
  }));
  fill(host, h('div.card-head', {}, h('h2', {}, 'Terms that drive the prediction')),
    h('div.eval-term-groups', {}, result.terms.map((/** @type {any} */ one) => h('div', {}, h('h3', {}, one.group),
      h('p', {}, h('span.tiny', {}, `toward ‘${one.label}’ `), list(one.toward)),
      h('p', {}, h('span.tiny', {}, 'away from it '), list(one.against))))),
    h('p.src', {}, 'A term’s coefficient in a model of all rows times its mean weight in the group’s rows; terms of more than half of the texts are left out.'));
}

/**
 * @param {HTMLElement} host
 * @param {any} result
 */
export function drawMethod(host, result) {
  const unread = [...result.notes];
  fill(host, h('div.card-head', {}, h('h2', {}, 'How, and what was left out')),
    h('ul.eval-said', {}, [...unread, ...result.method].map((sentence) => h('li', {}, sentence)),
      h('li', {}, `A group’s commonest label: that of its training rows; a group that was held out gets the commonest of all. `
        + 'Held-out F1 and random F1 are of rows with different shares of the labels: compare the filled mark with the ring, which is the same rows.')));
}
