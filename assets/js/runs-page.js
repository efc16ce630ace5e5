/** The list of a source's runs. Names, sizes and times are there at once; the rest fills in as files are read. */
import { apiUrl, getJson, isAbort } from './api.js';
import { drawChooser } from './column-chooser.js';
import { fill, h } from './dom.js';
import { follow } from './follow.js';
import { formatCount, formatDate } from './format.js';
import { drawGone } from './gone-page.js';
import { reviewLink } from './review-link.js';
import { formatLink, parseLink, placeOf } from './link.js';
import { miniRibbon } from './mini-ribbon.js';
import { revisionNote } from './revision-note.js';
import { drawCompare, rowKey, ticked } from './run-ticks.js';
import { columnsOf, errorsOf, metricNames, sortRows } from './runs-columns.js';
import { onThemeChange, palette } from './theme.js';
import { errorWords } from './verdicts.js';
import { watcherName } from './watcher.js';

/** @typedef {import('./link.js').LinkState} LinkState */

/** Height of a row, px; also in app.css, where narrow screens give a row three lines. */
const ROW = 44;
const NARROW_ROW = 62;
const narrow = matchMedia('(max-width: 760px)');
const medium = matchMedia('(max-width: 1280px)');
/** Width of a name at least, and of the gap between columns, px. */
const NAME_PX = 240;
const GAP_PX = 8;
const RIBBON_PX = 128;
const FIRST_WAIT = 200;
const LONGEST_WAIT = 2000;

/**
 * The metrics that a state needs: those it shows and the one it sorts by.
 * @param {LinkState} state
 * @returns {string[]}
 */
function metricsIn({ cols, sort }) {
  return [...new Set(metricNames(`${cols},${sort.replace(/^-/, '')}`))];
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
    /** @type {import('./runs-columns.js').Column[]} */
    this.columns = [];
    /** @type {import('./metric-words.js').Metric[]} */
    this.metrics = [];
    this.choosing = false;
    this.colours = palette();
    this.showHidden = false;
    this.watch = watcherName();
    this.stopped = false;
    /** @type {HTMLElement|null} */
    this.note = null;
    this.timer = 0;
    this.frame = 0;
    this.build();
    const redraw = () => { this.colours = palette(); this.draw(); };
    this.offTheme = onThemeChange(redraw);
    medium.addEventListener('change', redraw, { signal: this.closing.signal });
    void this.loadMetrics();
    void this.load(FIRST_WAIT);
  }

  build() {
    this.input = h('input.find', { type: 'search', placeholder: 'Filter by title, model, harness, path  /', 'aria-label': 'Filter runs', value: this.state.find, spellcheck: 'false' });
    this.input.addEventListener('input', () => this.context.go({ ...this.state, find: this.input?.value ?? '' }, false));
    this.count = h('span.tiny', { 'aria-live': 'polite' });
    this.progress = h('progress', { hidden: true, 'aria-label': 'Files read' });
    this.stop = h('button.button', { type: 'button', hidden: true, onclick: () => this.toggleReading() });
    this.limits = h('ul.notes', { 'aria-label': 'About this list', hidden: true });
    this.hidden = h('button.toggle', { type: 'button', hidden: true, 'aria-pressed': 'false', onclick: () => { this.showHidden = !this.showHidden; this.draw(); } });
    this.chooser = h('button.toggle', {
      type: 'button', 'aria-expanded': 'false', 'aria-controls': 'column-chooser', onclick: () => { this.choosing = !this.choosing; this.drawChooser(); },
    }, 'Columns');
    this.chooserPanel = h('div.filter-panel.column-chooser', { id: 'column-chooser', hidden: true });
    this.downloads = h('span.downloads.tiny');
    this.comparing = h('span.runs-compare');
    this.context.picks.onChange = () => this.draw();
    this.title = h('h1', {}, 'Runs');
    this.place = h('span.crumb');
    this.head = h('div.runs-columns', { role: 'row' });
    this.body = h('div.runs-body');
    this.spacer = h('div.list-spacer');
    this.scroller = h('div.runs-list', { role: 'table', 'aria-label': 'Runs', tabindex: '0' }, this.head, this.spacer, this.body);
    this.scroller.addEventListener('scroll', () => { this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.drawRows(); }); }, { passive: true });
    this.observer = new ResizeObserver(() => this.drawRows());
    this.observer.observe(this.scroller);
    fill(this.host, h('section.runs-head', {}, this.title, this.place, h('span.spacer'), this.count, this.stop, this.comparing, this.hidden, this.chooser, this.downloads, this.input, this.limits), this.chooserPanel, this.progress, this.scroller);
  }

  /**
   * @param {number} wait
   * @param {string} [again]  '1' to ask once more for what could not be had
   */
  async load(wait, again = '') {
    try {
      const stop = this.stopped ? '1' : '';
      const metrics = metricsIn(this.state).join(',');
      this.listing = await getJson('runs.json', { ...placeOf(this.state), watch: this.watch, stop, again, metrics }, this.closing.signal);
      this.pin();
      this.draw();
      if (!this.listing.settled && !this.stopped) this.timer = setTimeout(() => void this.load(Math.min(wait * 1.5, LONGEST_WAIT)), wait);
    } catch (error) {
      if (isAbort(error)) return;
      drawGone(this.host, { title: 'These runs cannot be listed', error, state: this.state, context: this.context, signal: this.closing.signal });
    }
  }

  /** Write into the link what it stands for now: the commit, and the dataset's present name. */
  pin() {
    const { link } = this.listing;
    const asked = this.state.repo;
    if (asked && (link.repo !== asked || link.rev !== this.state.rev)) this.context.pin({ ...this.state, ...link });
    this.note ??= revisionNote(this.listing, { state: this.state, asked, go: this.context.go, signal: this.closing.signal });
  }

  toggleReading() {
    const again = this.listing?.pending === 0;
    this.stopped = !again && !this.stopped;
    clearTimeout(this.timer);
    void this.load(FIRST_WAIT, again ? '1' : '');
  }

  /** What the metrics are called; without it the list has the columns of every list. */
  async loadMetrics() {
    try {
      this.metrics = (await getJson('metrics.json', {}, this.closing.signal)).metrics;
      this.draw();
    } catch (error) {
      if (!isAbort(error)) this.metrics = []; // the list itself tells of a server that cannot be reached
    }
  }

  /** @param {LinkState} state */
  update(state) {
    const had = metricsIn(this.state);
    const more = metricsIn(state).some((name) => !had.includes(name));
    this.state = state;
    if (more) {
      clearTimeout(this.timer);
      void this.load(FIRST_WAIT);
    }
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
    this.columns = columnsOf(this.state.cols, this.metrics, medium.matches);
    const { name, down } = this.sort;
    sortRows(this.rows, columnsOf(name, this.metrics, false)[0], down);
    fill(/** @type {HTMLElement} */ (this.title), listing.label);
    fill(/** @type {HTMLElement} */ (this.place), listing.kind === 'hub' ? [h('a', { href: listing.page, target: '_blank', rel: 'noopener', title: 'This dataset on the Hub' }, `@ ${listing.link.rev.slice(0, 7)}`), ' ', this.note] : [listing.place, ' ', reviewLink(listing, this.context.go)]);
    const read = listing.files - listing.pending;
    fill(/** @type {HTMLElement} */ (this.count), `${formatCount(this.rows.length)} ${this.rows.length === 1 ? 'run' : 'runs'}`,
      listing.pending ? `, ${this.stopped ? 'stopped at ' : ''}${formatCount(read)} of ${formatCount(listing.files)} files read` : '',
      listing.leftOut && !listing.notes.length ? `, ${formatCount(listing.leftOut)} more files left out` : '');
    const progress = /** @type {HTMLProgressElement} */ (this.progress);
    progress.hidden = listing.pending === 0;
    progress.max = listing.files;
    progress.value = read;
    const toggle = /** @type {HTMLElement} */ (this.hidden);
    const stop = /** @type {HTMLElement} */ (this.stop);
    stop.hidden = listing.pending === 0 && listing.failed === 0;
    stop.textContent = listing.pending === 0 ? 'Try again' : this.stopped ? 'Continue' : 'Stop';
    stop.title = listing.pending === 0 ? `${formatCount(listing.failed)} could not be read` : this.stopped ? 'Read the rest of the files' : 'Read no more files';
    const limits = /** @type {HTMLElement} */ (this.limits);
    limits.hidden = listing.notes.length === 0;
    fill(limits, listing.notes.map((/** @type {string} */ note) => h('li', {}, note)));
    toggle.hidden = hidden === 0;
    toggle.textContent = `Subagents and copies ${formatCount(hidden)}`;
    toggle.setAttribute('aria-pressed', String(this.showHidden));
    const { picks, go } = this.context;
    drawCompare(/** @type {HTMLElement} */ (this.comparing), { picks, go, state: this.state, rows: this.rows, listing });
    this.drawDownloads();
    this.drawChooser();
    this.drawHead();
    this.drawRows();
  }

  /** @returns {{name: string, down: boolean}} what the list is sorted by */
  get sort() {
    const { sort } = this.state;
    return { name: sort.replace(/^-/, '') || 'modified', down: !sort.startsWith('-') };
  }

  drawDownloads() {
    const place = placeOf(this.state.repo ? { ...this.state, ...this.listing.link } : this.state);
    const title = this.listing.pending ? 'Of the files read so far' : 'Every run with all its metrics';
    fill(/** @type {HTMLElement} */ (this.downloads), 'Save as ',
      h('a', { href: apiUrl('runs.csv', place), download: '', title }, 'CSV'), ' or ',
      h('a', { href: apiUrl('runs.json', { ...place, download: '1' }), download: '', title }, 'JSON'));
  }

  drawChooser() {
    const panel = /** @type {HTMLElement} */ (this.chooserPanel);
    panel.hidden = !this.choosing;
    this.chooser?.setAttribute('aria-expanded', String(this.choosing));
    if (!this.choosing) return;
    const focused = document.activeElement instanceof HTMLInputElement && panel.contains(document.activeElement) ? document.activeElement.value : '';
    drawChooser(panel, {
      metrics: this.metrics, shown: this.columns.map(({ name }) => name), sort: this.sort,
      onSort: (sort) => this.context.go({ ...this.state, sort }, false),
      onChange: (names) => this.context.go({ ...this.state, cols: names?.join(',') ?? '' }, false),
    });
    for (const box of panel.querySelectorAll('input')) if (box.value === focused) box.focus();
  }

  drawHead() {
    const { name, down } = this.sort;
    const widths = this.columns.map(({ width }) => width);
    const scroller = /** @type {HTMLElement} */ (this.scroller);
    scroller.style.setProperty('--runs-grid', `minmax(${NAME_PX}px, 1fr) ${widths.map((width) => `${width}px`).join(' ')}`);
    scroller.style.setProperty('--runs-width', `${NAME_PX + widths.reduce((sum, width) => sum + width + GAP_PX, 2 * 16)}px`);
    fill(/** @type {HTMLElement} */ (this.head), h('span', { role: 'columnheader' }, 'Run'),
      this.columns.map((column) => {
        const on = name === column.name;
        const sorted = on ? (down ? 'descending' : 'ascending') : 'none';
        const sort = on && down ? `-${column.name}` : column.name;
        return h('span', { role: 'columnheader', 'aria-sort': sorted, class: 'col', title: column.title }, column.name === 'process' ? column.label
          : h('button.quiet-button', { type: 'button', onclick: () => this.context.go({ ...this.state, sort }, false) },
            column.label, on ? (down ? ' ↓' : ' ↑') : ''));
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
    fill(body, this.rows.slice(first, last).map((row) => ticked(this.context.picks, rowKey(this.listing, row), row.path, this.row(row))));
  }

  /** @returns {HTMLElement} */
  nothing() {
    if (this.state.find) return h('p.empty', {}, `No run matches “${this.state.find}”. `, h('button.button', { type: 'button', onclick: () => this.context.go({ ...this.state, find: '' }, false) }, 'Show all runs'));
    if (this.state.repo) return h('p.empty', {}, 'This dataset holds no trace files at this revision.');
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
      : [row.state === 'error' ? row.error : this.stopped ? 'not read' : 'reading…'];
    return h(/** @type {'a'} */ (`a.runs-row.is-${row.state}`), {
      role: 'row', href: formatLink(link, location.search),
      onclick: follow(link, this.context.go),
    },
    h('span.runs-name', { role: 'cell' }, h('b', {}, name), h('span.tiny', { title: row.path },
      h('span', { title: [row.harnessFrom, row.modelsFrom].filter(Boolean).join('\n') || row.path }, facts.filter(Boolean).join(' · ')), ' · ', row.path),
      h('span.tiny.narrow-only', {}, narrowFacts(row))),
    this.columns.map((column) => this.cell(column, row)));
  }

  /**
   * @param {import('./runs-columns.js').Column} column
   * @param {any} row
   * @returns {HTMLElement}
   */
  cell(column, row) {
    if (column.name === 'process') return h('span.col', { role: 'cell' }, row.ribbon && miniRibbon(row.ribbon, this.colours, RIBBON_PX));
    const isError = column.name === 'errors' && (errorsOf(row) ?? 0) > 0;
    const text = column.text(row);
    return h('span.col', { role: 'cell', class: isError ? 'is-error' : '', title: text.length > 12 ? text : '' }, text);
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
    this.offTheme?.();
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
  const facts = row.state !== 'ready' ? []
    : [row.inferred === null ? 'errors unknown' : `errors: ${errorWords(row.flagged, row.inferred)}`, row.events === null ? '' : `${formatCount(row.events)} events`];
  return [...facts, formatDate(row.modified)].filter(Boolean).join(' · ');
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
