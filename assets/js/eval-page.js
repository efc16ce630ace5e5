/** The evaluation that nobody ran: choose a labelled dataset, see its facts, then random splits beside held-out groups. */
import { apiUrl, getJson, isAbort, postJson } from './api.js';
import { copyButton } from './clipboard.js';
import { fill, h } from './dom.js';
import { columnForm, dataForm, sendFile } from './eval-form.js';
import { FILE, checkName, isWhole } from './eval-link.js';
import { drawCheck, drawFacts, drawMethod, drawTable, drawTerms } from './eval-result.js';
import { attachLink, yamlOf } from './eval-attach.js';
import { formatCount } from './format.js';

/** @typedef {import('./link.js').LinkState} LinkState */
/** @typedef {import('./eval-link.js').EvalState} EvalState */

/** Between two looks at a running check, ms. */
const WAIT = 300;

export class EvalPage {
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
    /** @type {AbortController} */
    this.asking = new AbortController();
    this.timer = 0;
    /** @type {{id: string, name: string, sha: string}|null} */
    this.file = null;
    /** @type {any} */
    this.look = null;
    /** @type {any} */
    this.result = null;
    this.looked = '';
    this.ran = '';
    this.job = '';
    document.title = 'Check an evaluation · Agent Trace Viewer';
    this.build();
    void this.follow();
  }

  /** @returns {{id: string, name: string, sha: string}|null} the file that was given, where the link is to it */
  given() {
    const { file } = this;
    return file && this.state.eval.dataset === FILE + file.name && this.state.rev === file.sha ? file : null;
  }

  build() {
    const card = (/** @type {string} */ label, /** @type {string} */ name) => h(/** @type {'section'} */ (`section.card.${name}`), { 'aria-label': label });
    this.sub = h('p.sub');
    this.tools = h('div.compare-tools', { hidden: true });
    this.summary = h('summary', {}, 'Data and columns');
    this.data = h('div');
    this.columns = h('div');
    this.chooser = h('details.card.eval-chooser', { open: true }, this.summary, this.data, this.columns);
    this.status = h('div.eval-status', { role: 'status' });
    this.parts = {
      check: card('The check', 'eval-check'), facts: card('Before any model', 'eval-facts'), table: card('Splits', 'eval-splits'),
      terms: card('Terms', 'eval-term-card'), method: card('Method', 'eval-method'), attach: card('Share', 'eval-attach'),
    };
    const { check, facts, table, terms, method, attach } = this.parts;
    fill(this.host, h('div.eval', {},
      h('header.compare-head', {}, h('div', {}, h('h1', {}, 'The eval that nobody ran'), this.sub), this.tools),
      this.chooser, this.status, h('div.eval-cols', {}, check, facts), table, terms, h('div.eval-cols', {}, method, attach)));
  }

  /** Show what the link says: ask for the columns of its data, and run the check when it names a whole one. */
  async follow() {
    const { eval: wish } = this.state;
    fill(this.element('sub'), wish.dataset ? checkName(wish, this.state.rev) : 'A random split against held-out groups, for any labelled dataset: what a score on it can mean.');
    fill(this.element('data'), dataForm(wish, this.state.rev, this.actions));
    if (!wish.dataset) return this.clear();
    if (wish.dataset.startsWith(FILE) && !this.given()) {
      this.clear();
      return this.say(h('p', {}, `This link is to a check of the file ${wish.dataset.slice(FILE.length)}, which is with whoever made it: choose it above to run the check again.`));
    }
    const looked = JSON.stringify([wish.dataset, this.state.rev, wish.parts, this.given()?.id]);
    if (looked !== this.looked && !await this.lookAt(looked)) return;
    this.drawColumns();
    if (isWhole(wish)) await this.run();
  }

  /**
   * @param {string} looked
   * @returns {Promise<boolean>} whether there is something to choose from
   */
  async lookAt(looked) {
    this.clear();
    this.say(h('p.loading', {}, 'Looking at the data…'));
    try {
      this.look = await this.columnsOf();
      this.looked = looked;
    } catch (error) {
      this.fail(error);
      return false;
    }
    this.say();
    const { source } = this.look;
    if (source.kind === 'hub' && (this.state.rev !== source.revision || this.state.eval.dataset !== source.name)) {
      this.looked = JSON.stringify([source.name, source.revision, this.state.eval.parts, undefined]);
      this.state = { ...this.state, rev: source.revision, eval: { ...this.state.eval, dataset: source.name } };
      this.context.go(this.state, false); // comes back through update(), which does the rest
      return false;
    }
    return true;
  }

  /** @returns {Promise<any>} */
  async columnsOf() {
    const { signal } = this.asking = this.renewed();
    const { eval: wish, rev } = this.state;
    const file = this.given();
    return postJson('eval-columns.json', file ? { file: file.id } : { dataset: wish.dataset, rev, parts: wish.parts }, signal);
  }

  drawColumns() {
    const note = this.look.note && h('p.tiny', {}, this.look.note);
    fill(this.element('columns'), columnForm(this.look, this.state.eval, this.result?.facts ?? null, this.actions), note);
  }

  /** Start the check of the link, and follow it to its end. */
  async run() {
    const { eval: wish, rev } = this.state;
    const { dataset, parts, text, label, group, positive, together } = wish;
    const options = { ...(wish.seed && { seed: Number(wish.seed) }), ...(wish.repeats && { repeats: Number(wish.repeats) }) };
    const file = this.given();
    const place = file ? { file: file.id } : { dataset, rev, parts };
    const body = { ...place, text, label, group, positive, together, ...options };
    const ran = JSON.stringify(body);
    if (ran === this.ran) return this.drawResult();
    this.stop();
    this.clear();
    this.ran = ran;
    try {
      const { signal } = this.asking = this.renewed();
      this.progress(await postJson('eval-start.json', body, signal));
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {any} job */
  progress(job) {
    if (job.facts) drawFacts(this.parts?.facts ?? this.host, job.facts);
    if (job.state === 'done') {
      this.job = '';
      this.done(job);
    } else if (job.state === 'failed' || job.state === 'cancelled') {
      this.job = '';
      this.ran = '';
      this.fail(new Error(job.state === 'cancelled' ? 'The check was cancelled.' : job.error));
    } else {
      this.job = job.job;
      const of = job.of ? ` ${formatCount(job.done)} of ${formatCount(job.of)}` : job.done ? ` ${formatCount(job.done)}` : '';
      this.say(h('p', {}, `${job.state === 'waiting' ? 'Waiting for other checks to end' : job.doing || 'Starting'}${of}`),
        h('progress', job.of ? { max: job.of, value: job.done } : {}), h('button.button', { type: 'button', onclick: () => void this.cancel() }, 'Cancel'));
      this.timer = setTimeout(() => void this.watch(), WAIT);
    }
  }

  async watch() {
    try {
      this.progress(await getJson('eval-job.json', { job: this.job }, this.asking.signal));
    } catch (error) {
      this.fail(error);
    }
  }

  async cancel() {
    if (!this.job) return;
    try {
      await postJson('eval-cancel.json', { job: this.job });
    } catch {
      // a server that does not answer checks nothing
    }
  }

  /** @param {any} job */
  done(job) {
    this.result = job.result;
    this.jobId = job.job;
    this.say();
    const chooser = this.element('chooser');
    if (chooser instanceof HTMLDetailsElement) chooser.open = false;
    this.drawColumns();
    this.drawResult();
  }

  drawResult() {
    const { result } = this;
    if (!result || !this.parts) return;
    const { outcomes } = this.state.eval;
    drawCheck(this.parts.check, result, outcomes);
    drawFacts(this.parts.facts, result.facts);
    drawTable(this.parts.table, result);
    drawTerms(this.parts.terms, result);
    drawMethod(this.parts.method, result);
    fill(this.element('summary'), `Data and columns: ${checkName(this.state.eval, this.state.rev)}`);
    const download = (/** @type {string} */ kind) => h('a.button', { href: apiUrl(`eval-result.${kind}`, { job: this.jobId ?? '' }), download: `eval-check.${kind}` }, kind.toUpperCase());
    const tools = this.element('tools');
    tools.hidden = false;
    fill(tools, copyButton(() => this.context.linkTo(this.state), 'Copy link', 'button'), download('json'), download('csv'));
    this.drawShare();
  }

  drawShare() {
    const { eval: wish } = this.state;
    const back = attachLink(this.state, this.context.go);
    fill(this.parts?.attach ?? this.host, h('div.card-head', {}, h('h2', {}, 'With a comparison')),
      back && h('p', {}, back),
      h('p.tiny', {}, 'In a comparison.yaml these lines name the data of the task; its page then leads here:'),
      h('pre.eval-yaml', {}, yamlOf(wish)), copyButton(() => yamlOf(wish), 'Copy', 'button'));
  }

  actions = {
    open: (/** @type {string} */ dataset, /** @type {string} */ rev) => this.go({ dataset, parts: [], text: [], label: '', group: '', positive: '', together: [] }, rev, true),
    give: async (/** @type {File} */ file) => {
      this.say(h('p.loading', {}, `Sending ${file.name}…`));
      try {
        const given = await sendFile(file, this.closing.signal);
        const before = this.state.eval.dataset === FILE + given.name ? this.state : null;
        this.file = { id: given.file, name: given.name, sha: given.sha };
        this.say();
        if (before?.rev === given.sha) return void this.follow(); // the very file of the link: its check goes on
        this.go({ dataset: FILE + given.name, parts: [], text: [], label: '', group: '', positive: '', together: [] }, given.sha, true);
      } catch (error) {
        this.fail(error);
      }
    },
    run: (/** @type {Partial<EvalState>} */ part) => {
      this.ran = '';
      this.go(part, this.state.rev, true);
    },
    setParts: (/** @type {string[]} */ parts) => this.go({ parts, text: [], label: '', group: '' }, this.state.rev, false),
  };

  /**
   * @param {Partial<EvalState>} part
   * @param {string} rev
   * @param {boolean} push
   */
  go(part, rev, push) {
    this.context.go({ ...this.state, rev, eval: { ...this.state.eval, ...part } }, push);
  }

  /** @param {LinkState} state */
  update(state) {
    this.state = state;
    void this.follow();
  }

  /** End what is under way, on the server too. */
  stop() {
    clearTimeout(this.timer);
    this.asking.abort();
    void this.cancel();
    this.job = '';
  }

  renewed() {
    this.asking.abort();
    return new AbortController();
  }

  clear() {
    this.result = null;
    this.ran = '';
    for (const part of Object.values(this.parts ?? {})) fill(part);
    this.element('tools').hidden = true;
    fill(this.element('summary'), 'Data and columns');
    if (!this.state.eval.dataset) fill(this.element('columns'));
  }

  /** @param {...(Node|string)} children */
  say(...children) {
    fill(this.element('status'), ...children);
  }

  /** @param {unknown} error */
  fail(error) {
    if (isAbort(error)) return;
    this.ran = '';
    const chooser = this.element('chooser');
    if (chooser instanceof HTMLDetailsElement) chooser.open = true;
    this.say(h('p.failure', { role: 'alert' }, /** @type {Error} */ (error).message));
  }

  /**
   * @param {'sub'|'tools'|'summary'|'data'|'columns'|'chooser'|'status'} name
   * @returns {HTMLElement}
   */
  element(name) {
    return /** @type {HTMLElement} */ (this[name]);
  }

  /** @returns {boolean} */
  key() {
    return false;
  }

  destroy() {
    this.stop();
    this.closing.abort();
  }
}
