/** The landing page: your own sessions where there are any, and the demo race. */
import { getJson, isAbort } from './api.js';
import { smallPanel } from './compare-small.js';
import { fill, h } from './dom.js';
import { follow } from './follow.js';
import { formatCount, formatDate, formatDuration, formatUsd } from './format.js';
import { formatLink, parseLink } from './link.js';
import { openForm } from './open-form.js';
import { errorsOf } from './runs-columns.js';
import { errorWords } from './verdicts.js';

/** @typedef {import('./link.js').LinkState} LinkState */

export class HomePage {
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
    document.title = 'Agent Trace Viewer';
    void this.load();
  }

  async load() {
    try {
      const { sources } = await getJson('sources.json', {}, this.closing.signal);
      const demo = sources.find((/** @type {any} */ source) => source.kind === 'demo');
      const local = sources.filter((/** @type {any} */ source) => source.kind === 'local');
      const doors = h('div.doors', {}, local.map((/** @type {any} */ source) => this.door(source)));
      const race = h('section.race');
      const lead = h('div', {},
        h('h1', {}, 'See what your agents did'),
        h('p.lead', {}, 'Each run as a timeline with its tool calls and errors marked, every event one click away, and a link to each.'),
        local.length > 0 && h('section', {}, h('h2', {}, 'On this machine'), doors),
        h('section', {}, h('h2', {}, 'On the Hugging Face Hub'), openForm(this.context.go),
          h('p', {}, this.link('a', { ...parseLink(''), view: 'hub' }, 'Find trace datasets'))),
        h('section', {}, h('h2', {}, 'Yours'),
          h('p', {}, this.link('a', { ...parseLink(''), view: 'bring' }, 'Bring your own runs'), ' to look at them here, and to publish them with secrets taken out.')));
      fill(this.host, h('div.home', {}, h('div.home-top', {}, lead, demo && smallPanel(demo.id, this.context.go, this.closing.signal)), race));
      if (demo) await this.race(race, demo);
    } catch (error) {
      if (isAbort(error)) return;
      fill(this.host, h('p.failure', { role: 'alert' }, /** @type {Error} */ (error).message));
    }
  }

  /**
   * @param {any} source
   * @returns {HTMLElement}
   */
  door(source) {
    const facts = h('span.tiny', {}, 'Looking…');
    const door = this.link('a.door', { ...parseLink(''), source: source.id }, h('b', {}, source.label), h('span.mono', {}, source.place), facts);
    void this.count(source, facts);
    return door;
  }

  /**
   * @param {any} source
   * @param {HTMLElement} place
   */
  async count(source, place) {
    try {
      const listing = await getJson('runs.json', { source: source.id }, this.closing.signal);
      const newest = listing.rows[0]?.modified;
      fill(place, listing.files ? `${formatCount(listing.files)} files, newest ${formatDate(newest)}` : 'no trace files yet');
    } catch (error) {
      if (!isAbort(error)) fill(place, /** @type {Error} */ (error).message);
    }
  }

  /**
   * @param {HTMLElement} place
   * @param {any} demo
   */
  async race(place, demo) {
    const rows = await this.readRace(demo.id);
    const cells = ['Run', 'Events', 'Tool calls', 'Errors', 'Duration', 'Cost'];
    fill(place, h('h2', {}, 'Demo race: four agents, one prompt'),
      h('p.tiny', {}, 'Four runs of one task tied at F1 0.95, and their traces tell four different stories. ',
        demo.note.split(';')[0], '; the real traces are ', h('a', { href: demo.link, target: '_blank', rel: 'noopener' }, 'davanstrien/agent-race-traces'), '.'),
      h('div.table-scroll', {}, h('table.race-table', {},
        h('thead', {}, h('tr', {}, cells.map((cell) => h('th', { scope: 'col' }, cell)))),
        h('tbody', {}, rows.map((/** @type {any} */ row) => this.raceRow(demo.id, row))))));
  }

  /**
   * The demo's files are small: wait until all are read.
   * @param {string} source
   * @returns {Promise<any[]>}
   */
  async readRace(source) {
    const name = (/** @type {any} */ row) => `${row.harness} ${row.models}`;
    for (let wait = 50; ; wait *= 2) {
      const listing = await getJson('runs.json', { source }, this.closing.signal);
      if (listing.pending === 0 || wait > 2000) {
        return listing.rows.filter((/** @type {any} */ row) => !row.hidden)
          .sort((/** @type {any} */ a, /** @type {any} */ b) => (name(a) < name(b) ? -1 : 1));
      }
      await new Promise((resolve) => { setTimeout(resolve, wait); });
    }
  }

  /**
   * @param {string} source
   * @param {any} row
   * @returns {HTMLElement}
   */
  raceRow(source, row) {
    const unknown = h('span.tiny', { title: 'The harness does not record it' }, '—');
    return h('tr', {},
      h('td', {}, this.link('a', { ...parseLink(''), source, run: row.path, part: row.part }, h('b', {}, row.harness ?? row.path)), h('span.tiny', {}, ` ${row.models?.join(', ') ?? row.error ?? ''}`)),
      h('td.number', {}, row.events ?? unknown.cloneNode(true)),
      h('td.number', {}, row.calls ?? unknown.cloneNode(true)),
      h('td.number', { class: (errorsOf(row) ?? 0) > 0 ? 'is-error' : '' }, errorsOf(row) === null ? unknown.cloneNode(true) : errorWords(row.flagged, row.inferred)),
      h('td.number', {}, row.duration === null || row.duration === undefined ? unknown.cloneNode(true) : formatDuration(row.duration)),
      h('td.number', {}, row.cost === null || row.cost === undefined ? unknown.cloneNode(true) : formatUsd(row.cost)));
  }

  /**
   * A link that stays in this page unless the reader wants a new tab.
   * @param {string} name
   * @param {LinkState} state
   * @param {...(Node|string)} children
   * @returns {HTMLElement}
   */
  link(name, state, ...children) {
    return h(/** @type {'a'} */ (name), {
      href: formatLink(state, location.search),
      onclick: follow(state, this.context.go),
    }, ...children);
  }

  update() {}

  /** @returns {boolean} */
  key() {
    return false;
  }

  destroy() {
    this.closing.abort();
  }
}
