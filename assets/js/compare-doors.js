/** What can be compared, where a link names nothing yet: places with runs, and how to choose single ones. */
import { getJson, isAbort } from './api.js';
import { fill, h } from './dom.js';
import { follow } from './follow.js';
import { emptyLink, formatLink } from './link.js';

/**
 * @param {import('./run-page.js').PageContext} context
 * @returns {HTMLElement}
 */
export function compareDoors(context) {
  const host = h('div.compare-doors');
  void load(host, context);
  return host;
}

/**
 * @param {HTMLElement} host
 * @param {import('./run-page.js').PageContext} context
 */
async function load(host, context) {
  const link = (/** @type {Partial<import('./link.js').LinkState>} */ part, /** @type {(Node|string)[]} */ ...children) => {
    const state = { ...emptyLink(), ...part };
    return h('a.door', { href: formatLink(state, location.search), onclick: follow(state, context.go) }, ...children);
  };
  try {
    const { sources } = await getJson('sources.json', {});
    fill(host, h('p', {}, 'Compare all runs of a place, or tick runs in any list, also of several places, and choose Compare there.'),
      h('div.doors', {}, sources.map((/** @type {any} */ source) => link({ view: 'compare', source: source.id }, h('b', {}, source.label), h('span.mono', {}, source.place || 'four agents, one prompt'))),
        link({ view: 'hub' }, h('b', {}, 'The Hub'), h('span.mono', {}, 'find a dataset of traces'))));
  } catch (error) {
    if (!isAbort(error)) fill(host, h('p.failure', { role: 'alert' }, /** @type {Error} */ (error).message));
  }
}
