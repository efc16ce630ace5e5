/** The event list: virtual, one fixed-height line per event, as many elements as fit the screen. */
import { address, CATEGORIES, EVIDENCE, KINDS, VERDICTS } from './columns.js';
import { dot, h } from './dom.js';
import { lowerBound } from './filter.js';
import { formatDuration } from './format.js';
import { MARK_MEANS, SIGNS } from './verdicts.js';

const ROW = 28;
const AROUND = 8;
/** Browsers lay out about 16 million px reliably; a longer list scrolls in proportion. */
const TALLEST = 12_000_000;

/**
 * @typedef {object} EventListOptions
 * @property {number} n                                 events in the run
 * @property {import('./row-cache.js').RowCache} cache
 * @property {(index: number) => void} onSelect
 */

export class EventList {
  /**
   * @param {HTMLElement} host
   * @param {EventListOptions} options
   */
  constructor(host, options) {
    this.options = options;
    /** @type {import('./columns.js').Columns|null} */
    this.columns = null;
    /** @type {ArrayLike<number>|null} indices listed; null lists all */
    this.listed = null;
    /** @type {ReadonlySet<number>} */
    this.found = new Set();
    /** @type {ReadonlySet<number>} events that an issue speaks of */
    this.lit = new Set();
    this.selected = -1;
    this.spacer = h('div.list-spacer');
    this.rows = h('div.list-rows');
    this.host = host;
    this.empty = h('p.empty', { hidden: true });
    host.replaceChildren(this.spacer, this.rows, this.empty);
    host.setAttribute('role', 'listbox');
    host.setAttribute('aria-label', 'Events');
    host.tabIndex = 0;
    this.frame = 0;
    this.schedule = () => {
      this.frame ||= requestAnimationFrame(() => { this.frame = 0; this.draw(); });
    };
    host.addEventListener('scroll', this.schedule, { passive: true });
    host.addEventListener('click', (event) => this.clicked(event));
    this.observer = new ResizeObserver(this.schedule);
    this.observer.observe(host);
  }

  /** @returns {number} */
  get length() {
    return this.listed ? this.listed.length : this.options.n;
  }

  /**
   * @param {number} position
   * @returns {number} the event's index
   */
  indexAt(position) {
    return this.listed ? this.listed[position] : position;
  }

  /** @param {import('./columns.js').Columns} columns */
  setColumns(columns) {
    this.columns = columns;
    this.schedule();
  }

  /**
   * @param {ArrayLike<number>|null} listed
   * @param {string} nothing  what to say when nothing is listed
   */
  setListed(listed, nothing) {
    this.listed = listed;
    this.empty.hidden = this.length > 0;
    this.empty.textContent = nothing;
    this.resize();
    if (this.selected >= 0) this.reveal(this.selected);
    this.schedule();
  }

  /** @param {ReadonlySet<number>} found  indices that a search found */
  setFound(found) {
    this.found = found;
    this.schedule();
  }

  /** @param {ReadonlySet<number>} lit */
  light(lit) {
    this.lit = lit;
    this.schedule();
  }

  /** @param {number|null} index */
  select(index) {
    this.selected = index ?? -1;
    if (index !== null) this.reveal(index);
    this.schedule();
  }

  resize() {
    this.spacer.style.height = `${Math.min(this.length * ROW, TALLEST)}px`;
  }

  /** @returns {number} list px per scrolled px: 1 unless the list is taller than a browser can lay out */
  get scale() {
    const visible = this.host.clientHeight;
    const whole = this.length * ROW;
    return whole <= TALLEST ? 1 : (whole - visible) / (TALLEST - visible);
  }

  /** @param {number} index */
  reveal(index) {
    const position = this.listed ? lowerBound(this.listed, index) : index;
    const top = this.host.scrollTop * this.scale;
    const height = this.host.clientHeight;
    this.resize();
    if (position * ROW < top || (position + 1) * ROW > top + height) {
      this.host.scrollTop = Math.max(0, position * ROW - height / 2 + ROW) / this.scale;
    }
  }

  draw() {
    this.resize();
    const top = this.host.scrollTop * this.scale;
    const first = Math.max(0, Math.floor(top / ROW) - 1);
    const last = Math.min(this.length, Math.ceil((top + this.host.clientHeight) / ROW) + 1);
    this.rows.style.transform = `translateY(${this.host.scrollTop - (top - first * ROW)}px)`;
    this.rows.replaceChildren(...this.drawn(first, last));
    const from = Math.max(0, first - AROUND * 8);
    const to = Math.min(this.length, last + AROUND * 8);
    const near = Array.from({ length: to - from }, (_, at) => this.indexAt(from + at));
    if (Array.from({ length: last - first }).some((_, at) => !this.options.cache.get(this.indexAt(first + at)))) {
      this.options.cache.want(near);
    }
  }

  /**
   * @param {number} first
   * @param {number} last
   * @returns {HTMLElement[]}
   */
  drawn(first, last) {
    const rows = [];
    for (let position = first; position < last; position++) rows.push(this.row(this.indexAt(position), position));
    const active = rows.find((row) => row.classList.contains('on'));
    if (active) this.host.setAttribute('aria-activedescendant', active.id);
    else this.host.removeAttribute('aria-activedescendant');
    return rows;
  }

  /**
   * @param {number} index
   * @param {number} position
   * @returns {HTMLElement}
   */
  row(index, position) {
    const facts = this.factsOf(index);
    const hue = facts.category ?? facts.kind;
    const quiet = facts.kind === 'system' || facts.kind === 'other' || facts.kind === 'reasoning';
    const mono = facts.category !== null && facts.category !== 'plan' && facts.category !== 'agent';
    const classes = ['list-row', `is-${facts.kind}`];
    if (index === this.selected) classes.push('on');
    if (facts.verdict === 'error' || facts.kind === 'api_error') classes.push('err');
    if (quiet) classes.push('quiet');
    if (this.found.has(index)) classes.push('found');
    if (this.lit.has(index)) classes.push('lit');
    return h(/** @type {'div'} */ (`div.${classes.join('.')}`), {
      id: `event-${index}`, role: 'option', 'data-index': index, 'aria-selected': index === this.selected,
      'aria-posinset': position + 1, 'aria-setsize': this.length,
    },
    h('span.list-address', {}, facts.address),
    dot(hue),
    h('span.list-kind', {}, facts.category === null ? kindWord(facts) : toolWord(facts.tool)),
    h(mono ? 'code.list-brief' : 'span.list-brief', {}, facts.brief),
    h('span.list-mark', {}, facts.images > 0 && h('span.tiny', {}, facts.images === 1 ? 'image' : `${facts.images} images`),
      verdictBadge(facts) ?? h('span.tiny', {}, this.durationOf(index))));
  }

  /**
   * What is known of a row: from the fetched row, else from the columns alone.
   * @param {number} index
   * @returns {{address: string, kind: string, category: string|null, tool: string|null, label: string, brief: string,
   *   verdict: string|null, evidence: string|null, errorClass: string|null, exit: number|null, images: number}}
   */
  factsOf(index) {
    const row = this.options.cache.get(index);
    if (row) return row;
    const columns = this.columns;
    if (!columns) return { address: '', kind: 'other', category: null, tool: null, label: '', brief: '…', verdict: null, evidence: null, errorClass: null, exit: null, images: 0 };
    return {
      address: address(columns, index),
      kind: KINDS[columns.kind[index]],
      category: CATEGORIES[columns.category[index]] ?? null,
      tool: columns.tools[columns.tool[index]] ?? null,
      label: '', brief: '…', errorClass: null, exit: null, images: 0,
      verdict: VERDICTS[columns.verdict[index]] ?? null,
      evidence: EVIDENCE[columns.evidence[index]] ?? null,
    };
  }

  /**
   * @param {number} index
   * @returns {string}
   */
  durationOf(index) {
    const columns = this.columns;
    if (!columns?.timesUsable) return '';
    const length = columns.end[index] - columns.start[index];
    return length >= 100 ? formatDuration(length) : '';
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const row = /** @type {Element} */ (event.target).closest('.list-row');
    if (row instanceof HTMLElement) this.options.onSelect(Number(row.dataset.index));
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    this.observer.disconnect();
    this.host.removeEventListener('scroll', this.schedule);
  }
}

/**
 * @param {{kind: string, label: string}} facts
 * @returns {string}
 */
function kindWord(facts) {
  if (facts.kind === 'api_error') return 'API error';
  return facts.kind === 'system' || facts.kind === 'other' ? facts.label || facts.kind : facts.kind;
}

/**
 * A tool's name short enough for a row: of `mcp__server__tool` the last part.
 * @param {string|null} tool
 * @returns {string}
 */
function toolWord(tool) {
  if (!tool) return 'tool';
  return tool.startsWith('mcp__') ? tool.split('__').at(-1) || tool : tool;
}

/**
 * The verdict on a result in a word and a shape; what went well, or of which nothing is known, is told by their absence.
 * @param {{verdict: string|null, evidence: string|null, errorClass: string|null, exit: number|null}} facts
 * @returns {HTMLElement|null}
 */
export function verdictBadge({ verdict, evidence, errorClass, exit }) {
  if (verdict === 'unanswered') return h('span.badge', { title: 'The file holds no result for this call' }, 'no result');
  if (verdict === 'error') {
    const mark = evidence === 'inferred' ? 'inferred' : 'flagged';
    const word = mark === 'inferred' ? 'inferred' : exit ? `exit ${exit}` : 'error';
    const title = [errorClass, `error, ${MARK_MEANS[mark]}`].filter(Boolean).join('\n');
    return h(/** @type {'span'} */ (`span.badge.is-error.is-${mark}`), { title }, `${SIGNS[mark]} ${word}`);
  }
  if (verdict !== 'probe' && verdict !== 'denied' && verdict !== 'aborted') return null;
  return h(/** @type {'span'} */ (`span.badge.is-${verdict}`), { title: MARK_MEANS[verdict] }, `${SIGNS[verdict]} ${verdict}`);
}
