/** Drawing the blocks of an event's detail: one function per type of block (`viewer/detail.py` makes them). */
import { apiUrl } from './api.js';
import { copyButton } from './clipboard.js';
import { fill, h } from './dom.js';
import { formatBytes, formatCount } from './format.js';
import { nodesToDom } from './markdown.js';

/** Lines and characters of a body that are shown before "show all". */
const FOLD_LINES = 40;
const FOLD_CHARACTERS = 8000;
/** Terminal colours and cursor moves, which mean nothing outside a terminal. */
// eslint-disable-next-line no-control-regex
const ANSI = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-_])/g;

/**
 * @typedef {object} BlockContext
 * @property {Record<string, string>} run      parameters that name the run
 * @property {boolean} full                    the reader asked for everything: nothing is folded
 * @property {string} quote                    the text that says that it failed, marked in the output; '' for none
 * @property {() => Promise<void>} showFull    fetch the event again, uncut, and draw it
 */

/** @type {Record<string, (block: any, context: BlockContext) => HTMLElement>} */
const DRAW = {
  command: (block, context) => body(block, context, 'command'),
  output: (block, context) => body(block, context, 'output'),
  text: (block, context) => body(block, context, 'text'),
  json: (block, context) => body(block, context, 'json'),
  markdown, diff, steps, images,
  path: (block) => h('section.io', {}, heading(block.title, copyButton(() => block.path)), h('pre', {}, block.path)),
  note: (block) => h('p.block-note', {}, block.text),
};

/**
 * @param {any} block
 * @param {BlockContext} context
 * @returns {HTMLElement}
 */
export function drawBlock(block, context) {
  const draw = DRAW[block.type] ?? ((unknown) => h('pre', {}, JSON.stringify(unknown, null, 2)));
  return draw(block, context);
}

/**
 * @param {string} title
 * @param {...(Node|string|null)} rest
 * @returns {HTMLElement}
 */
function heading(title, ...rest) {
  return h('div.io-head', {}, h('span', {}, title), h('span.spacer'), ...rest);
}

/**
 * A body of text in the machine's type, folded when long.
 * @param {{title: string, text: string, cut?: number, exit?: number|null}} block
 * @param {BlockContext} context
 * @param {string} kind
 * @returns {HTMLElement}
 */
function body(block, context, kind) {
  const text = block.text.replace(ANSI, '');
  const lines = text.split('\n').length;
  const said = [];
  if (block.exit !== null && block.exit !== undefined) said.push(`exit ${block.exit}`);
  said.push(lines === 1 ? '1 line' : `${formatCount(lines)} lines`);
  const pre = h('pre');
  const section = h(/** @type {'section'} */ (`section.io.is-${kind}`), {},
    heading(block.title || 'Text', h('span', {}, said.join(' · ')), copyButton(() => block.text)), pre);
  if (text === '') {
    pre.append(h('span.tiny', {}, 'empty'));
    return section;
  }
  const quote = kind === 'output' || kind === 'json' ? context.quote : '';
  const folded = context.full || foundAfter(text, quote, fold(text).length) ? text : fold(text);
  writeMarked(pre, folded, quote);
  if (folded.length < text.length || block.cut) {
    const whole = formatCount(block.cut ?? text.length);
    section.append(h('button.show-all', {
      type: 'button',
      onclick: () => {
        if (block.cut) void context.showFull();
        else writeMarked(pre, text, quote);
        section.querySelector('.show-all')?.remove();
      },
    }, `Show all ${whole} characters`));
  }
  return section;
}

/** A longer output is not unfolded for the sake of the line that is marked in it. */
const UNFOLDED = 20_000;

/**
 * @param {string} text
 * @param {string} quote
 * @param {number} shown  characters
 * @returns {boolean} whether the quote stands in what would be folded away
 */
function foundAfter(text, quote, shown) {
  if (!quote || text.length > UNFOLDED) return false;
  const at = text.lastIndexOf(quote);
  return at >= 0 && at + quote.length > shown;
}

/**
 * Write a text with the last place of a quote marked: an error is told last.
 * @param {HTMLElement} place
 * @param {string} text
 * @param {string} quote
 */
function writeMarked(place, text, quote) {
  const at = quote ? text.lastIndexOf(quote) : -1;
  if (at < 0) place.textContent = text;
  else fill(place, text.slice(0, at), h('mark', {}, quote), text.slice(at + quote.length));
}

/**
 * @param {string} text
 * @returns {string} its first lines
 */
function fold(text) {
  let end = 0;
  for (let line = 0; line < FOLD_LINES; line++) {
    const next = text.indexOf('\n', end);
    if (next < 0) return text.length > FOLD_CHARACTERS * 1.2 ? text.slice(0, FOLD_CHARACTERS) : text;
    end = next + 1;
  }
  const short = text.slice(0, Math.min(end, FOLD_CHARACTERS));
  return text.length - short.length < 400 ? text : short;
}

/**
 * @param {{title: string, nodes: any[], text: string}} block
 * @returns {HTMLElement}
 */
function markdown(block) {
  const section = h('section.prose', {}, ...nodesToDom(block.nodes));
  return block.title ? h('section.io', {}, heading(block.title, copyButton(() => block.text)), section) : section;
}

/**
 * @param {{title: string, files: {path: string, change: string, lines: any[][], cut?: number}[]}} block
 * @param {BlockContext} context
 * @returns {HTMLElement}
 */
function diff(block, context) {
  const files = block.files.map((file) => {
    const added = file.lines.filter((line) => line[0] === '+').length;
    const removed = file.lines.filter((line) => line[0] === '-').length;
    const numbered = file.lines.some((line) => line[1] !== null || line[2] !== null);
    const table = h(numbered ? 'div.diff' : /** @type {'div'} */ ('div.diff.is-bare'));
    const draw = (/** @type {any[][]} */ lines) => fill(table, lines.map(diffLine));
    const long = !context.full && file.lines.length > FOLD_LINES * 5;
    draw(long ? file.lines.slice(0, FOLD_LINES * 2) : file.lines);
    const section = h('section.io.is-diff', {},
      heading(file.path || block.title, h('span', {}, file.change === 'update' ? '' : file.change),
        h('span', {}, `+${added} −${removed}`)), table);
    if (long || file.cut) {
      section.append(h('button.show-all', {
        type: 'button',
        onclick: () => {
          if (file.cut) void context.showFull();
          else draw(file.lines);
          section.querySelector('.show-all')?.remove();
        },
      }, `Show all ${formatCount(file.lines.length)} lines`));
    }
    return section;
  });
  return h('div', {}, files);
}

/** @type {Record<string, string>} */
const DIFF_CLASS = { '+': 'add', '-': 'del', '@': 'hunk', ' ': 'same' };

/**
 * @param {any[]} line  sign, old number, new number, text
 * @returns {HTMLElement}
 */
function diffLine([sign, old, now, text]) {
  return h(/** @type {'div'} */ (`div.diff-line.is-${DIFF_CLASS[sign] ?? 'same'}`), {},
    h('span.diff-number', {}, old ?? ''), h('span.diff-number', {}, now ?? ''),
    h('span.diff-sign', {}, sign === '@' ? '…' : sign), h('span.diff-text', {}, text));
}

/** @type {Record<string, string>} */
const STEP_SIGN = { completed: '✓', done: '✓', in_progress: '▸', pending: '○', cancelled: '×' };

/**
 * @param {{title: string, steps: {text: string, status: string}[]}} block
 * @returns {HTMLElement}
 */
function steps(block) {
  const rows = block.steps.map((step) => h(/** @type {'li'} */ (`li.step.is-${step.status.replace(/[^a-z_]/g, '')}`), {},
    h('span.step-sign', { title: step.status }, STEP_SIGN[step.status] ?? '○'), step.text));
  return h('section.io', {}, heading(block.title), h('ul.steps', {}, rows));
}

/**
 * Images are fetched when asked for: a trace may hold hundreds.
 * @param {{images: {record: number, place: string, mime: string, size: number}[]}} block
 * @param {BlockContext} context
 * @returns {HTMLElement}
 */
function images(block, context) {
  const places = block.images.map((image) => {
    const place = h('div.image-place');
    const url = apiUrl('image', { ...context.run, record: image.record, place: image.place });
    const show = () => {
      const picture = h('img', { src: url, alt: `Image in record ${image.record}`, loading: 'lazy' });
      picture.addEventListener('error', () => fill(place, h('p.block-note', {}, 'This image cannot be shown: the file holds no picture that a browser knows.')));
      fill(place, picture);
    };
    const words = `${image.mime.replace('image/', '')}, ${formatBytes(image.size)}`;
    fill(place, h('button.button', { type: 'button', onclick: show }, `Show image (${words})`));
    return place;
  });
  return h('section.io', {}, heading('Images'), h('div.images', {}, places));
}
