/** The way from a list of runs to their review: for what the reader brought, and folders of this machine. */
import { h } from './dom.js';
import { follow } from './follow.js';
import { emptyLink, formatLink } from './link.js';

/**
 * @param {any} listing
 * @param {(state: import('./link.js').LinkState, push: boolean) => void} go
 * @returns {HTMLElement|null}
 */
export function reviewLink(listing, go) {
  if (listing.kind !== 'local' && listing.kind !== 'upload') return null;
  const link = { ...emptyLink(), ...listing.link, view: 'review' };
  return h('a', { href: formatLink(link, location.search), onclick: follow(link, go) }, 'review and publish');
}
