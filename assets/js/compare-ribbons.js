/** What each run did: a ribbon a run, all on one axis. A click goes to the event there. */
import { cellAt, phasePaths, readRibbon, ribbonWords } from './compare-ribbon.js';
import { fill, h } from './dom.js';
import { formatCount, formatDuration } from './format.js';
import { s } from './svg.js';

/** @typedef {import('./compare-ribbon.js').Axis} Axis */
/**
 * @typedef {object} RibbonActions
 * @property {(run: any, event?: string) => {href: string, onclick: (event: MouseEvent) => void}} linkTo
 * @property {(run: any, index: number) => void} openIndex  go to an event whose address is not known here
 * @property {(by: Axis) => void} setAxis
 * @property {string[]} chosen  keys of the runs of the selected cell; the others are drawn fainter
 */

export const AXES = /** @type {const} */ ([['order', 'Event order'], ['time', 'Time'], ['tokens', 'Tokens']]);
const KEY = /** @type {const} */ (['explore', 'edit', 'run', 'fail', 'wait', 'other']);
const WIDTH = 1000;
const TOP = 11;
const HEIGHT = 20;
const WHOLE = 42;
/** Rows drawn before a reader asks for the rest. */
const FIRST = 60;
const MARK_WORDS = Object.freeze({ flagged: 'flagged error', inferred: 'inferred error', test: 'test run', eval: 'evaluation run', firstEdit: 'first edit', end: 'end' });

export class Ribbons {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.all = false;
  }

  /**
   * @param {any} found
   * @param {Axis} by
   * @param {RibbonActions} actions
   */
  draw(found, by, actions) {
    const ribbons = found.runs.map((/** @type {any} */ run) => readRibbon(run.ribbon, by));
    const longest = Math.max(1, ...ribbons.map((/** @type {any} */ ribbon) => ribbon?.length ?? 0));
    const count = this.all ? found.runs.length : Math.min(found.runs.length, FIRST);
    const cut = ribbons.some((/** @type {any} */ ribbon) => ribbon && ribbon.whole > ribbon.length);
    fill(this.host, this.head(by, actions),
      h('div.ribbons', {}, found.runs.slice(0, count).map((/** @type {any} */ run, /** @type {number} */ at) =>
        ribbonRow(run, ribbons[at], longest, by, actions))),
      axisWords(longest, by), cut && h('p.src', {}, 'Pauses of more than 10 minutes are drawn as 10.'),
      count < found.runs.length && h('button.button', { type: 'button', onclick: () => { this.all = true; this.draw(found, by, actions); } },
        `Show all ${formatCount(found.runs.length)} runs`));
  }

  /**
   * @param {Axis} by
   * @param {RibbonActions} actions
   * @returns {HTMLElement}
   */
  head(by, actions) {
    return h('div.card-head', {}, h('h2', {}, 'What each run did'),
      h('div.seg', { role: 'group', 'aria-label': 'Axis' }, AXES.map(([name, label]) => h('button.seg-button', {
        type: 'button', 'aria-pressed': name === by, onclick: () => actions.setAxis(name),
      }, label))),
      h('span.spacer'), legend());
  }
}

/** @returns {HTMLElement} */
export function legend() {
  const swatch = (/** @type {string} */ phase) => h('i', { class: `phase-${phase}`, 'aria-hidden': 'true' });
  return h('span.ribbon-legend', {}, KEY.map((phase) => h('span', {}, swatch(phase), phase)),
    h('span', {}, h('i.mark', { 'aria-hidden': 'true' }, '▲'), 'error'), h('span', {}, h('i.mark', { 'aria-hidden': 'true' }, '△'), 'inferred'),
    h('span', {}, h('i.mark-quiet', { 'aria-hidden': 'true' }, '●'), 'test'), h('span', {}, h('i.mark-quiet', { 'aria-hidden': 'true' }, '◆'), 'evaluation'),
    h('span', {}, h('i.mark-quiet', { 'aria-hidden': 'true' }, '┆'), 'first edit'));
}

/**
 * @param {any} run
 * @param {import('./compare-ribbon.js').Ribbon|null} ribbon
 * @param {number} longest
 * @param {Axis} by
 * @param {RibbonActions} actions
 * @returns {HTMLElement}
 */
function ribbonRow(run, ribbon, longest, by, actions) {
  const faint = actions.chosen.length > 0 && !actions.chosen.includes(run.key);
  return h('div.ribbon-row', { class: faint ? 'is-faint' : '' },
    h('a.ribbon-name', { ...actions.linkTo(run), title: `${run.title}\n${run.knownFrom}` }, h('b', {}, run.harness), h('span.tiny', {}, run.model)),
    ribbon ? drawing(run, ribbon, longest, actions) : h('span.tiny.ribbon-missing', {}, missing(run, by)),
    h('span.ribbon-size', {}, ribbon ? size(ribbon, run, by) : ''));
}

/**
 * @param {any} run
 * @param {Axis} by
 * @returns {string}
 */
function missing(run, by) {
  if (!run.ribbon) return 'read only in part; open the run to see it';
  return by === 'time' ? 'times not recorded' : 'tokens not recorded';
}

/**
 * @param {import('./compare-ribbon.js').Ribbon} ribbon
 * @param {any} run
 * @param {Axis} by
 * @returns {string}
 */
function size(ribbon, run, by) {
  if (by === 'time') return formatDuration(ribbon.whole * 1000);
  if (by === 'tokens') return `${formatCount(ribbon.length, true)} tokens`;
  return `${formatCount(run.ribbon.n)} event${run.ribbon.n === 1 ? '' : 's'}`;
}

/**
 * @param {number} longest
 * @param {Axis} by
 * @returns {HTMLElement}
 */
function axisWords(longest, by) {
  const end = by === 'time' ? formatDuration(longest * 1000) : by === 'tokens' ? `${formatCount(longest, true)} tokens` : `event ${formatCount(longest)}`;
  return h('div.ribbon-axis', { 'aria-hidden': 'true' }, h('span', {}), h('span', {}, h('span', {}, by === 'order' ? 'event 1' : '0'), h('span', {}, end)), h('span', {}));
}

/**
 * @param {any} run
 * @param {import('./compare-ribbon.js').Ribbon} ribbon
 * @param {number} longest
 * @param {RibbonActions} actions
 * @returns {SVGElement}
 */
function drawing(run, ribbon, longest, actions) {
  const x = (/** @type {number} */ place) => (place / longest) * WIDTH;
  const open = (/** @type {MouseEvent} */ event) => {
    if (event.target instanceof Element && event.target.closest('a')) return;
    const box = /** @type {SVGElement} */ (event.currentTarget).getBoundingClientRect();
    const at = cellAt(ribbon, ((event.clientX - box.left) / box.width) * longest);
    if (at >= 0) actions.openIndex(run, at * ribbon.events);
  };
  const paths = [...phasePaths(ribbon, x, TOP, HEIGHT, 2)].map(([phase, path]) => s('path', { d: path, class: `phase-${phase}` }));
  return s('svg', { width: '100%', height: WHOLE, class: 'ribbon', role: 'group', 'aria-label': `${run.name}: ${ribbonWords(ribbon)}`, onclick: open },
    // The cells stretch with the page, marks keep their shape.
    s('svg', { x: 0, y: 0, width: '100%', height: WHOLE, viewBox: `0 0 ${WIDTH} ${WHOLE}`, preserveAspectRatio: 'none' }, ...paths),
    ...ribbon.marks.map((mark) => markOf(run, mark, mark.at / longest, actions)));
}

/**
 * A mark leads to its event.
 * @param {any} run
 * @param {import('./compare-ribbon.js').Mark} mark
 * @param {number} share  of the width
 * @param {RibbonActions} actions
 * @returns {SVGElement}
 */
function markOf(run, mark, share, actions) {
  const link = actions.linkTo(run, mark.address);
  const go = mark.exact ? link.onclick : (/** @type {MouseEvent} */ event) => {
    event.preventDefault();
    actions.openIndex(run, mark.index);
  };
  const words = `${MARK_WORDS[mark.kind]}${mark.kind === 'end' ? `: ${run.ribbon.end}` : ''} at event ${mark.address}`;
  return s('a', { href: link.href, onclick: go, 'aria-label': words, class: `mark-${mark.kind}` }, s('title', {}, words),
    s('svg', { x: `${(100 * share).toFixed(2)}%`, y: 0, width: 1, height: WHOLE, overflow: 'visible' }, shape(mark)));
}

/**
 * @param {import('./compare-ribbon.js').Mark} mark
 * @returns {SVGElement}
 */
function shape(mark) {
  const below = TOP + HEIGHT + 6;
  if (mark.kind === 'flagged' || mark.kind === 'inferred') return s('path', { d: 'M0 1l4.5 7.5h-9z' });
  if (mark.kind === 'test') return s('circle', { cx: 0, cy: below, r: 3 });
  if (mark.kind === 'eval') return s('path', { d: `M0 ${below - 4}l4 4l-4 4l-4 -4z` });
  if (mark.kind === 'firstEdit') return s('path', { d: `M0 ${TOP - 3}v${HEIGHT + 12}` });
  return s('path', { d: `M-1 ${TOP - 3}v${HEIGHT + 6}` });
}
