/** The rows of the event list: fetched in blocks around what is on screen, kept while there is room. */
import { getJson, isAbort } from './api.js';

/**
 * @typedef {object} EventRow
 * @property {number} i
 * @property {string} address
 * @property {string} kind
 * @property {string} label
 * @property {string|null} tool
 * @property {string|null} category
 * @property {string} brief
 * @property {string|null} verdict
 * @property {string|null} evidence
 * @property {string|null} errorClass
 * @property {number|null} exit
 * @property {number} images
 */

/** Rows asked for at once, and kept at most. */
const BLOCK = 200;
const KEPT = 4000;

export class RowCache {
  /**
   * @param {Record<string, string>} run  the parameters that name the run
   * @param {() => void} onArrival        rows have come
   * @param {(error: Error) => void} onFailure
   */
  constructor(run, onArrival, onFailure) {
    this.run = run;
    this.onArrival = onArrival;
    this.onFailure = onFailure;
    /** @type {Map<number, EventRow>} */
    this.rows = new Map();
    /** @type {AbortController|null} */
    this.asking = null;
    /** @type {Set<number>} */
    this.asked = new Set();
  }

  /** @param {EventRow[]} rows */
  add(rows) {
    for (const row of rows) {
      this.rows.delete(row.i);
      this.rows.set(row.i, row);
    }
    for (const index of this.rows.keys()) {
      if (this.rows.size <= KEPT) break;
      this.rows.delete(index);
    }
  }

  /**
   * @param {number} index
   * @returns {EventRow|undefined}
   */
  get(index) {
    return this.rows.get(index);
  }

  /**
   * Fetch what is missing among these indices (those on screen, then some around); gives up an earlier request whose rows
   * are no longer wanted.
   * @param {number[]} wanted
   */
  want(wanted) {
    const missing = wanted.filter((index) => !this.rows.has(index)).slice(0, BLOCK);
    if (missing.length === 0 || missing.every((index) => this.asked.has(index))) return;
    this.asking?.abort();
    this.asking = new AbortController();
    this.asked = new Set(missing);
    void this.fetch(missing, this.asking.signal);
  }

  /**
   * @param {number[]} indices
   * @param {AbortSignal} signal
   */
  async fetch(indices, signal) {
    try {
      const answer = await getJson('events.json', { ...this.run, i: ranges(indices) }, signal);
      this.add(answer.rows);
      this.asked = new Set();
      this.onArrival();
    } catch (error) {
      if (isAbort(error)) return;
      this.asked = new Set();
      this.onFailure(/** @type {Error} */ (error));
    }
  }

  close() {
    this.asking?.abort();
  }
}

/**
 * Sorted indices in short: `[1, 2, 3, 7]` is `1-3,7`.
 * @param {number[]} indices
 * @returns {string}
 */
export function ranges(indices) {
  /** @type {[number, number][]} */
  const runs = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else runs.push([index, index]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}
