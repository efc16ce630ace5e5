/** "Open by name": a dataset's name or any address of it on the Hub, also of one file at a revision. */
import { getJson } from './api.js';
import { fill, h } from './dom.js';
import { emptyLink } from './link.js';

/**
 * @param {(state: import('./link.js').LinkState, push: boolean) => void} go
 * @returns {HTMLFormElement}
 */
export function openForm(go) {
  const input = h('input.find', {
    name: 'dataset', placeholder: 'owner/name, or an address on the Hub', 'aria-label': 'Dataset to open', spellcheck: 'false',
    autocapitalize: 'off', autocomplete: 'off',
  });
  const said = h('p.form-error', { role: 'alert', hidden: true });
  const form = h('form.open-form', {
    onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      said.hidden = true;
      try {
        const found = await getJson('reference.json', { text: input.value.trim() });
        go({ ...emptyLink(), ...found }, true);
      } catch (error) {
        said.hidden = false;
        fill(said, input.value.trim() ? /** @type {Error} */ (error).message : 'Write the name of a dataset first.');
      }
    },
  }, input, h('button.button', {}, 'Open'), said);
  return form;
}
