/** The detail of one event: what it is, when, and everything it holds. */
import { getJson, getText, isAbort } from './api.js';
import { drawBlock } from './blocks.js';
import { copyButton } from './clipboard.js';
import { dot, fill, h } from './dom.js';
import { verdictBadge } from './event-list.js';
import { failureBox } from './failure-box.js';
import { formatClock, formatCount, formatDate, formatDuration, formatUsd } from './format.js';
import { hubLink, markdownButton } from './share.js';

/**
 * @typedef {object} DetailOptions
 * @property {Record<string, string>} run            parameters that name the run
 * @property {boolean} timesUsable
 * @property {(address: string) => string} linkTo    the absolute link to an event
 * @property {(step: 1|-1) => void} onStep           next or previous event
 * @property {string} title                          of the run, for a link's text
 * @property {(record: number) => string} hubAddress the same record on the Hub; '' where it is not there
 * @property {() => void} onClose                    the reader closes the sheet (narrow screens)
 * @property {(index: number, address: string) => void} onEvent  the reader follows a reference to another event
 * @property {() => HTMLElement} about              what to show while no event is selected
 * @property {(call: string, agentId: string|null) => {label: string, open: () => void}|null} childOf  the subagent of a
 *   call, by its address and the id that its result names
 */

/** @type {Record<string, string>} */
const KIND_WORD = {
  user: 'User', assistant: 'Assistant', reasoning: 'Reasoning', compaction: 'Compaction', interruption: 'Interruption',
  api_error: 'API error', system: 'System', other: 'Other record', tool: 'Tool call',
};

export class Detail {
  /**
   * @param {HTMLElement} host
   * @param {DetailOptions} options
   */
  constructor(host, options) {
    this.host = host;
    this.options = options;
    /** @type {AbortController|null} */
    this.asking = null;
    this.address = '';
    /** @type {() => string} */
    this.turnWords = () => '';
    this.turn = h('span');
    this.showNothing();
  }

  /** The turn is known once the columns have come, which may be after the event. */
  drawTurn() {
    const words = this.turnWords();
    this.turn.textContent = words && ` · ${words}`;
  }

  showNothing() {
    this.asking?.abort();
    this.address = '';
    fill(this.host, this.options.about());
  }

  /**
   * @param {string} address
   * @param {boolean} [full]  with nothing cut
   */
  async show(address, full = false) {
    this.asking?.abort();
    const asking = this.asking = new AbortController();
    const same = this.address === address;
    this.address = address;
    try {
      const event = await getJson('event.json', { ...this.options.run, event: address, full: full ? '1' : '' }, asking.signal);
      this.draw(event, full);
      if (!same) this.host.scrollTop = 0;
    } catch (error) {
      if (isAbort(error)) return;
      fill(this.host, h('p.failure', { role: 'alert' }, /** @type {Error} */ (error).message));
    }
  }

  /**
   * @param {any} event
   * @param {boolean} full  it holds everything
   */
  draw(event, full) {
    const name = event.tool ?? KIND_WORD[event.kind] ?? event.kind;
    const context = { run: this.options.run, full, quote: event.failure?.quote ?? '', showFull: () => this.show(event.address, true) };
    const child = event.kind === 'tool' ? this.options.childOf(event.address, event.agentId) : null;
    fill(this.host,
      h('header.detail-head', {},
        h('h2', {}, dot(event.category ?? event.kind), name,
          event.label && h('span.chip', {}, event.label), verdictBadge(event),
          event.verdict === 'ok' && h('span.chip', {}, event.exit === null ? 'ok' : `ok, exit ${event.exit}`),
          event.verdict === 'benign' && h('span.chip', { title: 'Flagged, but by convention no failure' }, event.exit ? `nothing found, exit ${event.exit}` : 'nothing found'),
          event.verdict === 'unknown' && h('span.chip', { title: 'The harness recorded no flag for this result, and nothing in it says that it failed' }, 'outcome unknown')),
        h('span.spacer'),
        h('button.quiet-button', { type: 'button', title: 'Previous event (k)', 'aria-label': 'Previous event', onclick: () => this.options.onStep(-1) }, '↑'),
        h('button.quiet-button', { type: 'button', title: 'Next event (j)', 'aria-label': 'Next event', onclick: () => this.options.onStep(1) }, '↓'),
        h('button.quiet-button.sheet-close', { type: 'button', onclick: () => this.options.onClose() }, 'Close')),
      this.meta(event),
      child && h('p', {}, h('button.button', { type: 'button', onclick: child.open }, `Open subagent: ${child.label}`)),
      failureBox(event, this.options.onEvent),
      event.blocks.map((/** @type {any} */ block) => drawBlock(block, context)),
      usageLine(event.usage));
  }

  /**
   * @param {any} event
   * @returns {HTMLElement}
   */
  meta(event) {
    const records = event.resultRecord && event.resultRecord !== event.record
      ? `records ${event.record} and ${event.resultRecord}` : `record ${event.record}`;
    const facts = [];
    if (event.time !== null && this.options.timesUsable) facts.push(`${formatDate(event.time)} ${formatClock(event.time)}`);
    if (event.duration !== null && this.options.timesUsable) facts.push(formatDuration(event.duration));
    if (event.model) facts.push(event.model);
    const raw = h('pre.raw', { hidden: true });
    const onHub = this.options.hubAddress(event.record);
    this.drawTurn();
    const line = h('div.detail-meta', {}, `event ${event.address} · ${records}`, this.turn, facts.map((fact) => ` · ${fact}`), ' · ',
      copyButton(() => this.options.linkTo(event.address), 'copy link', 'link-button.copy-link'), ' · ',
      markdownButton(() => `${event.tool ?? KIND_WORD[event.kind] ?? event.kind}, event ${event.address} of ${this.options.title}`, () => this.options.linkTo(event.address), 'link-button'), ' · ',
      onHub && [hubLink(onHub), ' · '],
      h('button.link-button.raw-button', { type: 'button', onclick: () => void this.toggleRaw(raw, event) }, 'raw record'));
    return h('div', {}, line, raw);
  }

  /**
   * @param {HTMLElement} place
   * @param {{record: number, resultRecord: number|null}} event
   */
  async toggleRaw(place, event) {
    place.hidden = !place.hidden;
    if (place.hidden || place.textContent) return;
    const records = [...new Set([event.record, event.resultRecord ?? event.record])];
    place.textContent = 'Reading…';
    try {
      const texts = await Promise.all(records.map((record) => getText('record', { ...this.options.run, record })));
      place.textContent = records.map((record, at) => `record ${record}\n${indented(texts[at])}`).join('\n\n');
    } catch (error) {
      place.textContent = /** @type {Error} */ (error).message;
    }
  }
}

/** Characters of a raw record shown; a record with an image may hold millions. */
const RAW_SHOWN = 200_000;

/**
 * @param {string} text
 * @returns {string} JSON with line breaks, or the text as it is
 */
function indented(text) {
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // not one JSON document: two glued on one line, or a broken one; shown as it stands
  }
  return shown.length <= RAW_SHOWN ? shown : `${shown.slice(0, RAW_SHOWN)}\n… ${formatCount(shown.length - RAW_SHOWN)} more characters`;
}

/**
 * @param {any} usage
 * @returns {HTMLElement|null}
 */
function usageLine(usage) {
  if (!usage) return null;
  const facts = [
    `context ${formatCount(usage.context)} tokens`,
    `new input ${formatCount(usage.input)}`,
    usage.cacheRead > 0 && `cache read ${formatCount(usage.cacheRead)}`,
    usage.cacheWrite > 0 && `cache write ${formatCount(usage.cacheWrite)}`,
    `output ${formatCount(usage.output)}`,
    usage.reasoning > 0 && `of it reasoning ${formatCount(usage.reasoning)}`,
    usage.costUsd !== null && formatUsd(usage.costUsd),
  ];
  return h('p.usage', {}, 'This model call: ', facts.filter(Boolean).join(' · '));
}
