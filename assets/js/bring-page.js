/** Bring your own runs: a folder, files or a zip, sent to this server, seen by this browser alone. */
import { getJson, isAbort, postJson } from './api.js';
import { droppedFiles, pickedFiles } from './bring-files.js';
import { chooseFiles } from './bring-names.js';
import { sendFiles } from './bring-send.js';
import { fill, h } from './dom.js';
import { follow } from './follow.js';
import { formatBytes, formatCount } from './format.js';
import { emptyLink, formatLink } from './link.js';

/** @typedef {import('./link.js').LinkState} LinkState */
/** @typedef {import('./bring-files.js').Entry} Entry */

const REASONS_SHOWN = 100;

export class BringPage {
  /**
   * @param {HTMLElement} host
   * @param {LinkState} _state
   * @param {import('./run-page.js').PageContext} context
   */
  constructor(host, _state, context) {
    this.host = host;
    this.context = context;
    this.closing = new AbortController();
    /** @type {AbortController|null} */
    this.sending = null;
    document.title = 'Bring your own runs · Agent Trace Viewer';
    this.state = h('div', { 'aria-live': 'polite' });
    this.mine = h('section.uploads');
    this.words = h('p.tiny');
    fill(host, h('div.home.bring', {},
      h('h1', {}, 'Bring your own runs'),
      h('p.lead', {}, 'Sessions of Claude Code, Codex, Pi or ml-intern, to read and compare here, and to publish with secrets taken out.'),
      this.zone(), this.state, this.mine));
    void this.load();
  }

  /** @returns {HTMLElement} */
  zone() {
    const folder = h('input.offscreen', { type: 'file', webkitdirectory: true, multiple: true, 'aria-label': 'Choose a folder', tabindex: '-1' });
    const files = h('input.offscreen', { type: 'file', multiple: true, accept: '.jsonl,.json,.ndjson,.zip', 'aria-label': 'Choose files or a zip', tabindex: '-1' });
    for (const input of [folder, files]) {
      input.addEventListener('change', () => {
        const entries = pickedFiles(input.files);
        void this.bring(entries);
        input.value = '';
      });
    }
    const zone = h('div.drop-zone', {},
      h('p', {}, 'Drop a folder, files or a zip here'),
      h('div.buttons', {},
        h('button.button', { type: 'button', onclick: () => folder.click() }, 'Choose a folder'),
        h('button.button', { type: 'button', onclick: () => files.click() }, 'Choose files or a zip')),
      h('p.tiny', {}, 'For example ', h('code', {}, '~/.claude/projects'), ', ', h('code', {}, '~/.codex/sessions'), ' or ', h('code', {}, '~/.pi/agent/sessions'),
        '. Only trace files (.jsonl, .json, .ndjson) and zips are sent.'),
      this.words, folder, files);
    zone.addEventListener('dragover', (event) => { event.preventDefault(); zone.classList.add('over'); });
    zone.addEventListener('dragleave', () => zone.classList.remove('over'));
    zone.addEventListener('drop', (event) => {
      event.preventDefault();
      zone.classList.remove('over');
      void droppedFiles(event.dataTransfer).then((entries) => this.bring(entries));
    });
    return zone;
  }

  async load() {
    try {
      const known = await getJson('uploads.json', {}, this.closing.signal);
      this.limits = known.limits;
      fill(this.words, `They stay on this server, open for this browser alone, for ${known.limits.hours} hours or until you say forget. `,
        `At most ${formatBytes(known.limits.total)}, ${formatBytes(known.limits.file)} a file.`);
      fill(this.mine, known.uploads.length > 0 && h('h2', {}, 'What you brought'), known.uploads.map((/** @type {any} */ upload) => this.card(upload)));
    } catch (error) {
      if (!isAbort(error)) this.fail(error);
    }
  }

  /** @param {Entry[]} entries */
  async bring(entries) {
    if (this.sending || !this.limits) return;
    const chosen = chooseFiles(entries, this.limits);
    if (!chosen.sent.length) {
      return fill(this.state, h('p.failure', { role: 'alert' }, entries.length
        ? `None of these ${formatCount(entries.length)} files was sent: by their names and sizes none is a trace that can be brought.`
        : 'There is no file in what you chose.'));
    }
    const sending = this.sending = new AbortController();
    const bar = h('progress', { max: chosen.bytes || 1, value: 0, 'aria-label': 'Sending' });
    const words = h('span');
    const tell = (/** @type {number} */ bytes, /** @type {number} */ files) => {
      bar.value = bytes;
      fill(words, `${formatCount(files)} of ${formatCount(chosen.sent.length)} files, ${formatBytes(bytes)} of ${formatBytes(chosen.bytes)}`);
    };
    tell(0, 0);
    fill(this.state, h('div.sending', {}, bar, h('p', {}, words, ' ', h('button.button', { type: 'button', onclick: () => sending.abort() }, 'Cancel'))));
    let upload = '';
    try {
      upload = (await postJson('upload/start', {}, sending.signal)).upload;
      await sendFiles(upload, chosen.sent, tell, sending.signal);
      fill(this.state, left(chosen));
    } catch (error) {
      sending.abort();
      if (upload) await postJson('upload/forget', { upload }).catch(() => {}); // it may have expired by itself
      if (isAbort(error)) fill(this.state, h('p', {}, 'Cancelled: what had been sent is forgotten.'));
      else this.fail(error);
    } finally {
      this.sending = null;
    }
    if (!this.closing.signal.aborted) await this.load();
  }

  /** @param {any} upload */
  card(upload) {
    const runs = { ...emptyLink(), source: upload.upload };
    const review = { ...runs, view: 'review' };
    const until = new Date(upload.expires).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    const forget = async () => {
      await postJson('upload/forget', { upload: upload.upload });
      fill(this.state);
      await this.load();
    };
    return h('article.upload', { 'aria-label': upload.label },
      h('h2', {}, upload.label),
      h('p.tiny', {}, `${formatCount(upload.files)} ${upload.files === 1 ? 'trace' : 'traces'}, ${formatBytes(upload.bytes)}, kept until ${until}`),
      h('div.buttons', {},
        upload.files > 0 && h('a.button', { href: formatLink(runs, location.search), onclick: follow(runs, this.context.go) }, 'Look at the runs'),
        upload.files > 0 && h('a.button', { href: formatLink(review, location.search), onclick: follow(review, this.context.go) }, 'Review and publish'),
        h('button.button', { type: 'button', onclick: () => { forget().catch((error) => this.fail(error)); } }, 'Forget')),
      upload.refusedCount > 0 && h('details', {},
        h('summary', {}, `${formatCount(upload.refusedCount)} not taken`),
        h('ul.reasons', {}, upload.refused.slice(0, REASONS_SHOWN).map((/** @type {any} */ each) => h('li', {}, h('span.mono', {}, each.name), ' ', each.reason)))));
  }

  /** @param {unknown} error */
  fail(error) {
    fill(this.state, h('p.failure', { role: 'alert' }, /** @type {Error} */ (error).message));
  }

  update() {}

  /** @returns {boolean} */
  key() {
    return false;
  }

  destroy() {
    this.closing.abort();
    this.sending?.abort();
  }
}

/**
 * What of the choice stayed in the browser.
 * @param {ReturnType<typeof chooseFiles>} chosen
 */
function left(chosen) {
  const said = [
    chosen.skipped > 0 && `${formatCount(chosen.skipped)} ${chosen.skipped === 1 ? 'file is no trace by its name and was' : 'files are no traces by their names and were'} not sent.`,
    chosen.tooLarge.length > 0 && `${formatCount(chosen.tooLarge.length)} too large: ${chosen.tooLarge.slice(0, 3).map((entry) => entry.path).join(', ')}.`,
    chosen.tooMany > 0 && `${formatCount(chosen.tooMany)} more than one upload holds.`,
  ].filter(Boolean);
  return said.length ? h('p.tiny', {}, said.join(' ')) : null;
}
