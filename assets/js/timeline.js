/**
 * The timeline of a run: one canvas, redrawn at most once a frame, and a tooltip.
 */
import { buildAxis } from './axis.js';
import { buildLanes, childSpans } from './lanes.js';
import { ribbonOf } from './phases.js';
import { onThemeChange, palette } from './theme.js';
import { looksOf } from './timeline-bars.js';
import { drawTimeline } from './timeline-draw.js';
import { hitTest, MOUSE_REACH_PX, TOUCH_REACH_PX } from './timeline-hit.js';
import { attachInput } from './timeline-input.js';
import { layoutOf } from './timeline-layout.js';
import { timelineLabel, tooltipLines } from './timeline-words.js';
import { createTooltip } from './tooltip.js';
import { marksOf } from './verdicts.js';
import { isWhole, panned, placed, revealing, zoomed } from './viewport.js';

/** @typedef {import('./timeline-hit.js').Scene} Scene */
/** @typedef {import('./timeline-hit.js').Hit} Hit */
/** @typedef {import('./lanes.js').Child} Child */
/** @typedef {'order'|'time'} Mode */
/**
 * @typedef {object} TimelineOptions
 * @property {import('./columns.js').Columns} columns
 * @property {Child[]} children
 * @property {Mode} mode  'time' is taken as 'order' when the run has no usable times
 * @property {boolean} probes  whether probes are marked
 * @property {(index: number) => void} onSelect     the reader picked an event
 * @property {(child: Child) => void} onOpenChild   the reader picked a child run
 * @property {(index: number) => string} describe   a line about an event for the tooltip; '' for none
 */
/**
 * @typedef {object} Timeline
 * @property {(index: number|null) => void} select          shows an event as selected, and brings it into view
 * @property {(mode: Mode) => void} setMode
 * @property {(visible: Uint8Array|null) => void} setVisible 1 for each event that passes the filter; null for all
 * @property {(events: Uint8Array|null) => void} light      1 for each event to light up; null for none
 * @property {(shown: boolean) => void} showProbes
 * @property {() => void} reset                             shows the whole run
 * @property {() => void} destroy
 */

/** The narrowest window: this many events, or this many ms. */
const LEAST = Object.freeze({ order: 4, time: 100 });
/** The hatch of a fold, px between two lines. */
const HATCH_PX = 6;

/**
 * @param {HTMLElement} host emptied, made focusable and filled
 * @param {TimelineOptions} options
 * @returns {Timeline}
 */
export function createTimeline(host, options) {
  const view = new TimelineView(host, options);
  return {
    select: (index) => view.select(index),
    setMode: (mode) => view.setMode(mode),
    setVisible: (visible) => view.show(visible),
    light: (events) => view.light(events),
    showProbes: (shown) => view.change({ marks: marksOf(options.columns, shown) }),
    reset: () => view.reset(),
    destroy: () => view.destroy(),
  };
}

/**
 * A pattern of diagonal lines, to fill folds with.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Record<string, string>} colours
 * @returns {CanvasPattern|string}
 */
function hatchPattern(ctx, colours) {
  const tile = document.createElement('canvas');
  tile.width = HATCH_PX;
  tile.height = HATCH_PX;
  const pen = /** @type {CanvasRenderingContext2D} */ (tile.getContext('2d'));
  pen.fillStyle = colours.sunken;
  pen.fillRect(0, 0, HATCH_PX, HATCH_PX);
  pen.strokeStyle = colours['line-strong'];
  pen.beginPath();
  // Three lines, so that the corners of neighbouring tiles join.
  for (const shift of [-HATCH_PX, 0, HATCH_PX]) {
    pen.moveTo(shift - 1, HATCH_PX + 1);
    pen.lineTo(shift + HATCH_PX + 1, -1);
  }
  pen.stroke();
  return ctx.createPattern(tile, 'repeat') ?? colours.sunken;
}

/** The state behind `createTimeline`. */
class TimelineView {
  /**
   * @param {HTMLElement} host
   * @param {TimelineOptions} options
   */
  constructor(host, options) {
    this.host = host;
    this.options = options;
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'timeline-canvas';
    this.ctx = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    host.classList.add('timeline');
    host.replaceChildren(this.canvas);
    host.tabIndex = 0;
    host.setAttribute('role', 'img');
    host.setAttribute('aria-label', timelineLabel(options.columns));
    this.tooltip = createTooltip(host, 'timeline-tooltip');
    this.colours = palette();
    this.hatch = hatchPattern(this.ctx, this.colours);
    this.frame = 0;
    /** @type {Uint8Array|null} what the filter lets through */
    this.filtered = null;
    /** @type {Scene} */
    this.scene = this.sceneFor(options.mode, null, null);
    this.stops = [
      attachInput(host, this.intentions()),
      onThemeChange(() => {
        this.colours = palette();
        this.hatch = hatchPattern(this.ctx, this.colours);
        this.request();
      }),
    ];
    const resize = new ResizeObserver(() => this.resize());
    resize.observe(host);
    this.stops.push(() => resize.disconnect());
    // At once, so that what follows on the page does not move when the first frame is drawn.
    this.canvas.style.height = `${this.scene.layout.height}px`;
    this.request();
  }

  /**
   * @param {Mode} mode
   * @param {number|null} selected
   * @param {Uint8Array|null} visible
   * @returns {Scene}
   */
  sceneFor(mode, selected, visible) {
    const { columns, children } = this.options;
    const axis = buildAxis(columns, mode, childSpans(columns, children));
    const lanes = buildLanes(columns, axis, children);
    const layout = layoutOf(lanes, this.host.clientWidth);
    const view = { from: 0, to: axis.total };
    const marks = this.scene?.marks ?? marksOf(columns, this.options.probes);
    const ribbon = ribbonOf(columns, axis);
    return { columns, children, axis, lanes, ribbon, layout, view, selected, visible, looks: looksOf(columns, visible), marks };
  }

  /** @returns {import('./viewport.js').Limits} */
  limits() {
    const { axis } = this.scene;
    return { total: axis.total, least: LEAST[axis.mode] };
  }

  /**
   * Change what is shown and draw it in the next frame.
   * @param {Partial<Scene>} change
   */
  change(change) {
    Object.assign(this.scene, change);
    this.request();
  }

  request() {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw());
  }

  /** A new width; the height follows when it is drawn, as an observer must not change what it observes. */
  resize() {
    this.change({ layout: layoutOf(this.scene.lanes, this.host.clientWidth) });
  }

  draw() {
    this.frame = 0;
    const { width, height } = this.scene.layout;
    const ratio = devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    // Setting the size clears the canvas and drops its memory, so only when it is another one.
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide;
      this.canvas.height = high;
      this.canvas.style.height = `${height}px`;
    }
    this.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawTimeline(this.ctx, this.scene, this.colours, this.hatch);
  }

  /** @returns {import('./timeline-input.js').Intentions} */
  intentions() {
    const perPx = () => (this.scene.view.to - this.scene.view.from) / this.scene.layout.plotWidth;
    return {
      zoom: (factor, x) => {
        const { view, layout } = this.scene;
        const around = view.from + (x === null ? layout.plotWidth / 2 : x - layout.left) * perPx();
        this.tooltip.hide();
        this.change({ view: zoomed(view, factor, Math.min(Math.max(around, view.from), view.to), this.limits()) });
      },
      pan: (px) => {
        this.tooltip.hide();
        this.change({ view: panned(this.scene.view, px * perPx(), this.limits()) });
      },
      tap: (x, y, touch) => this.open(hitTest(this.scene, x, y, touch ? TOUCH_REACH_PX : MOUSE_REACH_PX)),
      hover: (x, y) => this.hover(x, y),
      leave: () => this.tooltip.hide(),
      reset: () => this.reset(),
      isWhole: () => isWhole(this.scene.view, this.limits()),
      width: () => this.scene.layout.plotWidth,
    };
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  hover(x, y) {
    const hit = hitTest(this.scene, x, y);
    this.canvas.style.cursor = hit === null || hit.type === 'fold' ? '' : 'pointer';
    if (hit === null) this.tooltip.hide();
    else this.tooltip.show(tooltipLines(this.scene, hit, this.options.describe), x, y);
  }

  /** @param {Hit|null} hit */
  open(hit) {
    if (hit?.type === 'event') {
      this.change({ selected: hit.index });
      this.options.onSelect(hit.index);
    } else if (hit?.type === 'stretch') {
      this.options.onSelect(hit.stretch.first);
    } else if (hit?.type === 'child') {
      this.options.onOpenChild(hit.child);
    }
  }

  /** @param {number|null} index */
  select(index) {
    const { axis, view } = this.scene;
    const known = index !== null && index >= 0 && index < axis.start.length ? index : null;
    const moved = known === null ? view : revealing(view, axis.start[known], this.limits());
    this.change({ selected: known, view: moved });
  }

  /** @param {Uint8Array|null} visible */
  show(visible) {
    this.filtered = visible;
    this.change({ visible, looks: looksOf(this.options.columns, visible) });
  }

  /** @param {Uint8Array|null} events  what is not among them steps back, as with a filter */
  light(events) {
    const visible = events ?? this.filtered;
    this.change({ visible, looks: looksOf(this.options.columns, visible) });
  }

  /** @param {Mode} mode */
  setMode(mode) {
    const { selected, visible } = this.scene;
    this.scene = this.sceneFor(mode, selected, visible);
    this.tooltip.hide();
    this.request();
  }

  reset() {
    const { total } = this.limits();
    this.change({ view: placed(0, total, this.limits()) });
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    for (const stop of this.stops) stop();
    this.tooltip.destroy();
    this.canvas.remove();
    this.host.classList.remove('timeline');
    for (const name of ['role', 'aria-label', 'tabindex']) this.host.removeAttribute(name);
  }
}
