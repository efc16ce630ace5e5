/** What the detail of an event says of its failure: what failed, how that is known, and what came of it. */
import { h } from './dom.js';
import { formatCount } from './format.js';
import { coded } from './issues-panel.js';

/** @typedef {[number, string]} Place index and address */
/**
 * @typedef {object} Failure
 * @property {string} verdict
 * @property {'flagged'|'inferred'} evidence
 * @property {string|null} errorClass
 * @property {string} quote
 * @property {string|null} masked      what hid the exit code
 * @property {Place[]} same            other events of this error class, the first of them
 * @property {number} sameCount
 * @property {Place|null} success      where the same next went through
 */
/** @typedef {{kind: string, message: string, severity: string, confidence: string, first: Place, count: number}} Note */

/** @type {Readonly<Record<string, string>>} */
const VERDICT_MEANS = Object.freeze({
  benign: 'By convention this is no failure: it found nothing, or it reports something pending.',
  probe: 'It looked for something that is not there.',
  denied: 'Somebody or something refused it.',
  aborted: 'It was cut off.',
});

/**
 * @param {any} event    the answer of `event.json`
 * @param {(index: number, address: string) => void} onEvent
 * @returns {(HTMLElement|null)[]}
 */
export function failureBox(event, onEvent) {
  const failure = /** @type {Failure|null} */ (event.failure);
  const notes = /** @type {Note[]} */ (event.annotations).filter((note) => note.confidence !== 'C');
  return [failure && box(failure, event, onEvent), notes.length > 0 ? notesList(notes, event.address, onEvent) : null];
}

/**
 * @param {{errorClass: string|null, quote: string}} failure
 * @returns {string|null} its class; the quote, where the class is no more than the beginning of it
 */
export function headingOf({ errorClass, quote }) {
  return errorClass?.endsWith('…') && quote.startsWith(errorClass.slice(0, -1)) ? quote : errorClass;
}

/**
 * @param {Failure} failure
 * @param {any} event
 * @param {(index: number, address: string) => void} onEvent
 * @returns {HTMLElement}
 */
function box(failure, event, onEvent) {
  const isError = failure.verdict === 'error';
  const lines = [];
  if (!isError) lines.push([VERDICT_MEANS[failure.verdict] ?? '']);
  if (isError) lines.push(evidenceWords(failure, event));
  if (failure.sameCount > 0) lines.push(['Same class at ', ...places(failure.same, onEvent), rest(failure)]);
  if (failure.success) lines.push(['It next went through at event ', ...places([failure.success], onEvent)]);
  const title = headingOf(failure) ?? (isError ? 'Failed' : '');
  return h(/** @type {'section'} */ (`section.why.is-${failure.verdict}.is-${failure.evidence}`), { 'aria-label': 'Failure' },
    title && h('b', {}, title),
    failure.quote && failure.quote !== title && h('code.why-quote', {}, failure.quote),
    lines.map((line) => h('p', {}, line)));
}

/**
 * @param {Failure} failure
 * @param {any} event
 * @returns {(Node|string)[]}
 */
function evidenceWords(failure, event) {
  if (failure.evidence === 'flagged') {
    return [event.exit ? `Flagged: it ended with exit ${event.exit}.` : 'Flagged: the harness says that it failed.'];
  }
  const exit = event.exit === 0 ? 'The command ended with exit 0' : 'The harness did not flag it';
  return failure.masked
    ? [`Inferred from the marked text. ${exit}, as `, h('code', {}, failure.masked), ' hides its exit code.']
    : [`Inferred from the marked text. ${exit}.`];
}

/**
 * @param {Failure} failure
 * @returns {string}
 */
function rest({ same, sameCount }) {
  return sameCount > same.length ? ` and ${formatCount(sameCount - same.length)} more` : '';
}

/**
 * @param {Place[]} found
 * @param {(index: number, address: string) => void} onEvent
 * @returns {(Node|string)[]}
 */
function places(found, onEvent) {
  return found.flatMap(([index, address], at) => [at > 0 ? ', ' : '',
    h('button.link-button', { type: 'button', 'aria-label': `Event ${address}`, onclick: () => onEvent(index, address) }, address)]);
}

/**
 * @param {Note[]} notes
 * @param {string} here  address of the event
 * @param {(index: number, address: string) => void} onEvent
 * @returns {HTMLElement}
 */
function notesList(notes, here, onEvent) {
  return h('ul.event-notes', { 'aria-label': 'What this event is part of' }, notes.map((note) => h('li', {},
    coded(note.message),
    note.first[1] !== here && [' · begins at ', ...places([note.first], onEvent)])));
}
