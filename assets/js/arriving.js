/** What stands in the place of a run while it is read: of one that comes from the Hub, how much of it is here. */
import { getJson } from './api.js';
import { h } from './dom.js';
import { formatBytes } from './format.js';

/** Between two looks, ms; a small run is here before the first. */
const LOOK = 700;

/**
 * @param {Record<string, string>} run  parameters that name the run
 * @param {AbortSignal} signal          ends the looking
 * @returns {HTMLElement} that looks on by itself while it is on the page
 */
export function arriving(run, signal) {
  const line = h('p.empty.loading', {}, 'Reading the run…');
  const look = async () => {
    if (!line.isConnected || signal.aborted) return;
    try {
      const { done, size } = await getJson('arriving.json', { repo: run.repo, rev: run.rev, run: run.run }, signal);
      if (done > 0) line.textContent = `Reading the run… ${formatBytes(done)} of ${formatBytes(size)} are here`;
    } catch {
      return; // the answer that is waited for says what is wrong
    }
    setTimeout(look, LOOK);
  };
  if (run.repo) setTimeout(look, LOOK);
  return line;
}
