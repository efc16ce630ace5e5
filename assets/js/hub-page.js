/** The Hub's trace datasets: find one, or open one by name. */
import { getJson, isAbort } from './api.js';
import { fill, h } from './dom.js';
import { follow } from './follow.js';
import { formatCount, formatDate } from './format.js';
import { emptyLink, formatLink } from './link.js';
import { openForm } from './open-form.js';

/** @typedef {import('./link.js').LinkState} LinkState */

const SORTS = Object.freeze({
  trendingScore: 'trending', likes: 'likes', lastModified: 'last change', downloads: 'downloads',
});
/** Wait after the last keystroke, ms. */
const WAIT = 300;

export class HubPage {
  /**
   * @param {HTMLElement} host
   * @param {LinkState} state
   * @param {import('./run-page.js').PageContext} context
   */
  constructor(host, state, context) {
    this.state = state;
    this.context = context;
    this.closing = new AbortController();
    /** @type {AbortController|null} */
    this.asking = null;
    this.timer = 0;
    document.title = 'Trace datasets on the Hub · Agent Trace Viewer';
    this.input = h('input.find', { type: 'search', placeholder: 'Name, harness, author:…  /', 'aria-label': 'Search datasets', value: state.find, spellcheck: 'false' });
    this.input.addEventListener('input', () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.context.go({ ...this.state, find: this.input.value }, false), WAIT);
    });
    this.sort = h('select', { 'aria-label': 'Sort by', onchange: () => this.context.go({ ...this.state, sort: this.sort.value }, false) },
      Object.entries(SORTS).map(([value, label]) => h('option', { value }, label)));
    this.sort.value = sortOf(state);
    this.count = h('span.tiny', { 'aria-live': 'polite' });
    this.body = h('div.hub-list');
    fill(host, h('section.runs-head', {}, h('h1', {}, 'Trace datasets on the Hub'), h('span.spacer'), this.count,
      h('label.tiny', {}, 'by ', this.sort), this.input), h('div.hub-open', {}, openForm(context.go)), this.body);
    void this.load();
  }

  async load() {
    this.asking?.abort();
    const asking = this.asking = new AbortController();
    const [author, search] = searched(this.state.find);
    if (!this.body.childElementCount) fill(this.body, h('p.empty.loading', {}, 'Asking the Hub…'));
    try {
      const { datasets, failure } = await getJson('hub.json', { search, author, sort: this.sort.value }, asking.signal);
      if (failure) return this.drawKept(datasets, failure);
      fill(this.count, `${formatCount(datasets.length)} ${datasets.length === 1 ? 'dataset' : 'datasets'}`);
      fill(this.body, datasets.length ? datasets.map((/** @type {any} */ row) => this.row(row))
        : h('p.empty', {}, 'No trace dataset matches. Open one by its name above: not every dataset of traces is tagged.'));
    } catch (error) {
      if (isAbort(error)) return;
      fill(this.count);
      fill(this.body, h('p.failure', { role: 'alert' }, /** @type {Error} */ (error).message));
    }
  }

  /**
   * What is kept of earlier visits, as the Hub cannot be asked.
   * @param {any[]} datasets
   * @param {string} failure
   */
  drawKept(datasets, failure) {
    fill(this.count);
    fill(this.body, h('p.failure', { role: 'alert' }, failure), h('h2.hub-kept', {}, 'Kept from earlier visits'), datasets.map((row) => this.row(row)));
  }

  /**
   * @param {any} row
   * @returns {HTMLElement}
   */
  row(row) {
    const link = { ...emptyLink(), repo: row.repo };
    const facts = [
      row.runs !== null && `${formatCount(row.runs)} ${row.runs === 1 ? 'run' : 'runs'}`, ...row.harnesses, row.gated && 'gated', row.restricted && !row.gated && 'private',
      row.modified !== null && `changed ${formatDate(row.modified)}`, row.modified !== null && !row.tagged && 'tagged by its author',
    ];
    return h('a.hub-row', {
      href: formatLink(link, location.search),
      onclick: follow(link, this.context.go),
    },
    h('span.runs-name', {}, h('b', {}, row.repo), h('span.tiny', {}, facts.filter(Boolean).join(' · '))),
    h('span.number.tiny', {}, row.likes === null ? '' : `${formatCount(row.likes)} likes`),
    h('span.number.tiny', {}, row.downloads === null ? '' : `${formatCount(row.downloads, true)} downloads`));
  }

  /** @param {LinkState} state */
  update(state) {
    const changed = state.find !== this.state.find || state.sort !== this.state.sort;
    this.state = state;
    this.sort.value = sortOf(state);
    if (this.input.value !== state.find) this.input.value = state.find;
    if (changed) void this.load();
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean}
   */
  key(event) {
    if (event.key !== '/') return false;
    this.input.focus();
    return true;
  }

  destroy() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.closing.abort();
  }
}

/**
 * @param {LinkState} state
 * @returns {string} one of `SORTS`
 */
function sortOf(state) {
  return state.sort in SORTS ? state.sort : 'trendingScore';
}

/**
 * `author:name words` as author and words.
 * @param {string} text
 * @returns {[string, string]}
 */
export function searched(text) {
  const found = /(?:^|\s)author:(\S+)/.exec(text);
  return [found?.[1] ?? '', text.replace(/(?:^|\s)author:\S+/, '').trim()];
}
