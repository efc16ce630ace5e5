/** Review before publishing: scan, findings, decisions, the runs before and after, the files, the dataset. */
import { getJson, isAbort, postJson } from './api.js';
import { fill, h } from './dom.js';
import { follow } from './follow.js';
import { formatBytes, formatCount } from './format.js';
import { emptyLink, formatLink } from './link.js';
import { choiceSection } from './review-choice.js';
import { diffSection } from './review-diff.js';
import { findingsSection } from './review-findings.js';
import { builtSection } from './review-publish.js';
import { runsSection } from './review-runs.js';
import { wordsSection } from './review-words.js';

/** @typedef {import('./link.js').LinkState} LinkState */
/**
 * What the sections of the page are given.
 * @typedef {object} ReviewView
 * @property {any} job                what the server said last
 * @property {boolean} show           whether found texts are shown in full
 * @property {LinkState} state
 * @property {import('./run-page.js').PageContext} context
 * @property {AbortSignal} signal
 * @property {(path: string, body?: Record<string, any>) => Promise<void>} act  a change; its failure is shown
 * @property {() => Promise<void>} reload  ask the server again
 * @property {(show: boolean) => void} reveal
 * @property {(run: string, record?: number) => void} compare  show a record before and after
 * @property {Set<string>} opened     parts that the reader has opened
 * @property {Record<string, any>} typed  what the reader typed to publish, which a failure must not lose
 */

/** Between two looks at work that goes on, ms. */
const WAIT = 300;

export class ReviewPage {
  /**
   * @param {HTMLElement} host
   * @param {LinkState} state
   * @param {import('./run-page.js').PageContext} context
   */
  constructor(host, state, context) {
    this.state = state;
    this.context = context;
    this.closing = new AbortController();
    /** @type {any} */
    this.job = null;
    this.show = false;
    /** @type {Set<string>} */
    this.opened = new Set();
    this.typed = {};
    this.timer = 0;
    document.title = 'Review before publishing · Agent Trace Viewer';
    this.crumb = h('nav.crumb', { 'aria-label': 'Where these runs are' });
    this.said = h('div', { 'aria-live': 'polite' });
    this.body = h('div.review-body');
    this.diff = h('section.review-diff', { hidden: true, 'aria-label': 'Before and after' });
    fill(host, h('div.home.review', {}, this.crumb, h('h1', {}, 'Review before publishing'), this.said, this.body));
    void this.load();
  }

  async load() {
    try {
      this.take(await getJson('review.json', { source: this.state.source }, this.closing.signal));
    } catch (error) {
      if (!isAbort(error)) this.fail(/** @type {Error} */ (error).message);
    }
  }

  /** @param {any} job */
  take(job) {
    this.job = job;
    this.draw();
    clearTimeout(this.timer);
    if (job.busy) this.timer = setTimeout(() => void this.look(), WAIT);
  }

  async look() {
    try {
      const job = await getJson('review.json', { review: this.job.review, show: this.show ? 1 : '' }, this.closing.signal);
      if (job.busy && job.stage === this.job.stage) {
        this.job = job;
        this.progress();
        this.timer = setTimeout(() => void this.look(), WAIT);
      } else this.take(job);
    } catch (error) {
      if (!isAbort(error)) this.fail(/** @type {Error} */ (error).message);
    }
  }

  /**
   * @param {string} path
   * @param {Record<string, any>} [body]
   */
  async act(path, body = {}) {
    try {
      const job = await postJson(`review/${path}`, { review: this.job.review, show: this.show, ...body }, this.closing.signal);
      if (job.forgotten) await this.load();
      else this.take(job);
      if (path === 'decide' || path === 'word' || path === 'runs') this.diff.hidden = true;
    } catch (error) {
      if (isAbort(error)) return;
      this.fail(/** @type {Error} */ (error).message);
    }
  }

  /** @returns {ReviewView} */
  view() {
    return {
      job: this.job, show: this.show, state: this.state, context: this.context, signal: this.closing.signal, opened: this.opened, typed: this.typed,
      act: (path, body) => this.act(path, body),
      reload: () => this.load(),
      reveal: (show) => { this.show = show; void this.look(); },
      compare: (run, record = 0) => { this.diff.hidden = false; void diffSection(this.diff, this.view(), run, record); },
    };
  }

  /** @param {...(string|undefined)} sentences */
  fail(...sentences) {
    fill(this.said, sentences.map((sentence) => sentence && h('p.failure', { role: 'alert' }, sentence)));
    // The button that was pressed may be far below.
    if (this.said.firstElementChild) this.said.scrollIntoView({ block: 'nearest' });
  }

  progress() {
    const { doing, done, total } = this.job;
    const size = total > 5000 ? `${formatBytes(done)} of ${formatBytes(total)}` : total ? `${formatCount(done)} of ${formatCount(total)}` : '';
    fill(this.said, h('div.sending', {}, h('progress', { 'aria-label': doing, max: total || 1, value: total ? done : false }),
      h('p', {}, `${doing}… ${size} `, h('button.button', { type: 'button', onclick: () => void this.act('stop') }, 'Stop'))));
  }

  draw() {
    const { job } = this;
    const focused = document.activeElement?.getAttribute('data-focus');
    const source = { ...emptyLink(), ...(job.source ?? { source: this.state.source }) };
    fill(this.crumb, h('a', { href: formatLink(source, location.search), onclick: follow(source, this.context.go) }, job.label));
    this.fail(job.error, job.missing);
    if (job.busy) this.progress();
    const view = this.view();
    if (!job.review || (job.stage === 'ready' && !job.kinds)) fill(this.body, !job.missing && choiceSection(view));
    else if (job.kinds) {
      fill(this.body, wordsSection(view), findingsSection(view), runsSection(view), this.diff, builtSection(view));
      this.body.toggleAttribute('inert', job.busy);
    } else fill(this.body);
    if (focused) /** @type {HTMLElement|null} */ (this.body.querySelector(`[data-focus="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  }

  /** @param {LinkState} state */
  update(state) {
    this.state = state;
  }

  /** @returns {boolean} */
  key() {
    return false;
  }

  destroy() {
    clearTimeout(this.timer);
    this.closing.abort();
  }
}
