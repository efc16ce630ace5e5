/** Which runs are scanned: all of them, unless the reader takes some out. */
import { getJson, isAbort, postJson } from './api.js';
import { fill, h } from './dom.js';
import { formatBytes, formatCount, formatDate } from './format.js';

/** Rows that are drawn at once. */
const SHOWN = 200;

/**
 * @param {import('./review-page.js').ReviewView} view
 * @returns {HTMLElement}
 */
export function choiceSection(view) {
  const section = h('section', {}, h('p.empty.loading', {}, 'Looking at the runs…'));
  void load(section, view);
  return section;
}

/**
 * @param {HTMLElement} section
 * @param {import('./review-page.js').ReviewView} view
 */
async function load(section, view) {
  try {
    const listing = await getJson('runs.json', { source: view.state.source }, view.signal);
    /** @type {Map<string, any>} */
    const files = new Map();
    for (const row of listing.rows) if (row.state !== 'error' && !files.has(row.path)) files.set(row.path, row);
    draw(section, view, [...files.values()]);
  } catch (error) {
    if (!isAbort(error)) fill(section, h('p.failure', { role: 'alert' }, /** @type {Error} */ (error).message));
  }
}

/**
 * @param {HTMLElement} section
 * @param {import('./review-page.js').ReviewView} view
 * @param {any[]} files
 */
function draw(section, view, files) {
  const chosen = new Set(files.map((file) => file.path));
  const start = h('button.button.is-main', { type: 'button' });
  const label = () => {
    const size = files.reduce((sum, file) => sum + (chosen.has(file.path) ? file.size : 0), 0);
    fill(start, `Scan ${formatCount(chosen.size)} ${chosen.size === 1 ? 'file' : 'files'}, ${formatBytes(size)}`);
    start.disabled = chosen.size === 0;
  };
  start.addEventListener('click', () => {
    start.disabled = true;
    const runs = chosen.size === files.length ? null : [...chosen];
    postJson('review/start', { source: view.state.source, runs }, view.signal).then(() => view.reload(), (error) => {
      if (!isAbort(error)) fill(section, h('p.failure', { role: 'alert' }, /** @type {Error} */ (error).message));
    });
  });
  const boxes = () => [.../** @type {NodeListOf<HTMLInputElement>} */ (section.querySelectorAll('.choice input'))];
  const all = (/** @type {boolean} */ on) => {
    for (const file of files) if (on) chosen.add(file.path); else chosen.delete(file.path);
    for (const box of boxes()) box.checked = on;
    label();
  };
  label();
  fill(section, h('p', {}, 'Every text of these files is searched for secrets and for what tells who you are. Nothing leaves this server before you have seen it and said so.'),
    h('div.buttons', {}, start,
      h('button.quiet-button', { type: 'button', onclick: () => all(true) }, 'all'),
      h('button.quiet-button', { type: 'button', onclick: () => all(false) }, 'none')),
    h('ul.choice', {}, files.slice(0, SHOWN).map((file) => h('li', {}, h('label', {},
      h('input', {
        type: 'checkbox', checked: true,
        onchange: (/** @type {Event} */ event) => {
          if (/** @type {HTMLInputElement} */ (event.target).checked) chosen.add(file.path); else chosen.delete(file.path);
          label();
        },
      }),
      h('span.runs-name', {}, h('b', {}, file.title ?? file.path), h('span.tiny', {}, [file.harness, file.path, formatBytes(file.size), file.modified && formatDate(file.modified)].filter(Boolean).join(' · '))))))),
    files.length > SHOWN && h('p.tiny', {}, `and ${formatCount(files.length - SHOWN)} more, which are scanned too`));
}
