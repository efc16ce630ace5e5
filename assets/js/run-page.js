/** The run page: head, turn strip, timeline, event list and detail, held together by one state, which is the link. */
import { getBuffer, getJson, isAbort } from './api.js';
import { arriving } from './arriving.js';
import { drawAxisBar } from './axis-bar.js';
import { address, decodeColumns, indexOfAddress } from './columns.js';
import { Detail } from './detail.js';
import { fill, h } from './dom.js';
import { EventList } from './event-list.js';
import { indicesOf, lowerBound, nextError, nextListed, passing, showsAll } from './filter.js';
import { Finder } from './find.js';
import { drawGone } from './gone-page.js';
import { countedIssues } from './issues-panel.js';
import { emptyLink as blank, placeOf, showsAlso, toggledAlso } from './link.js';
import { ListBar } from './list-bar.js';
import { revisionNote } from './revision-note.js';
import { RowCache } from './row-cache.js';
import { runAbout } from './run-about.js';
import { childOfCall, placedChildren } from './run-children.js';
import { runHead } from './run-head.js';
import { pressKey } from './run-keys.js';
import { hubAddress } from './share.js';
import { createStrip } from './strip.js';
import { createTimeline } from './timeline.js';

/** On these the issues, like the detail of an event, come up over the list. */
const narrow = matchMedia('(max-width: 760px)');

/** @typedef {import('./link.js').LinkState} LinkState */
/**
 * @typedef {object} PageContext
 * @property {(state: LinkState, push: boolean) => void} go   show a state and write it to the URL
 * @property {(state: LinkState) => void} pin                 the same page under the link that cannot drift
 * @property {(state: LinkState) => string} linkTo            absolute link of a state
 * @property {import('./run-ticks.js').Picks} picks          the runs that are ticked in lists
 */

export class RunPage {
  /**
   * @param {HTMLElement} host
   * @param {LinkState} state
   * @param {PageContext} context
   */
  constructor(host, state, context) {
    this.host = host;
    this.state = state;
    this.context = context;
    /** @type {Record<string, string>} */
    this.run = { ...placeOf(state), run: state.run, part: state.part };
    this.closing = new AbortController();
    /** @type {any} */
    this.facts = null;
    /** @type {any[]} */
    this.children = [];
    /** @type {import('./columns.js').Columns|null} */
    this.columns = null;
    this.selected = -1;
    /** @type {ArrayLike<number>|null} */
    this.listed = null;
    this.finder = new Finder({
      run: this.run,
      onFound: (found) => { this.list?.setFound(new Set(found ?? [])); this.markMatch(); },
      onFailure: (error) => this.say(error.message),
    });
    void this.load();
  }

  async load() {
    fill(this.host, arriving(this.run, this.closing.signal));
    const signal = this.closing.signal;
    try {
      // A link without a commit waits for the first answer, which pins it; any other asks for both at once.
      const early = this.state.repo && !this.state.rev ? null : getBuffer('columns', this.run, signal);
      early?.catch(() => {}); // reported where it is awaited: the first answer may fail sooner
      this.facts = await getJson('run.json', { ...this.run, event: this.state.event }, signal);
      this.run = { ...this.facts.source.link, run: this.state.run, part: this.state.part };
      this.finder.options.run = this.run;
      const asked = this.state.repo;
      if (asked) this.pin();
      this.build(asked);
      this.columns = decodeColumns(await (early ?? getBuffer('columns', this.run, signal)));
      this.fillIn();
    } catch (error) {
      if (isAbort(error)) return;
      drawGone(this.host, { title: 'This run cannot be shown', error, state: this.state, context: this.context, signal });
    }
  }

  /** Write into the link what it stands for now: the commit, and the dataset's present name. */
  pin() {
    const { repo, rev } = this.facts.source.link;
    if (repo !== this.state.repo || rev !== this.state.rev) this.context.pin({ ...this.state, repo, rev });
  }

  /**
   * Everything that needs no columns: the head and the first events are on screen at once.
   * @param {string} [asked]  the name by which the dataset was asked for
   */
  build(asked = '') {
    const { facts } = this;
    document.title = `${facts.title ?? facts.id} · Agent Trace Viewer`;
    this.cache = new RowCache(this.run, () => this.list?.schedule(), (error) => this.say(error.message));
    this.cache.add(facts.rows);
    const [strip, timeline, axisBar, bar, list, detail] = ['div.strip', 'div.timeline', 'div.axis-bar', 'div', 'div.list', 'aside.detail']
      .map((name) => h(/** @type {'div'} */ (name)));
    this.stripHost = strip;
    this.timelineHost = timeline;
    this.axisBar = axisBar;
    this.message = h('p.message', { role: 'status', hidden: true });
    this.sheet = detail;
    detail.setAttribute('aria-label', 'Event');
    fill(this.host,
      runHead(facts, {
        linkHere: () => this.context.linkTo(this.state),
        goTo: (change) => this.context.go({ ...blank(), ...change }, true),
        note: revisionNote(facts.source, {
          state: this.state, asked, go: this.context.go, signal: this.closing.signal,
        }),
      }),
      strip, h('section.timeline-area', {}, axisBar, timeline), this.message,
      h('section.main', {}, h('div.list-pane', {}, bar, list), detail));
    this.bar = new ListBar(bar, {
      counts: facts.counts,
      issues: countedIssues(facts.issues, showsAlso(this.state, 'unsure')).length,
      onIssues: () => this.showIssues(),
      onFilter: (filter) => this.context.go({ ...this.state, filter }, false),
      onFind: (text) => this.typed(text),
      onMatch: (step) => this.match(step),
    });
    this.bar.input.value = this.state.find;
    this.list = new EventList(list, { n: facts.counts.events, cache: this.cache, onSelect: (index) => this.pick(index) });
    this.list.setListed(null, 'This run has no events.');
    this.detail = new Detail(detail, {
      run: this.run,
      timesUsable: facts.duration !== null,
      linkTo: (event) => this.context.linkTo({ ...this.state, event }),
      onStep: (step) => this.step(step),
      onClose: () => this.close(),
      onEvent: (index, event) => this.follow(index, event),
      childOf: (call, agent) => this.childOf(call, agent),
      title: facts.title ?? facts.path,
      hubAddress: (record) => hubAddress(facts.source, facts.path, record),
      about: () => runAbout(facts, showsAlso(this.state, 'unsure'), {
        onEvent: (index, event) => this.follow(index, event),
        onLight: (events) => this.light(events),
        onClose: () => this.close(),
        onUnsure: () => this.context.go(toggledAlso(this.state, 'unsure'), false),
        onTool: (tool) => this.context.go({ ...this.state, filter: { errors: false, show: [], tool } }, false),
        onChild: (child) => this.openChild(child),
      }),
    });
    this.bar.setIssuesShown(facts.index === null && !narrow.matches);
    if (facts.index !== null) this.select(facts.index, this.state.event);
    else if (this.state.event) this.say(`Event ${this.state.event} is not in this run, which has ${facts.counts.records} records. The run is shown from its beginning.`, true);
  }

  /** What needs the columns: strip, timeline, filters, durations. */
  fillIn() {
    const { columns, facts } = this;
    if (!columns || !this.list) return;
    this.list.setColumns(columns);
    this.children = placedChildren(facts.children, columns);
    const onSelect = (/** @type {number} */ index) => this.pick(index);
    if (columns.n > 0) {
      this.strip = createStrip(/** @type {HTMLElement} */ (this.stripHost), { columns, onSelect });
      this.timeline = createTimeline(/** @type {HTMLElement} */ (this.timelineHost), {
        columns, children: this.children, mode: this.axis, probes: showsAlso(this.state, 'probes'), onSelect,
        onOpenChild: (child) => this.openChild(this.children[Number(child.key)]),
        describe: (index) => this.cache?.get(index)?.brief ?? '',
      });
      this.drawAxisBar();
    }
    this.applyFilter();
    if (this.selected >= 0) this.select(this.selected, this.state.event);
    this.detail?.drawTurn();
    if (this.state.find) void this.finder.search(this.state.find);
  }

  /** @returns {'time'|'order'} */
  get axis() {
    if (!this.columns?.timesUsable) return 'order';
    return this.state.axis === 'order' ? 'order' : 'time';
  }

  drawAxisBar() {
    const { verdicts } = this.facts.counts;
    drawAxisBar(/** @type {HTMLElement} */ (this.axisBar), {
      axis: this.axis, timesUsable: Boolean(this.columns?.timesUsable), verdicts, probes: verdicts.probe ?? 0,
      showProbes: showsAlso(this.state, 'probes'),
    }, {
      onAxis: (axis) => this.context.go({ ...this.state, axis }, false),
      onProbes: () => this.context.go(toggledAlso(this.state, 'probes'), false),
    });
  }

  /** @param {number[]|null} events  indices to light up on timeline, strip and list; null for none */
  light(events) {
    const { columns } = this;
    if (!columns) return;
    const lit = new Set(events ?? []);
    const ones = events && Uint8Array.from({ length: columns.n }, (_, index) => (lit.has(index) ? 1 : 0));
    this.timeline?.light(ones);
    this.strip?.setVisible(ones);
    this.list?.light(lit);
  }

  /**
   * Go where a sentence of the page leads, which Back can take back.
   * @param {number} index
   * @param {string} event
   */
  follow(index, event) {
    this.light(null);
    if (!this.isListed(index)) this.say(`Event ${event} does not pass the filter, so the list does not show it.`);
    this.context.go({ ...this.state, event }, true);
  }

  /** The issues stand where an event's detail does; on a narrow screen they come up over the list as that does. */
  showIssues() {
    if (this.state.event) this.context.go({ ...this.state, event: '' }, true);
    this.sheet?.classList.add('open');
    this.sheet?.scrollTo(0, 0);
    this.bar?.setIssuesShown(true);
  }

  close() {
    if (this.state.event) this.context.go({ ...this.state, event: '' }, false);
    else this.sheet?.classList.remove('open');
    this.bar?.setIssuesShown(!this.state.event && !narrow.matches);
  }

  /**
   * The link has changed in a way that keeps this run on screen.
   * @param {LinkState} state
   */
  update(state) {
    const before = this.state;
    this.state = state;
    if (!this.facts) return;
    if (JSON.stringify(before.filter) !== JSON.stringify(state.filter)) this.applyFilter();
    if (before.axis !== state.axis && this.columns) {
      this.timeline?.setMode(this.axis);
      this.drawAxisBar();
    }
    if (before.also !== state.also) this.applyAlso();
    if (before.find !== state.find) {
      if (this.bar && this.bar.input.value !== state.find) this.bar.input.value = state.find;
      void this.finder.search(state.find);
    }
    if (before.event !== state.event || this.selected < 0) {
      if (!state.event) this.select(null, '');
      else if (this.columns) this.select(indexOfAddress(this.columns, state.event), state.event);
    }
  }

  applyAlso() {
    this.timeline?.showProbes(showsAlso(this.state, 'probes'));
    if (this.columns) this.drawAxisBar();
    this.bar?.setIssues(countedIssues(this.facts.issues, showsAlso(this.state, 'unsure')).length);
    if (!this.state.event) this.detail?.showNothing();
  }

  applyFilter() {
    if (!this.columns || !this.list) return;
    const { columns, state } = this;
    const passes = passing(columns, state.filter);
    this.listed = passes === null ? null : indicesOf(passes, columns.n);
    this.timeline?.setVisible(passes);
    const nothing = showsAll(state.filter) ? 'This run has no events.'
      : state.filter.errors && this.facts.counts.flagged === null
        ? `${this.facts.harness} flags no errors, and none was inferred from the results. Clear the filter to see every event.`
        : 'No event passes this filter. Clear it to see every event.';
    this.list.setListed(this.listed, nothing);
    this.markMatch();
    this.bar?.setFilter(state.filter, this.listed?.length ?? columns.n, columns.n);
  }

  /**
   * @param {number|null} index
   * @param {string} eventAddress
   */
  select(index, eventAddress) {
    this.selected = index ?? -1;
    this.list?.select(index);
    this.timeline?.select(index);
    this.strip?.select(index);
    this.sheet?.classList.toggle('open', index !== null);
    this.bar?.setIssuesShown(index === null && !narrow.matches);
    if (!this.detail) return;
    if (index === null) return this.detail.showNothing();
    this.detail.turnWords = () => (this.columns ? `turn ${this.columns.turn[index] + 1}` : '');
    const shown = this.columns ? address(this.columns, index) : eventAddress;
    if (this.detail.address !== shown && this.detail.address !== eventAddress) void this.detail.show(shown);
    this.markMatch();
  }

  /**
   * The reader picked an event with the pointer: a step that Back can take back.
   * @param {number} index
   */
  pick(index) {
    this.open(index, true);
  }

  /**
   * @param {number} index
   * @param {boolean} push
   */
  open(index, push) {
    if (this.message) this.message.hidden = true;
    const event = this.columns ? address(this.columns, index) : this.cache?.get(index)?.address;
    if (event) this.context.go({ ...this.state, event }, push);
  }

  /** @param {1|-1} step */
  step(step) {
    const next = nextListed(this.listed, this.facts?.counts.events ?? 0, this.selected, step);
    if (next !== null) this.open(next, false);
  }

  /** @param {1|-1} step */
  error(step) {
    if (!this.columns) return;
    const listed = this.listed ?? indicesOf(null, this.columns.n);
    const from = this.selected < 0 && step < 0 ? this.columns.n : this.selected;
    const found = nextError(this.columns, listed, from, step);
    if (found !== null) this.open(found, false);
    else this.say(step > 0 ? 'No error after this event, flagged or inferred.' : 'No error before this event, flagged or inferred.');
  }

  /** @param {string} text */
  typed(text) {
    this.finder.later(() => this.context.go({ ...this.state, find: text }, false));
  }

  markMatch() {
    const found = this.finder.found?.filter((index) => this.isListed(index)) ?? null;
    this.bar?.setFound(found, found ? found.indexOf(this.selected) : -1);
  }

  /** @param {1|-1} step */
  match(step) {
    this.finder.whenSettled(() => {
      const next = this.finder.next(this.selected, step, (index) => this.isListed(index));
      if (next !== null) this.open(next, false);
    });
  }

  /**
   * @param {number} index
   * @returns {boolean}
   */
  isListed(index) {
    return !this.listed || this.listed[lowerBound(this.listed, index)] === index;
  }

  /**
   * @param {string} call        address
   * @param {string|null} agent  id
   * @returns {{label: string, open: () => void}|null}
   */
  childOf(call, agent) {
    const child = childOfCall(this.facts.children, call, agent);
    return child ? { label: child.label, open: () => this.openChild(child) } : null;
  }

  /** @param {any} child */
  openChild(child) {
    this.context.go({ ...blank(), ...placeOf(this.state), run: child.path, part: child.part }, true);
  }

  /**
   * @param {string} text
   * @param {boolean} [stays]  until the next message
   */
  say(text, stays = false) {
    if (!this.message) return;
    this.message.hidden = false;
    this.message.textContent = text;
    clearTimeout(this.messageTimer);
    if (stays) return;
    this.messageTimer = setTimeout(() => { if (this.message) this.message.hidden = true; }, 6000);
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key meant something here
   */
  key(event) {
    return pressKey(this, event.key);
  }

  destroy() {
    this.closing.abort();
    this.finder.close();
    this.cache?.close();
    this.list?.destroy();
    this.strip?.destroy();
    this.timeline?.destroy();
  }
}
