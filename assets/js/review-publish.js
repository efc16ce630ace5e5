/** The files as they would be sent, and sending them. */
import { getJson } from './api.js';
import { fill, h } from './dom.js';
import { follow } from './follow.js';
import { formatBytes, formatCount } from './format.js';
import { emptyLink, formatLink } from './link.js';

/** @typedef {import('./review-page.js').ReviewView} ReviewView */

const LICENCES = ['cc-by-4.0', 'cc-by-sa-4.0', 'cc0-1.0', 'odc-by', 'apache-2.0', 'mit', 'other'];

/**
 * @param {ReviewView} view
 * @returns {HTMLElement}
 */
export function builtSection(view) {
  const { job } = view;
  if (job.published) return publishedSection(view);
  if (!job.built) {
    return h('section', { 'aria-label': 'Make the files' }, h('h2', {}, 'Make the files'),
      h('p', {}, job.undecided > 0 ? `First decide about ${formatCount(job.undecided)} ${job.undecided === 1 ? 'finding' : 'findings'} above.`
        : 'The redacted files are written and scanned a second time. You see them before anything is sent.'),
      h('div.buttons', {}, h('button.button.is-main', { type: 'button', 'data-focus': 'build', disabled: job.undecided > 0, onclick: () => void view.act('build') }, 'Make the redacted files')));
  }
  return h('section', { 'aria-label': 'Publish' }, h('h2', {}, 'Ready to publish'),
    h('p', {}, 'These files, and no others, are sent with a card that says how they were redacted. The second scan found nothing in them that you did not let stand.'),
    files(job.built), form(view));
}

/** @param {any} built */
function files(built) {
  return h('div.table-scroll', {}, h('table.race-table', { 'aria-label': 'Files to send' },
    h('thead', {}, h('tr', {}, ['File', 'Harness', 'Events', 'Records changed', 'Size', 'SHA-256'].map((cell) => h('th', { scope: 'col' }, cell)))),
    h('tbody', {}, built.files.map((/** @type {any} */ file) => h('tr', {},
      h('td.mono', {}, file.path, !file.table && h('span.tiny', {}, ' load_dataset does not read it')),
      h('td.number', {}, file.harness), h('td.number', {}, formatCount(file.events)),
      h('td.number', {}, formatCount(file.changed), file.dropped > 0 && h('span.tiny', {}, ` (${formatCount(file.dropped)} unreadable left out)`)),
      h('td.number', {}, formatBytes(file.size)), h('td.number.mono', { title: file.sha256 }, file.sha256.slice(0, 10)))),
    built.refused.map((/** @type {any} */ file) => h('tr.is-left-out', {}, h('td.mono', {}, file.name), h('td', { colspan: 5 }, file.reason))))));
}

/** @param {ReviewView} view */
function form(view) {
  const { typed } = view;
  const repo = h('input.find', { name: 'repo', 'aria-label': 'Dataset', placeholder: 'owner/name', spellcheck: 'false', autocomplete: 'off', required: true, value: typed.repo ?? '' });
  const isPrivate = h('input', { type: 'checkbox', checked: typed.private ?? true });
  const add = h('input', { type: 'checkbox', checked: typed.add ?? false });
  const licence = h('select', { 'aria-label': 'Licence' }, LICENCES.map((id) => h('option', { value: id, selected: id === typed.licence }, id)));
  const comparison = h('textarea.comparison', { 'aria-label': 'comparison.yaml', rows: 6, spellcheck: 'false' }, typed.comparison);
  const who = h('p.tiny');
  void getJson('me.json', {}).then((me) => {
    fill(who, me.name ? `Signed in as ${me.name}.` : me.login ? 'Sign in (above) to publish.'
      : me.machine ? 'The login of this machine is used (hf auth login).' : 'This machine has no login: run hf auth login, then publish.');
    if (me.name && !repo.value) repo.value = `${me.name}/`;
  }, () => fill(who));
  return h('form.publish-form', {
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      Object.assign(typed, { repo: repo.value, private: isPrivate.checked, add: add.checked, licence: licence.value, comparison: comparison.value });
      void view.act('publish', { ...typed, digest: view.job.built.digest });
    },
  },
  h('label', {}, h('span', {}, 'Dataset'), repo),
  h('label', {}, h('span', {}, 'Licence'), licence),
  h('label.filter-box', {}, isPrivate, 'private: seen by its owner alone'),
  h('label.filter-box', {}, add, 'add to it if it is there already; only what is new is sent'),
  h('details', { open: Boolean(typed.comparison) }, h('summary', {}, 'A comparison.yaml (outcomes of these runs)'), comparison),
  who, h('div.buttons', {}, h('button.button.is-main', {}, 'Publish')));
}

/** @param {ReviewView} view */
function publishedSection(view) {
  const { repo, rev, added, same, private: hidden } = view.job.published;
  const link = { ...emptyLink(), repo, rev };
  return h('section', { 'aria-label': 'Published' }, h('h2', {}, 'Published'),
    h('p', {}, `${formatCount(added)} new ${added === 1 ? 'file' : 'files'}${same ? `, ${formatCount(same)} there already` : ''}, in `, h('b', {}, repo), hidden ? ' (private).' : ' (public).'),
    h('div.buttons', {}, h('a.button.is-main', { href: formatLink(link, location.search), onclick: follow(link, view.context.go) }, 'Open the dataset')));
}
