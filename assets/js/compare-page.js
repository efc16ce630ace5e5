/** The compare page: harness by model beside the outcome, what each run did, what each agent noticed. */
import { getJson, isAbort, postJson } from './api.js';
import { copyButton } from './clipboard.js';
import { drawColumns } from './compare-columns.js';
import { compareDoors } from './compare-doors.js';
import { exportMenu } from './compare-export.js';
import { fold, unfold } from './compare-fold.js';
import { LONG, parseCompare, referencesOf, writeCompare } from './compare-link.js';
import { drawCell } from './compare-outcome.js';
import { Pair } from './compare-pair.js';
import { cellName, fillSentence, panelTable } from './compare-panel.js';
import { Probes } from './compare-probes.js';
import { Ribbons } from './compare-ribbons.js';
import { fill, h } from './dom.js';
import { evalDoor } from './eval-attach.js';
import { follow } from './follow.js';
import { formatLink, parseLink } from './link.js';

/** @typedef {import('./link.js').LinkState} LinkState */
/** @typedef {import('./compare-link.js').CompareState} CompareState */

const FIRST_WAIT = 200;
const LONGEST_WAIT = 2000;

export class ComparePage {
  /**
   * @param {HTMLElement} host
   * @param {LinkState} state
   * @param {import('./run-page.js').PageContext} context
   */
  constructor(host, state, context) {
    this.host = host;
    this.state = state;
    this.context = context;
    /** @type {any} */
    this.found = null;
    this.asked = '';
    this.timer = 0;
    this.changes = 0;
    /** @type {AbortController|null} */
    this.asking = null;
    document.title = 'Compare · Agent Trace Viewer';
    this.build();
    void this.resolve(state);
  }

  build() {
    this.broken = false;
    const card = (/** @type {string} */ label, /** @type {string} */ name) => h(/** @type {'section'} */ (`section.card.${name}`), { 'aria-label': label });
    this.title = h('h1', {}, 'Compare');
    this.facts = h('p.sub');
    this.notes = h('ul.notes');
    this.tasks = h('div.compare-tasks');
    this.prompt = h('p.compare-prompt');
    this.panel = h('div');
    this.sentence = h('div');
    this.cell = h('div.cell-panel', { hidden: true });
    const outcome = card('Outcome', 'compare-outcome');
    outcome.append(this.panel, this.sentence, this.cell);
    const [ribbons, probes, columns, pair] = [card('What each run did', 'compare-ribbons'), card('Probes', 'compare-probes'), card('Metrics', 'compare-columns'), card('Side by side', 'compare-pair')];
    this.ribbons = new Ribbons(ribbons);
    this.probes = new Probes(probes);
    this.columns = columns;
    this.pair = new Pair(pair);
    this.body = h('div.compare-body', { hidden: true }, h('div.compare-cols', {}, outcome, ribbons), probes, columns, pair);
    this.waiting = h('p.empty.loading', {}, 'Reading the runs…');
    this.tools = h('div.compare-tools', { hidden: true }, copyButton(() => this.context.linkTo(this.state), 'Copy link', 'button'),
      exportMenu(() => ({ found: this.found, body: () => ({ ...this.request(), by: this.state.compare.by, probes: this.state.compare.probes, address: this.context.linkTo(this.state) }) })));
    fill(this.host, h('div.compare', {}, h('header.compare-head', {}, h('div', {}, this.title, this.facts), this.tools), this.prompt, this.notes, this.tasks, this.waiting, this.body));
  }

  /**
   * A state as the link says it; a compact link is unpacked first.
   * @param {LinkState} state
   */
  async resolve(state) {
    if (this.broken) this.build();
    const { folded } = state.compare;
    if (folded && !state.compare.of.length) {
      try {
        const compare = parseCompare(new URLSearchParams(await unfold(folded)));
        this.state = { ...state, compare: { ...compare, folded } };
      } catch (error) {
        return this.fail(/** @type {Error} */ (error).message);
      }
    } else this.state = state;
    if (!this.state.source && !this.state.repo && !this.state.compare.of.length) return this.choose();
    this.draw();
  }

  /** Nothing is named yet: what there is to compare. */
  choose() {
    fill(/** @type {HTMLElement} */ (this.facts), 'Runs of one task by harness and model, next to the outcome.');
    fill(/** @type {HTMLElement} */ (this.waiting), compareDoors(this.context));
    this.waiting?.classList.remove('loading');
  }

  /** Draw what is known, and ask for what the state needs. */
  draw() {
    const asked = JSON.stringify(this.request());
    if (asked !== this.asked) {
      this.asked = asked;
      void this.load(FIRST_WAIT);
    } else if (this.found) this.show();
  }

  /** @returns {object} what the server needs to know */
  request() {
    const { fold: folds, task, metric, typed } = this.state.compare;
    return { of: referencesOf(this.state), fold: folds, task, metric, typed };
  }

  /** @param {number} wait */
  async load(wait) {
    clearTimeout(this.timer);
    this.asking?.abort();
    const { signal } = this.asking = new AbortController();
    try {
      this.found = await postJson('compare.json', { ...this.request(), models: false }, signal);
      this.pin();
      this.show();
      if (this.found.more && this.found.pending === 0) {
        this.found = await postJson('compare.json', this.request(), signal);
        this.show();
      }
      if (this.found.pending > 0) this.timer = setTimeout(() => void this.load(Math.min(wait * 1.5, LONGEST_WAIT)), wait);
    } catch (error) {
      if (!isAbort(error)) this.fail(/** @type {Error} */ (error).message);
    }
  }

  /** Write the commits that the places stand for into the link, so that it does not drift. */
  pin() {
    const { state, found } = this;
    const pinned = (/** @type {string} */ reference) => {
      const [place, ...rest] = reference.split('|');
      return [found.pinned[place] ?? place, ...rest].join('|');
    };
    if (state.repo && !state.rev && !state.compare.of.length) {
      const rev = pinned(state.repo).split('@')[1];
      if (rev) this.context.go({ ...state, rev }, false);
      this.asked = JSON.stringify(this.request());
    } else if (state.compare.of.some((reference) => pinned(reference) !== reference)) {
      this.change({ of: state.compare.of.map(pinned) });
      this.asked = JSON.stringify(this.request());
    }
  }

  /** Draw everything that is known; what has the focus has it again. */
  show() {
    const before = document.activeElement;
    this.showAll();
    if (!(before instanceof HTMLElement) || before.isConnected || before === document.body) return;
    const called = (/** @type {HTMLElement} */ element) => element.getAttribute('aria-label') ?? element.textContent;
    const same = [...this.host.querySelectorAll(before.tagName)].find((element) => element instanceof HTMLElement && called(element) === called(before));
    if (same instanceof HTMLElement) same.focus({ preventScroll: true });
  }

  showAll() {
    const { found } = this;
    const { compare } = this.state;
    const total = found.runs.length;
    /** @type {HTMLElement} */ (this.waiting).hidden = total > 0;
    fill(/** @type {HTMLElement} */ (this.waiting), found.pending ? `Reading ${found.pending} files…` : 'There is no run here to compare.');
    for (const part of [this.body, this.tools]) /** @type {HTMLElement} */ (part).hidden = total === 0;
    document.title = `${found.title} · Compare · Agent Trace Viewer`;
    fill(/** @type {HTMLElement} */ (this.title), found.title);
    fill(/** @type {HTMLElement} */ (this.facts), found.facts, found.pending > 0 && `, ${found.pending} files still to read`);
    fill(/** @type {HTMLElement} */ (this.notes), [...found.notes, ...found.problems.slice(0, 5)].map((/** @type {string} */ note) => h('li', {}, note)));
    const task = found.tasks.find((/** @type {any} */ one) => one.id === found.task);
    fill(/** @type {HTMLElement} */ (this.prompt), found.tasks.length === 1 && task?.prompt && task.prompt !== found.title && `“${task.prompt}”`);
    this.drawTasks();
    if (total === 0) return;
    this.drawPanel();
    this.ribbons?.draw(found, compare.by, {
      linkTo: this.linkTo, setAxis: (by) => this.change({ by }), openIndex: (run, index) => void this.openIndex(run, index),
      chosen: this.chosen(),
    });
    this.probes?.draw(found, compare.probes, { linkTo: this.linkTo, setProbes: (probes) => this.change({ probes }) });
    drawColumns(/** @type {HTMLElement} */ (this.columns), found, { every: compare.every, linkTo: this.linkTo, setEvery: (every) => this.change({ every }) });
    this.pair?.draw(found, compare.pair, { linkTo: this.linkTo, setPair: (pair) => this.change({ pair }, true) });
  }

  drawTasks() {
    const { found } = this;
    const host = /** @type {HTMLElement} */ (this.tasks);
    if (found.tasks.length < 2) return fill(host);
    const runs = (/** @type {number} */ count) => `${count} run${count === 1 ? '' : 's'}`;
    const all = found.tasks.reduce((/** @type {number} */ sum, /** @type {any} */ task) => sum + task.runs, 0);
    const select = h('select', { 'aria-label': 'Task', onchange: () => this.change({ task: select.value, cell: '' }, true) },
      h('option', { value: 'all', selected: found.task === 'all' }, `all tasks together, ${runs(all)}`),
      found.tasks.map((/** @type {any} */ task) => h('option', { value: task.id, selected: task.id === found.task }, `${runs(task.runs)}: ${task.prompt ?? 'no prompt'}`)));
    fill(host, h('label.tiny', {}, 'Task ', select));
  }

  drawPanel() {
    const { found } = this;
    const { compare } = this.state;
    const { panel } = found;
    const metric = panel.metrics.length > 1 ? h('select', { 'aria-label': 'Outcome metric', onchange: () => this.change({ metric: metric instanceof HTMLSelectElement ? metric.value : '' }) },
      panel.metrics.map((/** @type {any} */ one) => h('option', { value: one.name, selected: one.name === panel.metric }, `${one.label} (${one.runs})`))) : null;
    fill(/** @type {HTMLElement} */ (this.panel),
      h('div.card-head', {}, h('h2', {}, panel.metric ? `Outcome: ${panel.label}` : 'Outcome'), metric, h('span.spacer'),
        panel.foldable && h('button.toggle', { type: 'button', 'aria-pressed': compare.fold, onclick: () => this.change({ fold: !compare.fold, cell: '' }) }, 'Fold versions')),
      h('div.table-wide', {}, panelTable(found, { linkTo: this.linkTo, selected: compare.cell, select: (cell) => this.change({ cell }, true) })));
    fillSentence(/** @type {HTMLElement} */ (this.sentence), found);
    this.sentence?.append(evalDoor(found, this.state, this.context.go) ?? '');
    drawCell(/** @type {HTMLElement} */ (this.cell), found, compare.cell, {
      linkTo: this.linkTo, typed: compare.typed, setTyped: (typed) => this.change({ typed }),
    });
  }

  /** @returns {string[]} keys of the runs of the selected cell */
  chosen() {
    const { found } = this;
    const cell = found.panel.cells.find((/** @type {any} */ one) => cellName(found, one) === this.state.compare.cell);
    return cell ? cell.runs.map((/** @type {number} */ at) => found.runs[at].key) : [];
  }

  linkTo = (/** @type {any} */ run, /** @type {string} */ event = '') => {
    const state = { ...parseLink(''), ...run.link, event };
    return { href: formatLink(state, location.search), onclick: follow(state, this.context.go) };
  };

  /**
   * Open an event by its place in the run, where a ribbon is too short to know its address.
   * @param {any} run
   * @param {number} index
   */
  async openIndex(run, index) {
    const { rows } = await getJson('events.json', { ...run.link, i: index }, this.asking?.signal);
    this.context.go({ ...parseLink(''), ...run.link, event: rows[0]?.address ?? '' }, true);
  }

  /**
   * Show a changed state and write it to the link, folded where it is long.
   * @param {Partial<CompareState>} part
   * @param {boolean} [push]
   */
  async change(part, push = false) {
    const compare = { ...this.state.compare, ...part, folded: '' };
    this.state = { ...this.state, compare };
    const mine = this.changes += 1;
    const query = new URLSearchParams();
    writeCompare(compare, query);
    const text = query.toString();
    const folded = text.length > LONG ? await fold(text) : '';
    if (mine === this.changes) this.context.go({ ...this.state, compare: { ...compare, folded } }, push);
  }

  /** @param {string} sentence */
  fail(sentence) {
    this.asked = '';
    this.broken = true;
    fill(this.host, h('div.failure', { role: 'alert' }, h('h1', {}, 'These runs cannot be compared'), h('p', {}, sentence),
      h('p', {}, h('a', { href: '?view=compare&source=demo' }, 'Compare the demo race'))));
  }

  /** @param {LinkState} state */
  update(state) {
    void this.resolve(state);
  }

  /** @returns {boolean} */
  key() {
    return false;
  }

  destroy() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.probes?.destroy();
    this.pair?.destroy();
  }
}
