/** Facts about the Issues panel and the failure of an event: real elements, hostile text. */
import { failureBox, headingOf } from '../../assets/js/failure-box.js';
import { countedIssues, issuesPanel } from '../../assets/js/issues-panel.js';
import { equal, test } from './harness.js';

const ACTIONS = { onEvent: () => {}, onLight: () => {}, onUnsure: () => {} };
/** @type {import('../../assets/js/issues-panel.js').Issue} */
const ISSUE = { kind: 'loop', label: 'loop', message: '`<b>x</b>` failed', quote: '<img src=x>', evidence: 'inferred',
  severity: 'error', confidence: 'A', note: false, count: 2, events: [[4, '5'], [7, '8.2']] };

/**
 * @param {Partial<import('../../assets/js/issues-panel.js').Issue>[]} issues
 * @param {object} [more]
 * @returns {any} of `run.json`, what the panel reads
 */
function facts(issues, more = {}) {
  return { issues: issues.map((change) => ({ ...ISSUE, ...change })), crashed: [], harness: 'Pi', counts: { calls: 3, flagsErrors: true }, ...more };
}

test('an issue is its sentence, its quote and a link for each event, all of it text', () => {
  const panel = issuesPanel(facts([{}]), false, ACTIONS);
  equal([panel.querySelector('code')?.textContent, panel.querySelector('b, img')], ['<b>x</b>', null]);
  equal([...panel.querySelectorAll('.issue-event')].map((link) => link.textContent), ['5', '8.2']);
});

test('a detector that failed is named', () => {
  const panel = issuesPanel(facts([], { crashed: ['loops'] }), false, ACTIONS);
  equal(panel.textContent?.includes('The detector “loops” failed on this run'), true);
});

test('what is off by default is neither counted nor shown until it is switched on', () => {
  const found = facts([{}, { confidence: 'C' }, { note: true }]);
  equal([countedIssues(found.issues, false).length, countedIssues(found.issues, true).length], [1, 2]);
  const shown = (/** @type {boolean} */ unsure) => issuesPanel(found, unsure, ACTIONS).querySelectorAll('.issues-panel > ol > li').length;
  equal([shown(false), shown(true)], [1, 2]);
});

test('a run without issues says whether failures could have been seen', () => {
  const said = (/** @type {boolean} */ flagsErrors) => issuesPanel(facts([], { counts: { calls: 3, flagsErrors } }), false, ACTIONS).textContent;
  equal([said(true)?.includes('Nothing stands out: no call failed'), said(false)?.includes('Pi flags no errors')], [true, true]);
});

test('a failure says how it is known and what hid it', () => {
  const failure = { verdict: 'error', evidence: 'inferred', errorClass: 'KeyError', quote: 'KeyError: x', masked: '| tail', same: [[1, '2']], sameCount: 3, success: null };
  const [box] = failureBox({ failure, exit: 0, annotations: [], address: '5' }, () => {});
  const text = box?.textContent ?? '';
  equal([text.includes('exit 0, as | tail hides its exit code'), text.includes('Same class at 2 and 2 more')], [true, true]);
});

test('a failure is not told twice where its class is the beginning of the quote', () => {
  equal(headingOf({ errorClass: 'Error: cannot…', quote: 'Error: cannot load' }), 'Error: cannot load');
  equal(headingOf({ errorClass: 'KeyError', quote: 'KeyError: 1' }), 'KeyError');
  equal(headingOf({ errorClass: null, quote: 'boom' }), null);
});
