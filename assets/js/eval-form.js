/** Choosing what to check: the data, then its columns, which are guessed and can be changed. */
import { FROM_PAGE, apiUrl } from './api.js';
import { fill, h } from './dom.js';
import { FILE } from './eval-link.js';

/** @typedef {import('./eval-link.js').EvalState} EvalState */
/**
 * @typedef {object} FormActions
 * @property {(dataset: string, rev: string) => void} open   a dataset was named
 * @property {(file: File) => void} give                     a file was chosen
 * @property {(part: Partial<EvalState>) => void} run        start with these columns and options
 * @property {(parts: string[]) => void} setParts            other tables of the dataset
 */

/** Characters of a mean cell from which a column is offered as text. */
const TEXT_LENGTH = 3;

/**
 * Choosing the data.
 * @param {EvalState} state
 * @param {string} rev
 * @param {FormActions} actions
 * @returns {HTMLElement}
 */
export function dataForm(state, rev, actions) {
  const hub = !['', 'sample'].includes(state.dataset) && !state.dataset.startsWith(FILE);
  const input = h('input.find', {
    name: 'dataset', placeholder: 'owner/name, or an address on the Hub', 'aria-label': 'Dataset on the Hub', spellcheck: 'false', autocapitalize: 'off',
    autocomplete: 'off', value: hub ? state.dataset : '',
  });
  const at = h('input.find.eval-rev', { name: 'rev', placeholder: 'newest', 'aria-label': 'Revision', spellcheck: 'false', autocomplete: 'off', value: hub ? rev : '' });
  const file = h('input.eval-file', {
    type: 'file', accept: '.csv,.tsv,.jsonl,.ndjson,.json,.parquet', 'aria-label': 'CSV, JSONL or Parquet file',
    onchange: () => { if (file.files?.[0]) actions.give(file.files[0]); },
  });
  return h('div.eval-data', {},
    h('form.open-form', { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); actions.open(input.value.trim(), at.value.trim()); } },
      h('span.eval-way', {}, 'On the Hub'), input, at, h('button.button', {}, 'Look')),
    h('div.open-form', {}, h('span.eval-way', {}, 'A file'), file, h('span.tiny', {}, 'CSV, JSONL or Parquet, 64 MB at most; kept here for half an hour, for you alone')),
    h('div.open-form', {}, h('span.eval-way', {}, 'No data'), h('button.button', { type: 'button', onclick: () => actions.open('sample', '') }, 'Use the built-in sample'),
      h('span.tiny', {}, 'made-up town ordinances with the same structure as a real case')));
}

/**
 * Choosing the columns of data that was looked at.
 * @param {any} look      the answer of `eval-columns.json`
 * @param {EvalState} state
 * @param {any} facts     of an earlier check of the same data, or null: its groups and labels
 * @param {FormActions} actions
 * @returns {HTMLElement}
 */
export function columnForm(look, state, facts, actions) {
  const chosen = { text: state.text.length ? state.text : look.guess.text, label: state.label || look.guess.label, group: state.text.length ? state.group : look.guess.group };
  const { columns } = look;
  const texts = columns.filter((/** @type {any} */ column) => (column.length >= TEXT_LENGTH && !column.numeric) || chosen.text.includes(column.name));
  const textBoxes = boxes('text', texts.map((/** @type {any} */ column) => column.name), chosen.text);
  const label = select('Label', columns.map((/** @type {any} */ column) => [column.name, columnWords(column)]), chosen.label, chosen.label ? '' : 'choose a column');
  const group = select('Group', columns.map((/** @type {any} */ column) => [column.name, columnWords(column)]), chosen.group, 'no group');
  const details = h('div.eval-options');
  const seed = h('input.find.eval-number', { type: 'number', min: 0, max: 2147483647, value: state.seed || '42', 'aria-label': 'Seed' });
  const repeats = h('input.find.eval-number', { type: 'number', min: 1, max: 50, value: state.repeats || '10', 'aria-label': 'Random splits' });
  const positive = select('Positive', [], '', 'guessed');
  const held = h('div.eval-boxes');
  const refresh = () => {
    const values = valuesOf(columns, label.value, facts && label.value === state.label ? Object.keys(facts.labels) : []);
    fill(positive, h('option', { value: '' }, 'guessed'), values.length === 2 && values.map((value) => h('option', { value, selected: value === state.positive }, value)));
    const names = group.value ? valuesOf(columns, group.value, facts && group.value === state.group ? facts.groups.map((/** @type {any} */ one) => one.name) : []) : [];
    fill(held, names.length > 2 ? boxes('together', names.slice(0, 30), state.together) : h('span.tiny', {}, 'needs three groups or more'));
  };
  label.addEventListener('change', refresh);
  group.addEventListener('change', refresh);
  refresh();
  fill(details, field('Positive label', positive), field('Hold out together', held), field('Random splits', repeats), field('Seed', seed));
  return h('form.eval-columns', {
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      actions.run({
        text: checkedOf(textBoxes), label: label.value, group: group.value, positive: positive.value, together: checkedOf(held),
        seed: seed.value === '42' ? '' : seed.value, repeats: repeats.value === '10' ? '' : repeats.value,
      });
    },
  },
  look.parts.length > 1 && field('Tables', partBoxes(look, actions)),
  field('Text', textBoxes), field('Label', label), field('Group', group),
  h('details.eval-more', { open: Boolean(state.positive || state.together.length || state.seed || state.repeats) }, h('summary', {}, 'Options'), details),
  h('div', {}, h('button.button.eval-run', {}, 'Run the check')));
}

/**
 * @param {any} look
 * @param {FormActions} actions
 * @returns {HTMLElement}
 */
function partBoxes(look, actions) {
  const host = boxes('parts', look.parts.slice(0, 40), look.source.parts);
  host.addEventListener('change', () => actions.setParts(checkedOf(host)));
  return host;
}

/**
 * @param {any} column
 * @returns {string}
 */
function columnWords(column) {
  return `${column.name} (${column.distinct.toLocaleString('en-GB')} ${column.distinct === 1 ? 'value' : 'values'})`;
}

/**
 * The values of a column: those of all rows where a check has seen them, else those of the first rows.
 * @param {any[]} columns
 * @param {string} name
 * @param {string[]} known
 * @returns {string[]}
 */
function valuesOf(columns, name, known) {
  return known.length ? known : columns.find((column) => column.name === name)?.values ?? [];
}

/**
 * @param {string} name
 * @param {[string, string][]} options  value and words
 * @param {string} value
 * @param {string} none   words of the empty option; '' leaves it out
 * @returns {HTMLSelectElement}
 */
function select(name, options, value, none) {
  return h('select', { 'aria-label': name }, none && h('option', { value: '' }, none),
    options.map(([one, words]) => h('option', { value: one, selected: one === value }, words)));
}

/**
 * @param {string} name
 * @param {string[]} values
 * @param {string[]} checked
 * @returns {HTMLElement}
 */
function boxes(name, values, checked) {
  return h('div.eval-boxes', {}, values.map((value) => h('label.filter-box', {},
    h('input', { type: 'checkbox', name, value, checked: checked.includes(value) }), value)));
}

/**
 * @param {HTMLElement} host
 * @returns {string[]}
 */
function checkedOf(host) {
  return [...host.querySelectorAll('input')].filter((box) => box.checked).map((box) => box.value);
}

/**
 * @param {string} name
 * @param {HTMLElement} control
 * @returns {HTMLElement}
 */
function field(name, control) {
  return h('div.eval-field', {}, h('span.eval-way', {}, name), control);
}

/**
 * Send a file; the server's sentence is the error.
 * @param {File} file
 * @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export async function sendFile(file, signal) {
  const response = await fetch(apiUrl('eval-file.json', { name: file.name }), { method: 'POST', body: file, signal, headers: { ...FROM_PAGE, 'content-type': 'application/octet-stream' } });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}
