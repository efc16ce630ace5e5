/** What a reader must know of the revision of a dataset that is shown: kept and perhaps old, renamed, not the newest. */
import { getJson } from './api.js';
import { append, h } from './dom.js';
import { follow } from './follow.js';
import { formatLink } from './link.js';

/** @typedef {import('./link.js').LinkState} LinkState */

/**
 * @param {any} source            of `run.json` or `runs.json`: `link`, `stale`
 * @param {object} options
 * @param {LinkState} options.state                                   what is shown, pinned
 * @param {string} options.asked                                      the name by which the dataset was asked for
 * @param {(state: LinkState, push: boolean) => void} options.go
 * @param {AbortSignal} options.signal                                ends the question for the newest
 * @returns {HTMLElement} empty for what is not on the Hub
 */
export function revisionNote(source, options) {
  const note = h('span.revision-note');
  const { repo, rev } = source.link;
  if (!repo) return note;
  if (options.asked && options.asked !== repo) append(note, [h('span.warn', {}, `${options.asked} is now called ${repo} `)]);
  if (source.stale) append(note, [h('span.warn', {}, 'the Hub gives no answer now: kept from an earlier visit ')]);
  else void askNewest(note, repo, rev, options);
  return note;
}

/**
 * @param {HTMLElement} note
 * @param {string} repo
 * @param {string} rev
 * @param {{state: LinkState, go: (state: LinkState, push: boolean) => void, signal: AbortSignal}} options
 */
async function askNewest(note, repo, rev, options) {
  try {
    const { sha } = await getJson('newest.json', { repo }, options.signal);
    if (sha === rev) return;
    const newer = { ...options.state, repo, rev: sha };
    append(note, [h('a', { href: formatLink(newer, location.search), onclick: follow(newer, options.go) }, 'newer revision')]);
  } catch {
    // not knowing of a newer one is no reason to disturb the reader
  }
}
