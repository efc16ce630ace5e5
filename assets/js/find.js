/** Search within a run: asks the server, keeps the matches, steps through those that the filter shows. */
import { getJson, isAbort } from './api.js';
import { lowerBound } from './filter.js';

/** Wait after the last keystroke, ms. */
const WAIT = 150;

/**
 * @typedef {object} FinderOptions
 * @property {Record<string, string>} run                 parameters that name the run
 * @property {(found: number[]|null) => void} onFound     null while nothing is searched for
 * @property {(error: Error) => void} onFailure
 */

export class Finder {
  /** @param {FinderOptions} options */
  constructor(options) {
    this.options = options;
    /** @type {number[]|null} indices of the events that hold the text, rising */
    this.found = null;
    this.timer = 0;
    /** @type {AbortController|null} */
    this.asking = null;
    /** What was typed has no answer yet. */
    this.pending = false;
    /** @type {(() => void)|null} what waits for that answer */
    this.waiting = null;
  }

  /**
   * Call back once the reader pauses.
   * @param {() => void} then
   */
  later(then) {
    clearTimeout(this.timer);
    this.pending = true;
    this.timer = setTimeout(() => {
      this.pending = false; // unless this begins a search: the text may be the old one again
      then();
      if (!this.pending) this.settle();
    }, WAIT);
  }

  /**
   * Call back when what was typed is answered; at once when it is.
   * @param {() => void} then
   */
  whenSettled(then) {
    if (this.pending) this.waiting = then;
    else then();
  }

  settle() {
    const { waiting } = this;
    this.waiting = null;
    waiting?.();
  }

  /** @param {string} text */
  async search(text) {
    this.asking?.abort();
    if (!text) return this.show(null);
    this.pending = true;
    const asking = this.asking = new AbortController();
    try {
      this.show((await getJson('search.json', { ...this.options.run, q: text }, asking.signal)).indices);
    } catch (error) {
      if (isAbort(error)) return;
      this.pending = false;
      this.waiting = null;
      this.options.onFailure(/** @type {Error} */ (error));
    }
  }

  /** @param {number[]|null} found */
  show(found) {
    this.found = found;
    this.pending = false;
    this.options.onFound(found);
    this.settle();
  }

  /**
   * The match after (or before) an event, going round at the ends.
   * @param {number} selected  index; -1 for none
   * @param {1|-1} step
   * @param {(index: number) => boolean} isListed  whether the filter shows it
   * @returns {number|null}
   */
  next(selected, step, isListed) {
    const found = (this.found ?? []).filter(isListed);
    if (found.length === 0) return null;
    let at = lowerBound(found, selected);
    if (step > 0) at += found[at] === selected ? 1 : 0;
    else at -= 1;
    return found[(at + found.length) % found.length];
  }

  close() {
    this.waiting = null;
    clearTimeout(this.timer);
    this.asking?.abort();
  }
}
