/** A record before and after, side by side: every text that changes. */
import { getJson, isAbort } from './api.js';
import { fill, h } from './dom.js';
import { formatCount } from './format.js';

/**
 * @param {HTMLElement} place
 * @param {import('./review-page.js').ReviewView} view
 * @param {string} run
 * @param {number} record  0 for the first that changes
 */
export async function diffSection(place, view, run, record) {
  try {
    const answer = await getJson('redacted.json', { review: view.job.review, run, record }, view.signal);
    const step = (/** @type {number|null} */ to, /** @type {string} */ words) => h('button.button', {
      type: 'button', disabled: to === null, onclick: () => view.compare(run, to ?? 0),
    }, words);
    fill(place, h('div.section-head', {}, h('h2', {}, 'Before and after'), h('span.mono', {}, run), h('span.spacer'),
      h('button.quiet-button', { type: 'button', onclick: () => { place.hidden = true; } }, 'close')),
    answer.changed === 0 ? h('p', {}, 'Nothing changes in this file as it is decided now.') : [
      h('div.section-head', {}, h('span', {}, `record ${formatCount(answer.record)}, ${formatCount(answer.at)} of ${formatCount(answer.changed)} that change`), step(answer.previous, 'previous'), step(answer.next, 'next')),
      h('div.changes', {}, answer.pairs.map((/** @type {any} */ pair) => h('div.change', {},
        h('div.mono', {}, pair.where), h('pre.before', { 'aria-label': 'Before' }, pair.before), h('pre.after', { 'aria-label': 'After' }, pair.after)))),
    ]);
    place.scrollIntoView({ block: 'nearest' });
  } catch (error) {
    if (!isAbort(error)) fill(place, h('p.failure', { role: 'alert' }, /** @type {Error} */ (error).message));
  }
}
