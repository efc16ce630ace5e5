/** What was looked for, and the reader's own words: what no rule can know. */
import { h } from './dom.js';
import { formatBytes, formatCount } from './format.js';

/**
 * @param {import('./review-page.js').ReviewView} view
 * @returns {HTMLElement}
 */
export function wordsSection(view) {
  const { job } = view;
  const word = h('input.find', { 'aria-label': 'Word to take out', placeholder: 'a name, a project, a customer…', spellcheck: 'false', autocomplete: 'off', 'data-focus': 'word' });
  const regex = h('input', { type: 'checkbox' });
  const found = job.kinds.reduce((/** @type {number} */ sum, /** @type {any} */ kind) => sum + kind.findings.length, 0);
  return h('section.looked', {},
    h('p', {}, `Looked for in every text of ${formatCount(job.runs.length)} ${job.runs.length === 1 ? 'file' : 'files'} (${formatBytes(job.bytes)}), whatever it is encoded in: `,
      'tokens, keys, passwords and other secrets that about 500 rules know; user names; e-mail addresses; host names. ',
      h('b', {}, `Found: ${formatCount(found)} ${found === 1 ? 'text' : 'texts'}.`)),
    h('p.warn', {}, 'No scan finds everything: of secrets that no rule was made for, about one in four is missed. Read the runs, and add what you know.'),
    h('form.open-form', {
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        if (word.value.trim()) void view.act('word', { text: word.value, regex: regex.checked });
      },
    }, word, h('label.tiny', {}, regex, ' is a pattern (RE2)'), h('button.button', {}, 'Take this out too')),
    job.words.length > 0 && h('p.tiny', {}, 'Your words: ', job.words.map((/** @type {any} */ each) => h('code', {}, each.text))));
}
