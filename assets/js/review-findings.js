/** The findings, by kind: what becomes of each, and where it stands. */
import { getJson, isAbort } from './api.js';
import { fill, h } from './dom.js';
import { formatCount } from './format.js';
import { emptyLink, formatLink } from './link.js';

/** @typedef {import('./review-page.js').ReviewView} ReviewView */

/** Findings of a kind that are drawn before the reader asks for all. */
const SHOWN = 30;
const DEFAULT_REASON = 'not a secret';

/**
 * @param {ReviewView} view
 * @returns {HTMLElement}
 */
export function findingsSection(view) {
  const { job } = view;
  return h('section', { 'aria-label': 'Findings' },
    h('div.section-head', {}, h('h2', {}, 'Findings'),
      job.undecided > 0 ? h('span.badge', {}, `${formatCount(job.undecided)} to decide`) : h('span.tiny', {}, 'all decided'),
      h('span.spacer'),
      job.undecided > 0 && h('button.button', { type: 'button', 'data-focus': 'all', onclick: () => void view.act('decide', { undecided: true, action: 'redact' }) }, 'Take out all that is undecided'),
      h('button.toggle', { type: 'button', 'aria-pressed': view.show, 'data-focus': 'reveal', onclick: () => view.reveal(!view.show) }, 'show values')),
    job.kinds.length ? job.kinds.map((/** @type {any} */ kind) => kindBlock(view, kind))
      : h('p.empty', {}, 'The rules found nothing in these files. That says little: read the runs, and add the words that must not be seen.'));
}

/**
 * @param {ReviewView} view
 * @param {any} kind
 * @returns {HTMLElement}
 */
function kindBlock(view, kind) {
  const open = kind.findings.filter((/** @type {any} */ finding) => !finding.action).length;
  const key = `kind ${kind.kind}`;
  const all = view.opened.has(key);
  const rows = all ? kind.findings : kind.findings.slice(0, SHOWN);
  return h('article.kind', { 'aria-label': kind.label },
    h('div.kind-head', {},
      h('h3', {}, kind.label), h('span.tiny', {}, `${formatCount(kind.findings.length)} ${kind.findings.length === 1 ? 'value' : 'values'}${open ? `, ${formatCount(open)} to decide` : ''}`),
      h('span.spacer'),
      kind.group === 'person' ? personSwitch(view, kind) : kindButtons(view, kind)),
    h('ul.findings', {}, rows.map((/** @type {any} */ finding) => findingRow(view, finding))),
    rows.length < kind.findings.length && h('button.link-button', {
      type: 'button', onclick: () => { view.opened.add(key); view.reveal(view.show); },
    }, `show all ${formatCount(kind.findings.length)}`));
}

/**
 * @param {ReviewView} view
 * @param {any} kind
 */
function kindButtons(view, kind) {
  return [
    h('button.button', { type: 'button', 'data-focus': `all ${kind.kind}`, onclick: () => void view.act('decide', { kind: kind.kind, action: 'redact' }) }, 'Take all out'),
    h('button.quiet-button', { type: 'button', 'data-focus': `none ${kind.kind}`, onclick: () => askReason(view, { kind: kind.kind }) }, 'let all stand…'),
  ];
}

/**
 * @param {ReviewView} view
 * @param {any} kind
 */
function personSwitch(view, kind) {
  const on = kind.findings.some((/** @type {any} */ finding) => finding.action === 'redact');
  return h('label.filter-box', {}, h('input', {
    type: 'checkbox', checked: on, 'data-focus': `switch ${kind.kind}`,
    onchange: () => void view.act('decide', on ? { kind: kind.kind, action: 'ignore', reason: 'switched off' } : { kind: kind.kind, action: 'redact' }),
  }), 'take these out');
}

/**
 * @param {ReviewView} view
 * @param {Record<string, any>} which
 */
function askReason(view, which) {
  const reason = h('input.find', { 'aria-label': 'Why it may stay', value: DEFAULT_REASON });
  const dialog = h('dialog.keys', {}, h('form', {
    method: 'dialog',
    onsubmit: () => void view.act('decide', { ...which, action: 'ignore', reason: reason.value }),
  }, h('h2', {}, 'Why may it stay as it is?'), h('p', {}, reason), h('div.buttons', {}, h('button.button', {}, 'Let it stand'),
    h('button.quiet-button', { type: 'button', onclick: () => dialog.close() }, 'cancel'))));
  dialog.addEventListener('close', () => dialog.remove());
  document.getElementById('view')?.append(dialog);
  dialog.showModal();
  reason.select();
}

/**
 * @param {ReviewView} view
 * @param {any} finding
 * @returns {HTMLElement}
 */
function findingRow(view, finding) {
  const places = h('div.places', { hidden: true });
  const where = h('button.link-button', { type: 'button', 'aria-expanded': false, 'data-focus': `where ${finding.id}` },
    `${formatCount(finding.records)} ${finding.records === 1 ? 'record' : 'records'} in ${formatCount(finding.runs)} ${finding.runs === 1 ? 'file' : 'files'}`);
  where.addEventListener('click', () => {
    places.hidden = !places.hidden;
    where.setAttribute('aria-expanded', String(!places.hidden));
    if (!places.hidden) void showPlaces(view, finding, places);
  });
  const decide = (/** @type {string|null} */ action) => void view.act('decide', { findings: [finding.id], action });
  return h('li.finding', { class: finding.action ? '' : 'is-open' },
    h('code.finding-text', {}, finding.text),
    h('span.finding-fate', { title: finding.reason }, finding.action === 'redact' ? h('code', {}, finding.placeholder) : finding.action === 'ignore' ? `stays: ${finding.reason}` : 'to decide'),
    where,
    h('span.seg', {},
      h('button.seg-button', { type: 'button', 'aria-pressed': finding.action === 'redact', 'data-focus': `out ${finding.id}`, onclick: () => decide(finding.action === 'redact' ? null : 'redact') }, 'take out'),
      h('button.seg-button', { type: 'button', 'aria-pressed': finding.action === 'ignore', 'data-focus': `stay ${finding.id}`, onclick: () => (finding.action === 'ignore' ? decide(null) : askReason(view, { findings: [finding.id] })) }, 'let stand')),
    places);
}

/**
 * @param {ReviewView} view
 * @param {any} finding
 * @param {HTMLElement} place
 */
async function showPlaces(view, finding, place) {
  try {
    const answer = await getJson('finding.json', { review: view.job.review, finding: finding.id, show: view.show ? 1 : '' }, view.signal);
    fill(place, answer.places.map((/** @type {any} */ each) => {
      const link = { ...emptyLink(), ...view.job.source, run: each.run, event: String(each.record || '') };
      return h('div.place', {},
        h('a', { href: formatLink(link, location.search), target: '_blank', rel: 'noopener', title: each.run }, each.record ? `record ${each.record}` : 'file name'),
        h('code', {}, each.around));
    }), answer.records > answer.places.length && h('p.tiny', {}, `and ${formatCount(answer.records - answer.places.length)} more records`));
  } catch (error) {
    if (!isAbort(error)) fill(place, h('p.tiny', { role: 'alert' }, /** @type {Error} */ (error).message));
  }
}
