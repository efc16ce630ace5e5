/** Which page a link opens, and the pages that the head of every page leads to. */
import { BringPage } from './bring-page.js';
import { ComparePage } from './compare-page.js';
import { EvalPage } from './eval-page.js';
import { HomePage } from './home-page.js';
import { HubPage } from './hub-page.js';
import { ReviewPage } from './review-page.js';
import { RunPage } from './run-page.js';
import { RunsPage } from './runs-page.js';

/** @typedef {BringPage|ComparePage|EvalPage|HomePage|HubPage|ReviewPage|RunPage|RunsPage} Page */

/** The views that the head names, in its order. */
export const NAVIGATION = /** @type {const} */ ([
  ['hub', 'Hub'], ['compare', 'Compare'], ['eval', 'Eval check'], ['bring', 'Your runs'],
]);

/** Each view that a link may name: its page, and the class that lays it out. */
const VIEWS = /** @type {const} */ ({
  hub: { Page: HubPage, look: 'is-home' },
  compare: { Page: ComparePage, look: 'is-compare' },
  eval: { Page: EvalPage, look: 'is-eval' },
  bring: { Page: BringPage, look: 'is-home' },
  review: { Page: ReviewPage, look: 'is-home' },
});

/**
 * The page of a state. A view that is none leads to what the rest of the link names.
 * @param {import('./link.js').LinkState} state
 */
export function pageOf(state) {
  const named = Object.hasOwn(VIEWS, state.view) ? VIEWS[/** @type {keyof typeof VIEWS} */ (state.view)] : null;
  if (named && (state.view !== 'review' || state.source) && (state.view !== 'hub' || !(state.run || state.source || state.repo))) return named;
  if (state.run) return { Page: RunPage, look: 'is-run' };
  if (state.source || state.repo) return { Page: RunsPage, look: 'is-runs' };
  return { Page: HomePage, look: 'is-home' };
}
