/** The list of a source's runs. Names, sizes and times are there at once; the rest fills in as files are read. */
import { getJson, isAbort } from './api.js';
import { fill, h } from './dom.js';
import { follow } from './follow.js';
import { formatBytes, formatCount, formatDate, formatDuration, formatUsd } from './format.js';
import { formatLink, parseLink, placeOf } from './link.js';

/** @typedef {import('./link.js').LinkState} LinkState */

/** Height of a row, px; also in app.css, where narrow screens give a row three lines. */
const ROW = 44;
const NARROW_ROW = 62;
const narrow = matchMedia('(max-width: 760px)');
const FIRST_WAIT = 200;
const LONGEST_WAIT = 2000;

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string} label
 * @property {(row: any) => any} value   for sorting; null sorts last
 * @property {(row: any) => string} text
 */

/** @type {Column[]} */
const COLUMNS = [
  { name: 'modified', label: 'Last change', value: (row) => row.modified, text: (row) => formatDate(row.modified) },
  { name: 'duration', label: 'Duration', value: (row) => row.duration ?? null, text: (row) => known(row, row.duration, formatDuration) },
  { name: 'events', label: 'Events', value: (row) => row.events ?? null, text: (row) => known(row, row.events, formatCount) },
  { name: 'calls', label: 'Calls', value: (row) => row.calls ?? null, text: (row) => known(row, row.calls, formatCount) },
  { name: 'errors', label: 'Errors', value: (row) => row.inferred === null || row.inferred === undefined ? null : (row.flagged ?? 0) + row.inferred, text: (row) => known(row, row.inferred, formatCount) },
  { name: 'tokens', label: 'Tokens', value: (row) => row.tokens ?? null, text: (row) => known(row, row.tokens, (count) => formatCount(count, true)) },
  { name: 'cost', label: 'Cost', value: (row) => row.cost ?? null, text: (row) => known(row, row.cost, formatUsd) },
  { name: 'size', label: 'Size', value: (row) => row.size, text: (row) => formatBytes(row.size) },
];

/**
 * @template T
 * @param {any} row
 * @param {T|null|undefined} value
 * @param {(value: T) => string} format
 * @returns {string}
 */
function known(row, value, format) {
  if (row.state !== 'ready') return row.state === 'pending' ? '…' : '';
  return value === null || value === undefined ? '—' : format(value);
}

export class RunsPage {
  /**
   * @param {HTMLElement} host
   * @param {LinkState} state
   * @param {import('./run-page.js').PageContext} context
   */
  constructor(host, state, context) {
    this.host = host;
    this.state = state;
    this.context = context;
    this.closing = new AbortController();
    /** @type {any} */
    this.listing = null;
    /** @type {any[]} */
    this.rows = [];
    this.sort = { name: 'modified', down: true };
    this.showHidden = false;
    this.askedNewest = false;
    this.newest = '';
    this.timer = 0;
    this.frame = 0;
    this.build();
    void this.load(FIRST_WAIT);
  }

  build() {
    this.input = h('input.find', { type: 'search', placeholder: 'Filter by title, model, harness, path  /', 'aria-label': 'Filter runs', value: this.state.find, spellcheck: 'false' });
    this.input.addEventListener('input', () => this.context.go({ ...this.state, find: this.input?.value ?? '' }, false));
    this.count = h('span.tiny', { 'aria-live': 'polite' });
    this.progress = h('progress', { hidden: true, 'aria-label': 'Files read' });
    this.hidden = h('button.toggle', { type: 'button', hidden: true, 'aria-pressed': 'false', onclick: () => { this.showHidden = !this.showHidden; this.draw(); } });
    this.title = h('h1', {}, 'Runs');
    this.place = h('span.crumb');
    this.head = h('div.runs-columns', { role: 'row' });
    this.body = h('div.runs-body');
    this.spacer = h('div.list-spacer');
    this.scroller = h('div.runs-list', { role: 'table', 'aria-label': 'Runs', tabindex: '0' }, this.head, this.spacer, this.body);
    this.scroller.addEventListener('scroll', () => { this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.drawRows(); }); }, { passive: true });
    this.observer = new ResizeObserver(() => this.drawRows());
    this.observer.observe(this.scroller);
    fill(this.host, h('section.runs-head', {}, this.title, this.place, h('span.spacer'), this.count, this.hidden, this.input), this.progress, this.scroller);
  }

  /** @param {number} wait */
  async load(wait) {
    try {
      this.listing = await getJson('runs.json', placeOf(this.state), this.closing.signal);
      if (this.state.repo && !this.state.rev) this.context.go({ ...this.state, rev: this.listing.link.rev }, false);
      this.draw();
      if (this.listing.pending > 0) this.timer = setTimeout(() => void this.load(Math.min(wait * 1.5, LONGEST_WAIT)), wait);
    } catch (error) {
      if (isAbort(error)) return;
      fill(this.host, h('div.failure', { role: 'alert' }, h('h1', {}, 'These runs cannot be listed'),
        h('p', {}, /** @type {Error} */ (error).message), h('p', {}, h('a', { href: '?' }, 'Go to the start page'))));
    }
  }

  /** @param {LinkState} state */
  update(state) {
    this.state = state;
    if (this.input && this.input.value !== state.find) this.input.value = state.find;
    this.draw();
  }

  draw() {
    const { listing } = this;
    if (!listing) return;
    document.title = `${listing.label} · Agent Trace Viewer`;
    const hidden = listing.rows.filter((/** @type {any} */ row) => row.hidden).length;
    const wanted = this.state.find.toLowerCase().split(/\s+/).filter(Boolean);
    this.rows = listing.rows.filter((/** @type {any} */ row) => (this.showHidden || !row.hidden) && matches(row, wanted));
    sortRows(this.rows, this.sort);
    fill(/** @type {HTMLElement} */ (this.title), listing.label);
    fill(/** @type {HTMLElement} */ (this.place), listing.kind === 'hub' ? this.hubWords() : listing.place);
    const read = listing.files - listing.pending;
    fill(/** @type {HTMLElement} */ (this.count), `${formatCount(this.rows.length)} ${this.rows.length === 1 ? 'run' : 'runs'}`,
      listing.pending ? `, ${formatCount(read)} of ${formatCount(listing.files)} files read` : '',
      listing.leftOut ? `, ${formatCount(listing.leftOut)} more files left out` : '');
    const progress = /** @type {HTMLProgressElement} */ (this.progress);
    progress.hidden = listing.pending === 0;
    progress.max = listing.files;
    progress.value = read;
    const toggle = /** @type {HTMLElement} */ (this.hidden);
    toggle.hidden = hidden === 0;
    toggle.textContent = `Subagents and copies ${formatCount(hidden)}`;
    toggle.setAttribute('aria-pressed', String(this.showHidden));
    this.drawHead();
    this.drawRows();
  }

  /** @returns {(Node|string|false)[]} where a dataset is on the Hub, at which commit, and whether there is a newer one */
  hubWords() {
    const { repo, rev } = this.listing.link;
    if (!this.askedNewest && !this.listing.stale) {
      this.askedNewest = true;
      void this.askNewest(repo, rev);
    }
    return [`@ ${rev.slice(0, 7)} `,
      this.listing.stale && h('span.warn', {}, 'the Hub is out of reach: kept from an earlier visit '),
      this.newest !== '' && this.newest !== rev && h('a', { href: formatLink({ ...parseLink(''), repo, rev: this.newest }) }, 'newer revision ')];
  }

  /**
   * @param {string} repo
   * @param {string} rev
   */
  async askNewest(repo, rev) {
    try {
      this.newest = (await getJson('newest.json', { repo }, this.closing.signal)).sha;
      if (this.newest !== rev) this.draw();
    } catch {
      this.newest = ''; // not knowing of a newer one is no reason to disturb the reader
    }
  }

  drawHead() {
    fill(/** @type {HTMLElement} */ (this.head), h('span', { role: 'columnheader' }, 'Run'),
      COLUMNS.map((column) => {
        const on = this.sort.name === column.name;
        const sorted = on ? (this.sort.down ? 'descending' : 'ascending') : 'none';
        return h('span', { role: 'columnheader', 'aria-sort': sorted, class: `col-${column.name}` }, h('button.quiet-button', {
          type: 'button', onclick: () => { this.sort = { name: column.name, down: on ? !this.sort.down : true }; this.draw(); },
        }, column.label, on ? (this.sort.down ? ' ↓' : ' ↑') : ''));
      }));
  }

  drawRows() {
    const scroller = /** @type {HTMLElement} */ (this.scroller);
    const height = narrow.matches ? NARROW_ROW : ROW;
    const first = Math.max(0, Math.floor(scroller.scrollTop / height) - 3);
    const last = Math.min(this.rows.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / height) + 3);
    const body = /** @type {HTMLElement} */ (this.body);
    /** @type {HTMLElement} */ (this.spacer).style.height = `${this.rows.length * height}px`;
    body.style.transform = `translateY(${first * height}px)`;
    if (this.rows.length === 0 && this.listing) return fill(body, this.nothing());
    fill(body, this.rows.slice(first, last).map((row) => this.row(row)));
  }

  /** @returns {HTMLElement} */
  nothing() {
    if (this.state.find) return h('p.empty', {}, `No run matches “${this.state.find}”. `, h('button.button', { type: 'button', onclick: () => this.context.go({ ...this.state, find: '' }, false) }, 'Show all runs'));
    return h('p.empty', {}, 'No trace files here yet. Runs appear as your agent writes them; ', h('a', { href: '?source=demo' }, 'look at the demo race'), ' meanwhile.');
  }

  /**
   * @param {any} row
   * @returns {HTMLElement}
   */
  row(row) {
    const link = { ...parseLink(''), ...placeOf(this.state), run: row.path, part: row.part };
    const name = row.title ?? row.path.split('/').at(-1);
    const facts = row.state === 'ready'
      ? [row.harness, ...row.models, row.subagents ? `${row.subagents} subagent${row.subagents === 1 ? '' : 's'}` : '', row.hidden ?? '']
      : [row.state === 'error' ? row.error : 'reading…'];
    return h(/** @type {'a'} */ (`a.runs-row.is-${row.state}`), {
      role: 'row', href: formatLink(link, location.search),
      onclick: follow(link, this.context.go),
    },
    h('span.runs-name', { role: 'cell' }, h('b', {}, name), h('span.tiny', { title: row.path }, facts.filter(Boolean).join(' · '), ' · ', row.path),
      h('span.tiny.narrow-only', {}, narrowFacts(row))),
    COLUMNS.map((column) => h('span', { role: 'cell', class: `col-${column.name}${column.name === 'errors' && row.errors > 0 ? ' is-error' : ''}` }, column.text(row))));
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean}
   */
  key(event) {
    if (event.key !== '/') return false;
    this.input?.focus();
    return true;
  }

  destroy() {
    this.closing.abort();
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    this.observer?.disconnect();
  }
}

/**
 * What the columns say, as one line for a narrow screen.
 * @param {any} row
 * @returns {string}
 */
function narrowFacts(row) {
  const facts = [formatDate(row.modified)];
  if (row.state === 'ready') facts.push(`${formatCount(row.events)} events`, row.errors === null ? 'errors not recorded' : `${formatCount(row.errors)} errors`);
  return facts.join(' · ');
}

/**
 * @param {any} row
 * @param {string[]} wanted  lower-case words, all of which must be found
 * @returns {boolean}
 */
function matches(row, wanted) {
  if (wanted.length === 0) return true;
  const text = [row.title, row.path, row.harness, ...(row.models ?? []), row.cwd].filter(Boolean).join(' ').toLowerCase();
  return wanted.every((word) => text.includes(word));
}

/**
 * @param {any[]} rows  sorted in place; unknown values come last in either direction
 * @param {{name: string, down: boolean}} sort
 */
function sortRows(rows, sort) {
  const column = COLUMNS.find((candidate) => candidate.name === sort.name) ?? COLUMNS[0];
  const sign = sort.down ? -1 : 1;
  rows.sort((a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0);
    return x < y ? -sign : x > y ? sign : 0;
  });
}
