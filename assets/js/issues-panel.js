/** The Issues panel: what matters in the run, one sentence each with its evidence, and the way to each event. */
import { fill, h } from './dom.js';
import { formatCount } from './format.js';

/**
 * @typedef {object} Issue
 * @property {string} kind
 * @property {string} label
 * @property {string} message   words between backticks are code
 * @property {string} quote
 * @property {'flagged'|'inferred'} evidence
 * @property {'error'|'warning'|'note'} severity
 * @property {'A'|'B'|'C'} confidence
 * @property {boolean} note                    worth knowing, but no issue
 * @property {number} count                    events it speaks of
 * @property {[number, string][]} events       index and address, the first is where to look
 */
/**
 * @typedef {object} IssueActions
 * @property {(index: number, address: string) => void} onEvent
 * @property {(events: number[]|null) => void} onLight   light up these events while the reader is at an issue
 * @property {(shown: boolean) => void} onUnsure         show issues of detectors that are off
 */

/** Issues shown before "show all", and events linked in one of them. */
const SHOWN = 8;
const LINKED = 6;

/**
 * The issues that count: those of detectors that are on, without what is merely worth knowing.
 * @param {Issue[]} issues
 * @param {boolean} unsure  those that are off by default too
 * @returns {Issue[]}
 */
export function countedIssues(issues, unsure) {
  return issues.filter(({ confidence, note }) => !note && (unsure || confidence !== 'C'));
}

/**
 * @param {any} facts   the answer of `run.json`
 * @param {boolean} unsure
 * @param {IssueActions} actions
 * @returns {HTMLElement}
 */
export function issuesPanel(facts, unsure, actions) {
  /** @type {Issue[]} */
  const all = facts.issues;
  const issues = countedIssues(all, unsure);
  const off = all.filter(({ confidence }) => confidence === 'C').length;
  const notes = all.filter(({ confidence, note }) => note && (unsure || confidence !== 'C'));
  const list = h('ol.issues');
  const draw = (/** @type {number} */ count) => fill(list, issues.slice(0, count).map((issue) => entry(issue, actions)));
  draw(SHOWN);
  const more = issues.length > SHOWN && h('button.link-button', {
    type: 'button',
    onclick: (/** @type {Event} */ event) => { draw(issues.length); /** @type {HTMLElement} */ (event.target).remove(); },
  }, `Show all ${formatCount(issues.length)}`);
  return h('section.issues-panel', { 'aria-label': 'Issues' },
    h('h2', {}, 'Issues ', h('span.tiny', {}, formatCount(issues.length))),
    facts.crashed.map((/** @type {string} */ name) => h('p.warn.tiny', { role: 'status' },
      `The detector “${name}” failed on this run, so its issues are missing here. The server's log has the cause.`)),
    issues.length === 0 && h('p.tiny', {}, nothing(facts)),
    list, more,
    notes.length > 0 && h('details.also', {}, h('summary', {}, 'Also noted ', h('span.tiny', {}, formatCount(notes.length))),
      h('ol.issues', {}, notes.map((note) => entry(note, actions)))),
    off > 0 && h('label.filter-box.issues-unsure', {},
      h('input', { type: 'checkbox', checked: unsure, onchange: (/** @type {Event} */ event) => actions.onUnsure(/** @type {HTMLInputElement} */ (event.target).checked) }),
      `with ${formatCount(off)} that may well be wrong`));
}

/**
 * @param {any} facts
 * @returns {string}
 */
function nothing(facts) {
  if (facts.counts.calls === 0) return 'No tool was called in this run, so there is nothing that could have failed.';
  return facts.counts.flagsErrors ? 'Nothing stands out: no call failed, nothing was refused or cut off.'
    : `Nothing stands out in the results. ${facts.harness} flags no errors, so failures that print nothing are not seen.`;
}

/**
 * @param {Issue} issue
 * @param {IssueActions} actions
 * @returns {HTMLElement}
 */
function entry(issue, actions) {
  const light = (/** @type {boolean} */ on) => () => actions.onLight(on ? issue.events.map(([index]) => index) : null);
  const [index, address] = issue.events[0];
  return h(/** @type {'li'} */ (`li.issue.is-${issue.severity}.is-${issue.confidence}`), {
    onpointerenter: light(true), onpointerleave: light(false), onfocusin: light(true), onfocusout: light(false),
  },
  h('span.issue-sign', { title: `${issue.severity}, ${issue.evidence}`, 'aria-hidden': 'true' }, sign(issue)),
  h('div.issue-body', {},
    h('button.issue-message', { type: 'button', onclick: () => actions.onEvent(index, address) }, coded(issue.message)),
    issue.quote && h('code.issue-quote', { title: issue.quote }, issue.quote),
    h('p.issue-events', {},
      h('span.chip', {}, issue.label),
      h('span.tiny', {}, issue.evidence, issue.confidence === 'C' ? ', may well be wrong' : '', ' · '),
      issue.events.slice(0, LINKED).map(([at, where]) => h('button.link-button.issue-event', {
        type: 'button', 'aria-label': `Event ${where}`, onclick: () => actions.onEvent(at, where),
      }, where)),
      issue.count > LINKED && h('span.tiny', {}, `and ${formatCount(issue.count - LINKED)} more`))));
}

/**
 * @param {Issue} issue
 * @returns {string}
 */
function sign({ severity, evidence }) {
  if (severity === 'note') return '·';
  if (severity === 'warning') return '!';
  return evidence === 'flagged' ? '▲' : '△';
}

/**
 * A sentence with its backticked words as code. The words come from traces: they become text nodes.
 * @param {string} text
 * @returns {(Node|string)[]}
 */
export function coded(text) {
  return text.split('`').map((part, at, all) => (at % 2 === 1 && at < all.length - 1 ? h('code', {}, part) : part));
}
