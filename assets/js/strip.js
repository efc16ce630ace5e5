/**
 * The turn strip: the shape of a whole run in one line, one bar for each turn, always at full width.
 */
import { onThemeChange, palette } from './theme.js';
import { counted } from './timeline-words.js';
import { createTooltip } from './tooltip.js';
import { barWords, stripBars, turnHolding, turnsOf } from './turns.js';

/** @typedef {import('./turns.js').StripBar} StripBar */
/**
 * @typedef {object} StripOptions
 * @property {import('./columns.js').Columns} columns
 * @property {(index: number) => void} onSelect the reader picked a turn: its first error, else its first event
 */
/**
 * @typedef {object} Strip
 * @property {(index: number|null) => void} select           marks the turn that holds an event
 * @property {(visible: Uint8Array|null) => void} setVisible 1 for each event that passes the filter; null for all
 * @property {() => void} destroy
 */

/** Heights: the whole, the lowest bar, where bars stand, and the error tick below them. */
const STRIP_PX = 34;
const LEAST_PX = 4;
const BASE_PX = 29;
const TICK_PX = 3;
const TOP_PX = 3;
const FAINT_ALPHA = 0.22;

/**
 * @param {HTMLElement} host emptied and filled
 * @param {StripOptions} options
 * @returns {Strip}
 */
export function createStrip(host, options) {
  const view = new StripView(host, options);
  return {
    select: (index) => view.change({ selected: index }),
    setVisible: (visible) => view.change({ visible }),
    destroy: () => view.destroy(),
  };
}

/** The state behind `createStrip`. */
class StripView {
  /**
   * @param {HTMLElement} host
   * @param {StripOptions} options
   */
  constructor(host, { columns, onSelect }) {
    this.host = host;
    this.onSelect = onSelect;
    this.flags = columns.flags;
    this.turns = turnsOf(columns);
    this.most = this.turns.reduce((most, turn) => Math.max(most, turn.count), 1);
    /** @type {{selected: number|null, visible: Uint8Array|null}} */
    this.state = { selected: null, visible: null };
    /** @type {StripBar[]} */
    this.bars = [];
    this.frame = 0;
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'strip-canvas';
    this.ctx = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    host.classList.add('strip');
    host.replaceChildren(this.canvas);
    host.setAttribute('role', 'img');
    const failed = this.turns.filter((turn) => turn.firstError >= 0).length;
    host.setAttribute('aria-label', `Turns: ${counted(this.turns.length, 'turn')}, ${failed} with errors`);
    this.tooltip = createTooltip(host, 'timeline-tooltip');
    this.colours = palette();
    this.listen();
  }

  listen() {
    const stop = new AbortController();
    const { signal } = stop;
    this.host.addEventListener('click', (event) => this.open(this.barAt(event)), { signal });
    this.host.addEventListener('pointerleave', () => this.tooltip.hide(), { signal });
    this.host.addEventListener('pointermove', (event) => this.hover(event), { signal });
    const resize = new ResizeObserver(() => this.change({}));
    resize.observe(this.host);
    const offTheme = onThemeChange(() => {
      this.colours = palette();
      this.change({});
    });
    this.stops = [() => stop.abort(), () => resize.disconnect(), offTheme];
    this.change({});
  }

  /**
   * Change what is shown and draw it in the next frame.
   * @param {Partial<{selected: number|null, visible: Uint8Array|null}>} change
   */
  change(change) {
    Object.assign(this.state, change);
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw());
  }

  /**
   * @param {MouseEvent} event
   * @returns {StripBar|undefined}
   */
  barAt(event) {
    const { left, width } = this.host.getBoundingClientRect();
    return this.bars[Math.floor(((event.clientX - left) / width) * this.bars.length)];
  }

  /** @param {StripBar|undefined} bar */
  open(bar) {
    if (bar !== undefined) this.onSelect(bar.firstError >= 0 ? bar.firstError : this.turns[bar.from].first);
  }

  /** @param {PointerEvent} event */
  hover(event) {
    const bar = event.pointerType === 'mouse' ? this.barAt(event) : undefined;
    if (bar === undefined) {
      this.tooltip.hide();
      return;
    }
    const { left, top } = this.host.getBoundingClientRect();
    this.tooltip.show([barWords(bar, this.turns, this.flags)], event.clientX - left, event.clientY - top);
  }

  draw() {
    this.frame = 0;
    const width = this.host.clientWidth;
    const ratio = devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(STRIP_PX * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(STRIP_PX * ratio);
    }
    this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.ctx.clearRect(0, 0, width, STRIP_PX);
    this.bars = stripBars(this.turns, width);
    const { selected } = this.state;
    const held = selected === null ? -1 : turnHolding(this.turns, selected);
    const pitch = width / Math.max(this.bars.length, 1);
    this.bars.forEach((bar, k) => this.drawBar(bar, k * pitch, pitch, held >= bar.from && held < bar.to));
  }

  /**
   * @param {StripBar} bar
   * @param {number} x
   * @param {number} pitch     px from one bar to the next
   * @param {boolean} isMarked it holds the selected event
   */
  drawBar(bar, x, pitch, isMarked) {
    const { ctx, colours } = this;
    const gap = pitch >= 8 ? 2 : pitch >= 4 ? 1 : 0;
    const height = LEAST_PX + (BASE_PX - TOP_PX - LEAST_PX) * Math.sqrt(bar.tallest.count / this.most);
    if (isMarked) {
      const wide = Math.max(pitch, 5);
      ctx.fillStyle = colours['accent-soft'];
      ctx.fillRect(x + pitch / 2 - wide / 2, 0, wide, STRIP_PX);
      ctx.fillStyle = colours.accent;
      ctx.fillRect(x + pitch / 2 - wide / 2, 0, wide, 2);
    }
    ctx.globalAlpha = this.isFaint(bar) ? FAINT_ALPHA : 1;
    ctx.fillStyle = colours[`c-${bar.tallest.look}`];
    ctx.fillRect(x + gap / 2, BASE_PX - height, pitch - gap, height);
    if (bar.firstError >= 0) {
      const wide = Math.max(pitch - gap, 2);
      ctx.fillStyle = colours.error;
      ctx.fillRect(x + gap / 2, BASE_PX + 1, wide, TICK_PX);
      // Hollow where every error of it is inferred, as the triangles are.
      if (bar.flagged === 0 && wide > 3) ctx.clearRect(x + gap / 2 + 1, BASE_PX + 2, wide - 2, TICK_PX - 2);
    }
    ctx.globalAlpha = 1;
  }

  /**
   * Whether none of a bar's events passes the filter.
   * @param {StripBar} bar
   * @returns {boolean}
   */
  isFaint(bar) {
    const { visible } = this.state;
    if (visible === null) return false;
    return !visible.subarray(this.turns[bar.from].first, this.turns[bar.to - 1].last + 1).includes(1);
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    for (const stop of this.stops ?? []) stop();
    this.tooltip.destroy();
    this.canvas.remove();
    this.host.classList.remove('strip');
    for (const name of ['role', 'aria-label']) this.host.removeAttribute(name);
  }
}
