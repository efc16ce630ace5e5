/** Numbers and names of an evaluation check as a reader wants them. Pure. */

/** @type {Readonly<Record<string, string>>} */
export const METRIC_NAMES = Object.freeze({
  f1: 'F1', precision: 'Precision', recall: 'Recall', balanced_accuracy: 'Balanced accuracy', average_precision: 'Average precision', roc_auc: 'ROC AUC',
});

/**
 * A share as '24.1 %', '100 %'.
 * @param {number|null} share
 * @returns {string}
 */
export function percent(share) {
  if (share === null) return 'unknown';
  if (share > 0 && share < 0.0005) return 'under 0.1 %';
  return `${(share * 100).toFixed(1).replace(/\.0$/, '')} %`;
}

/**
 * A score as '0.878'; '—' where there is none.
 * @param {number|null|undefined} value
 * @param {number} [decimals]
 * @returns {string}
 */
export function score(value, decimals = 3) {
  return value === null || value === undefined ? '—' : value.toFixed(decimals);
}

/**
 * An interval as '0.85–0.90'; '' where there is none.
 * @param {any} found  a score of the result
 * @returns {string}
 */
export function interval(found) {
  return found && found.low !== null && found.high !== null ? `${score(found.low, 2)}–${score(found.high, 2)}` : '';
}

/**
 * What a fold is called: 'random split', 'murray held out'.
 * @param {any} fold
 * @returns {string}
 */
export function foldName(fold) {
  switch (fold.kind) {
    case 'random': return 'random split';
    case 'apart': return 'random, copies on one side';
    case 'within': return `within ${fold.name}`;
    case 'seen': return `${fold.name}, its group in training`;
    case 'held':
    case 'together': return `${fold.name} held out`;
    default: return fold.name;
  }
}

/**
 * How many rows a fold was tested on: 'n = 38', 'n = 357 × 10'.
 * @param {any} fold
 * @returns {string}
 */
export function tested(fold) {
  if (!fold.splits) return '';
  return `n = ${fold.test.toLocaleString('en-GB')}${fold.splits > 1 ? ` × ${fold.splits}` : ''}`;
}

/**
 * The answer that looks at no text, by name.
 * @param {any} facts
 * @returns {string}
 */
export function alwaysName(facts) {
  return Object.keys(facts.labels).length === 2 ? `always ‘${facts.positive}’` : 'always the commonest label';
}
