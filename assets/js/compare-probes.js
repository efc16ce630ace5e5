/** Seen, said, run: what each agent noticed. Probes are edited here and evaluated at once over all runs. */
import { isAbort, postJson } from './api.js';
import { fill, h } from './dom.js';

/** @typedef {import('./compare-link.js').Probe} Probe */
/**
 * @typedef {object} ProbeActions
 * @property {(run: any, event?: string) => {href: string, onclick: (event: MouseEvent) => void}} linkTo
 * @property {(probes: Probe[]|null) => void} setProbes
 */

/** Runs of one request: the first marks are there before the last run is read. */
const BATCH = 20;
/** Runs up to which each has a column; of more, each has a row. */
const RUN_COLUMNS = 8;
/** Rows drawn before a reader asks for the rest. */
const FIRST = 40;
/** Wait after the last keystroke, ms. */
const WAIT = 400;
const FIELDS = /** @type {const} */ ([
  ['seen', 'Seen in tool results'], ['said', 'Said by the agent'], ['ran', 'Run in commands or code'],
]);
const MARKS = /** @type {const} */ ([['prompted', 'in the prompt'], ['seen', 'seen'], ['thought', 'thought'], ['said', 'said'],
  ['written', 'written'], ['final', 'in the last message'], ['card', 'in the card'], ['ran', 'run']]);

export class Probes {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.body = h('div');
    this.own = h('button.quiet-button', { type: 'button', hidden: true, onclick: () => { this.open(false); this.actions.setProbes(null); } }, 'Back to the comparison’s own');
    this.toggle = h('button.button', { type: 'button', 'aria-expanded': 'false', onclick: () => this.open(this.editor.hidden === true) }, 'Edit probes');
    this.editor = h('div.probe-editor', { hidden: true });
    this.said = h('p.form-error', { role: 'alert', hidden: true });
    this.asked = '';
    this.timer = 0;
    this.all = false;
    /** @type {any} */
    this.found = null;
    /** @type {Probe[]} */
    this.probes = [];
    /** @type {Probe[]} the rows of the editor */
    this.draft = [];
    /** @type {ProbeActions} */
    this.actions = { linkTo: () => ({ href: '', onclick: () => {} }), setProbes: () => {} };
    /** @type {AbortController|null} */
    this.asking = null;
    /** @type {Map<string, any[]>} */
    this.rows = new Map();
    // Made once: a reader who types must not lose the place.
    fill(host, h('div.card-head', {}, h('h2', {}, 'What each agent noticed'),
      h('span.tiny', {}, 'Was it on screen, did the agent say it, did it run it?'), h('span.spacer'), this.own, this.toggle),
    this.editor, this.said, this.body);
  }

  /** @param {boolean} open  whether the probes are shown to be edited */
  open(open) {
    this.editor.hidden = !open;
    this.toggle.setAttribute('aria-expanded', String(open));
    if (open) this.edit();
  }

  /**
   * @param {any} found
   * @param {Probe[]|null} edited  null are those of the comparison
   * @param {ProbeActions} actions
   */
  draw(found, edited, actions) {
    this.found = found;
    this.actions = actions;
    this.probes = edited ?? found.probes;
    this.own.hidden = edited === null;
    // While a reader types, the fields stay as they are; a row that asks nothing yet is in them alone.
    if (!this.editor.hidden && JSON.stringify(asking(this.draft)) !== JSON.stringify(this.probes)) this.edit();
    this.ask();
  }

  /** Evaluate what is new: other probes, or other runs. */
  ask() {
    const { found, probes } = this;
    const asked = JSON.stringify([probes, found.runs.map((/** @type {any} */ run) => run.key)]);
    if (asked === this.asked) return this.table();
    this.asked = asked;
    this.rows = new Map();
    this.said.hidden = true;
    this.table();
    if (probes.length) void this.load(asked);
  }

  /** @param {string} asked */
  async load(asked) {
    this.asking?.abort();
    const { signal } = this.asking = new AbortController();
    const keys = this.found.runs.map((/** @type {any} */ run) => run.key);
    try {
      for (let at = 0; at < keys.length; at += BATCH) {
        const { runs } = await postJson('probes.json', { of: keys.slice(at, at + BATCH), probes: this.probes }, signal);
        if (asked !== this.asked) return;
        for (const run of runs) this.rows.set(run.key, run.rows);
        this.table();
      }
    } catch (error) {
      if (isAbort(error) || asked !== this.asked) return;
      this.said.hidden = false;
      fill(this.said, /** @type {Error} */ (error).message);
    }
  }

  table() {
    const { found, probes, actions } = this;
    if (!probes.length) {
      return fill(this.body, h('p.empty', {}, 'No probe yet. A probe asks of every run: was it on screen, did the agent say it, did it run it? ',
        h('button.button', { type: 'button', onclick: () => this.start() }, 'Write one')));
    }
    const few = found.runs.length <= RUN_COLUMNS;
    fill(this.body, h('div.table-wide', {}, few ? this.byProbe() : this.byRun()),
      !few && found.runs.length > FIRST && !this.all && h('button.button', { type: 'button', onclick: () => { this.all = true; this.table(); } }, `Show all ${found.runs.length} runs`),
      h('p.src', {}, 'A mark is the first place where the pattern matches. Nothing found means that no pattern matched, not that it did not happen.'));
  }

  /** @returns {HTMLElement} a row for each probe, a column for each run */
  byProbe() {
    const { found, probes, actions } = this;
    return h('table.metrics.probes', { 'aria-label': 'Probes' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Probe'), found.runs.map((/** @type {any} */ run) => h('th', { scope: 'col' }, h('a', actions.linkTo(run), run.name))))),
      h('tbody', {}, probes.map((probe, at) => h('tr', {}, h('th', { scope: 'row' }, probe.name || 'no name'),
        found.runs.map((/** @type {any} */ run) => h('td', {}, this.cell(run, at)))))));
  }

  /** @returns {HTMLElement} a row for each run, a column for each probe with how many runs end in which word */
  byRun() {
    const { found, probes, actions } = this;
    const shown = this.all ? found.runs : found.runs.slice(0, FIRST);
    return h('table.metrics.probes', { 'aria-label': 'Probes' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Run'), probes.map((probe, at) => h('th', { scope: 'col' }, probe.name || 'no name', h('span.tiny', {}, ` ${this.counts(at)}`))))),
      h('tbody', {}, shown.map((/** @type {any} */ run) => h('tr', {}, h('th', { scope: 'row' }, h('a', actions.linkTo(run), run.name)),
        probes.map((_, at) => h('td', {}, this.cell(run, at)))))));
  }

  /**
   * @param {number} at
   * @returns {string}
   */
  counts(at) {
    const counts = new Map();
    for (const rows of this.rows.values()) counts.set(rows[at].verdict, (counts.get(rows[at].verdict) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1]).map(([verdict, count]) => `${count} ${verdict}`).join(', ');
  }

  /**
   * @param {any} run
   * @param {number} at
   * @returns {(Node|string|false)[]|HTMLElement}
   */
  cell(run, at) {
    const rows = this.rows.get(run.key);
    if (!rows) return h('span.tiny', {}, this.said.hidden ? '…' : '');
    const row = rows[at];
    const marks = MARKS.flatMap(([name, words]) => (row[name] ? [h('span.probe-mark', { title: row[name].quote }, words, ' ', h('a', this.actions.linkTo(run, row[name].event), `@${row[name].event}`))] : []));
    return [h('b', { class: `verdict ${/never said|thought only|written only/.test(row.verdict) ? 'is-missed' : ''}` }, row.verdict),
      marks.length > 0 && h('span.probe-marks', {}, marks), row.cut > 0 && h('span.tiny', {}, ` ${row.cut} results cut`)];
  }

  start() {
    this.probes = [{ name: 'New probe', seen: '', said: '', ran: '' }];
    this.open(true);
  }

  edit() {
    this.draft = this.probes.map((probe) => ({ ...probe }));
    this.fields();
  }

  fields() {
    const rows = this.draft;
    const change = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.actions.setProbes(asking(rows).map((row) => ({ ...row }))), WAIT);
    };
    const field = (/** @type {Probe} */ row, /** @type {keyof Probe} */ name, /** @type {string} */ label) => h('label', {}, h('span.tiny', {}, label),
      h('input.find', { value: row[name], 'aria-label': `${label}: ${row.name}`, spellcheck: 'false', autocomplete: 'off', oninput: (/** @type {Event} */ event) => {
        row[name] = /** @type {HTMLInputElement} */ (event.target).value;
        change();
      } }));
    const remove = (/** @type {number} */ at) => {
      rows.splice(at, 1);
      this.fields();
      change();
    };
    const add = () => {
      rows.push({ name: `Probe ${rows.length + 1}`, seen: '', said: '', ran: '' });
      this.fields();
      [...this.editor.querySelectorAll('fieldset')].pop()?.querySelector('input')?.select();
    };
    fill(this.editor, h('p.tiny', {}, 'Regular expressions in RE2 syntax; (?i) ignores case. An empty field is not asked.'),
      rows.map((row, at) => h('fieldset.probe', {}, field(row, 'name', 'Name'), FIELDS.map(([name, label]) => field(row, name, label)),
        h('button.quiet-button', { type: 'button', 'aria-label': `Remove ${row.name}`, onclick: () => remove(at) }, 'remove'))),
      h('button.button', { type: 'button', onclick: add }, 'Add a probe'));
  }

  destroy() {
    clearTimeout(this.timer);
    this.asking?.abort();
  }
}

/**
 * The probes that ask something.
 * @param {Probe[]} rows
 * @returns {Probe[]}
 */
function asking(rows) {
  return rows.filter((row) => row.seen || row.said || row.ran);
}
