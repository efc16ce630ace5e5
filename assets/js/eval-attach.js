/** Between a comparison and its evaluation checks: the door from outcomes to a check, and the way back with it. */
import { h } from './dom.js';
import { FILE, checkName, emptyEval, parseEval, writeEval } from './eval-link.js';
import { follow } from './follow.js';
import { emptyLink, formatLink, parseLink } from './link.js';

/** @typedef {import('./link.js').LinkState} LinkState */
/** @typedef {(state: LinkState, push: boolean) => void} Go */

/** Outcomes that are drawn as lines; more would hide the plot. */
const LINES = 12;
/** Metrics whose outcomes belong on the axis of F1. */
const ON_AXIS = Object.freeze(['f1', 'macro_f1', 'f1_macro', 'micro_f1', 'weighted_f1']);

/**
 * The check that a comparison puts in reach: of the data that its file names, or that most of its outcomes name; null
 * where nothing names one.
 * @param {any} found        the answer of `compare.json`
 * @param {string} from      the query of the comparison
 * @returns {LinkState|null}
 */
export function checkOf(found, from) {
  const { metric } = found.panel;
  const known = found.runs.map((/** @type {any} */ run) => ({ run, best: run.outcomes[metric]?.best })).filter((/** @type {any} */ one) => one.best);
  const names = known.map((/** @type {any} */ one) => one.best.dataset).filter(Boolean);
  if (!names.length && !found.eval?.dataset) return null;
  const count = (/** @type {string} */ name) => names.filter((/** @type {string} */ other) => other === name).length;
  const dataset = found.eval?.dataset || names.reduce((/** @type {string} */ best, /** @type {string} */ name) => (count(name) > count(best) ? name : best), names[0]);
  const outcomes = !ON_AXIS.includes(metric) ? [] : known.filter((/** @type {any} */ one) => one.best.dataset === dataset)
    .map((/** @type {any} */ one) => ({ value: one.best.value, label: `${one.run.harness} · ${one.run.model}` }))
    .filter((/** @type {any} */ one) => one.value >= 0 && one.value <= 1).slice(0, LINES);
  const { text = '', label = '', group = '' } = found.eval ?? {};
  return { ...emptyLink(), view: 'eval', eval: { ...emptyEval(), dataset, text: text ? [text] : [], label, group, outcomes, from } };
}

/**
 * The door of a comparison to its check, and the checks that are attached to it.
 * @param {any} found
 * @param {LinkState} state   of the comparison
 * @param {Go} go
 * @returns {HTMLElement|null}
 */
export function evalDoor(found, state, go) {
  const door = checkOf(found, formatLink({ ...state, compare: { ...state.compare, checks: [] } }).slice(1));
  const attached = state.compare.checks.map((query) => parseLink(`?${query}`)).filter((check) => check.view === 'eval');
  if (!door && !attached.length) return null;
  const link = (/** @type {LinkState} */ to, /** @type {string} */ words) => h('a', { href: formatLink(to, location.search), onclick: follow(to, go) }, words);
  return h('p.eval-door', {},
    door && h('span', {}, 'What would a held-out split say? ', link(door, `Check the evaluation on ${door.eval.dataset}`)),
    attached.map((check) => h('span', {}, 'Attached check: ', link({ ...check, eval: { ...check.eval, from: door?.eval.from ?? '' } }, checkName(check.eval, check.rev)))));
}

/**
 * The link back to the comparison that a check was opened from, with the check attached; null without one.
 * @param {LinkState} state  of the check
 * @param {Go} go
 * @returns {HTMLElement|null}
 */
export function attachLink(state, go) {
  if (!state.eval.from) return null;
  const back = parseLink(`?${state.eval.from}`);
  const to = { ...back, compare: { ...back.compare, checks: [checkQuery(state)] } };
  return h('a.button', { href: formatLink(to, location.search), onclick: follow(to, go) }, 'Attach to the comparison');
}

/**
 * A check as a comparison's link holds it: without the comparison itself.
 * @param {LinkState} state
 * @returns {string}
 */
export function checkQuery(state) {
  const query = new URLSearchParams({ view: 'eval', ...(state.rev && { rev: state.rev }) });
  writeEval({ ...state.eval, from: '' }, query);
  return query.toString();
}

/**
 * The lines of a comparison.yaml that name the data of the task.
 * @param {import('./eval-link.js').EvalState} wish
 * @returns {string}
 */
export function yamlOf(wish) {
  const hub = wish.dataset !== 'sample' && !wish.dataset.startsWith(FILE);
  const lines = Object.entries({ dataset: hub ? wish.dataset : 'owner/name', text: wish.text[0] ?? '', label: wish.label, group: wish.group });
  return ['eval:', ...lines.filter(([, value]) => value).map(([name, value]) => `  ${name}: ${quoted(value)}`)].join('\n');
}

/**
 * @param {string} value
 * @returns {string} as YAML reads it back
 */
function quoted(value) {
  return /^[A-Za-z_][\w./ -]*$/.test(value) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(value) && value.trim() === value ? value : JSON.stringify(value);
}
