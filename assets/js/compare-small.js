/** The demo's compare panel, small, for the landing page: one click from the whole comparison. */
import { postJson } from './api.js';
import { emptyCompare } from './compare-link.js';
import { fillSentence, panelTable } from './compare-panel.js';
import { fill, h } from './dom.js';
import { follow } from './follow.js';
import { formatLink, parseLink } from './link.js';

const FIRST_WAIT = 100;
const LONGEST_WAIT = 2000;

/**
 * @param {string} source  key of the demo
 * @param {(state: import('./link.js').LinkState, push: boolean) => void} go
 * @param {AbortSignal} signal
 * @returns {HTMLElement}
 */
export function smallPanel(source, go, signal) {
  const host = h('section.small-panel', { 'aria-label': 'The demo race compared' });
  void load(host, source, go, signal);
  return host;
}

/**
 * @param {HTMLElement} host
 * @param {string} source
 * @param {(state: import('./link.js').LinkState, push: boolean) => void} go
 * @param {AbortSignal} signal
 */
async function load(host, source, go, signal) {
  const page = { ...parseLink(''), view: 'compare', source };
  const link = (/** @type {import('./link.js').LinkState} */ state) => ({ href: formatLink(state, location.search), onclick: follow(state, go) });
  const open = h('a.button', link(page), 'See what each of them did');
  fill(host, open);
  try {
    let found = await postJson('compare.json', { of: [source], models: false }, signal);
    for (let wait = FIRST_WAIT; found.pending > 0; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      await new Promise((done) => { setTimeout(done, wait); });
      found = await postJson('compare.json', { of: [source], models: false }, signal);
    }
    const sentence = h('div');
    fillSentence(sentence, found);
    fill(host, h('h2', {}, found.title), h('p.tiny', {}, found.facts), panelTable(found, {
      linkTo: (run) => link({ ...parseLink(''), ...run.link }), selected: '',
      select: (cell) => go({ ...page, compare: { ...emptyCompare(), cell } }, true),
    }), sentence, h('p.small-panel-door', {}, open));
  } catch {
    // The landing page is of use without it, and says itself when the server does not answer.
  }
}
