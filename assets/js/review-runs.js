/** Which files are published, and whether their images are. */
import { h } from './dom.js';
import { follow } from './follow.js';
import { formatBytes, formatCount } from './format.js';
import { emptyLink, formatLink } from './link.js';

/**
 * @param {import('./review-page.js').ReviewView} view
 * @returns {HTMLElement}
 */
export function runsSection(view) {
  const { job } = view;
  const leftOut = new Set(job.runs.filter((/** @type {any} */ run) => run.leftOut).map((/** @type {any} */ run) => run.path));
  const kept = job.runs.length - leftOut.size;
  return h('section', { 'aria-label': 'Files' },
    h('div.section-head', {}, h('h2', {}, 'Files to publish'), h('span.tiny', {}, `${formatCount(kept)} of ${formatCount(job.runs.length)}`)),
    job.attachments > 0 && h('label.filter-box', {}, h('input', {
      type: 'checkbox', checked: job.withAttachments, 'data-focus': 'images',
      onchange: () => void view.act('runs', { withAttachments: !job.withAttachments }),
    }), `Publish ${formatCount(job.attachments)} ${job.attachments === 1 ? 'image or other attachment' : 'images and other attachments'} too: nobody has scanned them. Otherwise a grey square stands there.`),
    job.unreadable > 0 && h('p.tiny', {}, `${formatCount(job.unreadable)} ${job.unreadable === 1 ? 'record is' : 'records are'} no JSON: not scanned, and not sent.`),
    h('div.table-scroll', {}, h('table.race-table', {},
      h('thead', {}, h('tr', {}, ['File', 'Findings', 'Size', ''].map((cell) => h('th', { scope: 'col' }, cell)))),
      h('tbody', {}, job.runs.map((/** @type {any} */ run) => row(view, run, leftOut))))));
}

/**
 * @param {import('./review-page.js').ReviewView} view
 * @param {any} run
 * @param {Set<string>} leftOut
 */
function row(view, run, leftOut) {
  const link = { ...emptyLink(), ...view.job.source, run: run.path };
  const change = () => {
    if (run.leftOut) leftOut.delete(run.path);
    else leftOut.add(run.path);
    void view.act('runs', { leftOut: [...leftOut] });
  };
  return h('tr', { class: run.leftOut ? 'is-left-out' : '' },
    h('td', {}, h('label.filter-box', {}, h('input', { type: 'checkbox', checked: !run.leftOut, 'aria-label': `Publish ${run.path}`, 'data-focus': `run ${run.path}`, onchange: change }),
      h('a.mono', { href: formatLink(link, location.search), onclick: follow(link, view.context.go) }, run.path))),
    h('td.number', {}, formatCount(run.findings)),
    h('td.number', {}, formatBytes(run.size)),
    h('td.number', {}, run.findings > 0 && h('button.link-button', { type: 'button', 'data-focus': `diff ${run.path}`, onclick: () => view.compare(run.path) }, 'before and after')));
}
