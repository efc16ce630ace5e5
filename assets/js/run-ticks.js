/** Ticking runs in lists, of one place or several, to compare them. What is ticked lasts as long as the page. */
import { fill, h } from './dom.js';
import { follow } from './follow.js';
import { emptyCompare, reference } from './compare-link.js';
import { emptyLink, formatLink, placeOf } from './link.js';

/** @typedef {import('./link.js').LinkState} LinkState */

/** Runs of one comparison; the server takes no more. */
const MOST = 500;

/** The ticked runs, by reference. */
export class Picks {
  constructor() {
    /** @type {Set<string>} */
    this.keys = new Set();
    /** @type {() => void} */
    this.onChange = () => {};
  }

  /**
   * @param {string} key
   * @param {boolean} on
   */
  set(key, on) {
    if (on) this.keys.add(key);
    else this.keys.delete(key);
    this.onChange();
  }

  clear() {
    this.keys.clear();
    this.onChange();
  }
}

/**
 * A row of a list with a box to tick it.
 * @param {Picks} picks
 * @param {string} key
 * @param {string} name  what the row is called
 * @param {HTMLElement} row
 * @returns {HTMLElement}
 */
export function ticked(picks, key, name, row) {
  const box = h('input.runs-tick', { type: 'checkbox', checked: picks.keys.has(key), 'aria-label': `Compare ${name}`, onchange: () => picks.set(key, box.checked) });
  return h('div.runs-line', {}, box, row);
}

/**
 * The reference to a row of a list.
 * @param {any} listing
 * @param {any} row
 * @returns {string}
 */
export function rowKey(listing, row) {
  return reference(listing.link, row.path, row.part);
}

/**
 * The links over a list that lead to a comparison: of what is ticked, of what the filter leaves, or of all runs.
 * @param {HTMLElement} place
 * @param {{picks: Picks, state: LinkState, rows: any[], listing: any, go: (state: LinkState, push: boolean) => void}} list
 */
export function drawCompare(place, { picks, state, rows, listing, go }) {
  const link = (/** @type {LinkState} */ target, /** @type {string} */ words) => h('a.button', { href: formatLink(target, location.search), onclick: follow(target, go) }, words);
  const some = (/** @type {string[]} */ of) => ({ ...emptyLink(), view: 'compare', compare: { ...emptyCompare(), of } });
  const count = picks.keys.size;
  if (count > 0) {
    return fill(place, link(some([...picks.keys].slice(0, MOST)), `Compare ${count} ticked`),
      h('button.quiet-button', { type: 'button', onclick: () => picks.clear() }, 'untick'));
  }
  const ready = rows.filter((row) => row.state === 'ready');
  if (ready.length < 2) return fill(place);
  if (state.find) return fill(place, link(some(ready.slice(0, MOST).map((row) => rowKey(listing, row))), `Compare these ${Math.min(ready.length, MOST)}`));
  fill(place, link({ ...emptyLink(), ...placeOf(state), view: 'compare' }, 'Compare all'));
}
