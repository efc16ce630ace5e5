/** The head of the run page: what the run is, its counts, what is wrong with its data. */
import { copyButton } from './clipboard.js';
import { h } from './dom.js';
import { formatClock, formatCount, formatDate, formatDuration, formatUsd } from './format.js';
import { hubAddress, hubLink, markdownButton } from './share.js';
import { errorWords } from './verdicts.js';

/**
 * @param {any} facts       the answer of `run.json`
 * @param {{linkHere: () => string, goTo: (change: object) => void, note: HTMLElement}} actions  `note` stands behind
 *   the name of the run's file
 * @returns {HTMLElement}
 */
export function runHead(facts, actions) {
  const title = facts.title ?? facts.prompt ?? facts.id;
  return h('section.run-head', {},
    crumb(facts, actions),
    h('div.run-title', {},
      h('h1', { title }, title),
      h('span.chip', { title: facts.harnessFrom }, facts.harness, facts.harnessVersion && h('span.tiny', {}, ` ${facts.harnessVersion}`)),
      facts.models.length ? facts.models.map((/** @type {string} */ model) => h('span.chip', { title: facts.modelsFrom }, model))
        : h('span.chip', { title: facts.modelsFrom }, 'model unknown'),
      h('span.spacer'),
      markdownButton(() => `${title} (${[facts.harness, ...facts.models].join(', ')})`, actions.linkHere),
      copyButton(actions.linkHere, 'Copy link', 'button')),
    stats(facts),
    notes(facts));
}

/**
 * @param {any} facts
 * @param {{goTo: (change: object) => void, note: HTMLElement}} actions
 * @returns {HTMLElement}
 */
function crumb(facts, actions) {
  const go = (/** @type {object} */ change) => (/** @type {Event} */ event) => {
    event.preventDefault();
    actions.goTo(change);
  };
  return h('nav.crumb.run-crumb', { 'aria-label': 'Where this run is' }, h('span.run-path', {},
    h('a', { href: `?${new URLSearchParams(facts.source.link)}`, onclick: go(facts.source.link) }, facts.source.label),
    facts.source.link.rev && ` @ ${facts.source.link.rev.slice(0, 7)}`,
    ' / ',
    facts.parent
      ? [h('a', { href: '#', onclick: go({ ...facts.source.link, run: facts.parent.path, event: facts.parent.call ?? '' }) }, 'parent run'),
        ` / subagent ${facts.agentId}`]
      : [facts.path, facts.part && ` # ${facts.part}`]),
  hubLink(hubAddress(facts.source, facts.path, null)), actions.note);
}

/**
 * @param {any} facts
 * @returns {HTMLElement}
 */
function stats(facts) {
  const { counts, usage } = facts;
  const children = facts.children.length;
  const cells = [
    facts.duration !== null && stat(formatDuration(facts.duration), `${formatDate(facts.started)}, ${formatClock(facts.started)}`),
    stat(formatCount(counts.events), `events, ${formatCount(counts.turns)} turns`),
    stat(formatCount(counts.calls), counts.calls ? `tool calls, ${formatCount(counts.tools.length)} tools` : 'tool calls'),
    errors(counts, facts.children),
    cancelled(facts.metrics),
    children > 0 && stat(formatCount(children), children === 1 ? 'subagent' : 'subagents'),
    tokens(usage),
    usage !== null && usage.costUsd !== null && stat(formatUsd(usage.costUsd), 'stated cost'),
  ];
  return h('div.stats', {}, ...cells);
}

/**
 * @param {string} value
 * @param {string} label
 * @param {string} [title]
 * @param {string} [className]
 * @returns {HTMLElement}
 */
function stat(value, label, title = '', className = '') {
  return h('div.stat', { title, class: className }, h('b', {}, value), h('span', {}, label));
}

/**
 * @param {any[]} metrics
 * @returns {HTMLElement|false}
 */
function cancelled(metrics) {
  const jobs = metrics.find(({ name }) => name === 'cancelled_jobs')?.value ?? 0;
  return jobs > 0 && stat(formatCount(jobs), jobs === 1 ? 'cancelled job' : 'cancelled jobs', 'Jobs that the agent cancelled or killed');
}

const ERRORS_TITLE = 'flagged: the harness says that the call failed\ninferred: only the text of its result says so\n'
  + 'Neither: what looked for something that is not there, was refused, or found nothing';

/**
 * @param {any} counts
 * @param {any[]} children
 * @returns {HTMLElement}
 */
function errors(counts, children) {
  const { flagged, inferred, verdicts } = counts;
  const below = children.reduce((sum, child) => sum + (child.flagged ?? 0) + (child.inferred ?? 0), 0);
  const others = ['denied', 'aborted'].filter((verdict) => verdicts[verdict]).map((verdict) => `${verdicts[verdict]} ${verdict}`);
  const words = [`errors: ${errorWords(flagged, inferred)}`, ...others, below && `${formatCount(below)} more in subagents`];
  const all = (flagged ?? 0) + inferred;
  return stat(flagged === null && inferred === 0 ? '—' : formatCount(all), words.filter(Boolean).join(', '), ERRORS_TITLE, all ? 'is-error' : '');
}

/**
 * @param {any} usage
 * @returns {HTMLElement}
 */
function tokens(usage) {
  if (usage === null) return stat('—', 'tokens not recorded');
  const cache = usage.cacheRead + usage.cacheWrite;
  const words = [`in ${formatCount(usage.input + cache, true)}`, `out ${formatCount(usage.output, true)}`];
  const title = [`input ${formatCount(usage.input)}`, `cache read ${formatCount(usage.cacheRead)}`,
    `cache write ${formatCount(usage.cacheWrite)}`, `output ${formatCount(usage.output)}`,
    'Counted once per model call'].join('\n');
  return stat(formatCount(usage.total, true), `tokens: ${words.join(', ')}`, title);
}

/**
 * @param {any} facts
 * @returns {HTMLElement|null}
 */
function notes(facts) {
  const demo = facts.note && h('li', {}, facts.note);
  if (!demo && facts.notes.length === 0) return null;
  return h('ul.notes', { 'aria-label': 'About this data' }, demo, facts.notes.map((/** @type {string} */ note, /** @type {number} */ at) => {
    const listed = at === 0 && facts.problems.length > 1;
    return h('li', { title: listed ? facts.problems.map((/** @type {any} */ problem) => `record ${problem.record}: ${problem.reason}`).join('\n') : '' }, note);
  }));
}
