/**
 * Pointer, wheel, touch and keyboard on the timeline, as a few intentions: zoom, pan, tap, hover, reset.
 */

/**
 * @typedef {object} Intentions positions in px from the top left of the host
 * @property {(factor: number, x: number|null) => void} zoom  factor above 1 shows more; x null: around the middle
 * @property {(px: number) => void} pan                       above 0 towards the end
 * @property {(x: number, y: number, touch: boolean) => void} tap
 * @property {(x: number, y: number) => void} hover
 * @property {() => void} leave
 * @property {() => void} reset
 * @property {() => boolean} isWhole                          nothing left to zoom out to
 * @property {() => number} width                             px of the plot
 */
/** @typedef {{x: number, y: number}} Point */

/** A press that moves less than this is a tap, px. */
const TAP_PX = 5;
/** Wheel pixels to zoom: a wheel notch (100 to 120) zooms by about a fifth; a pinch sends far smaller numbers. */
const WHEEL_RATE = 0.002;
const PINCH_RATE = 0.01;
const WHEEL_MOST = 240;
/** Pixels in a wheel event's line and page. */
const LINE_PX = 16;
const PAGE_PX = 400;
/** One key press: a part of the window to pan by, and a factor to zoom by. */
const KEY_PAN = 0.12;
const KEY_ZOOM = 1.4;

/**
 * @param {HTMLElement} host
 * @param {Intentions} intend
 * @returns {() => void} stops listening
 */
export function attachInput(host, intend) {
  const stop = new AbortController();
  const { signal } = stop;
  host.addEventListener('wheel', (event) => onWheel(host, event, intend), { passive: false, signal });
  host.addEventListener('keydown', (event) => onKey(event, intend), { signal });
  host.addEventListener('dblclick', () => intend.reset(), { signal });
  attachPointers(host, intend, signal);
  return () => stop.abort();
}

/**
 * @param {HTMLElement} host
 * @param {{clientX: number, clientY: number}} event
 * @returns {Point}
 */
function pointIn(host, event) {
  const { left, top } = host.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

/**
 * @param {HTMLElement} host
 * @param {WheelEvent} event
 * @param {Intentions} intend
 */
function onWheel(host, event, intend) {
  const unit = [1, LINE_PX, PAGE_PX][event.deltaMode] ?? 1;
  const across = (event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX) * unit;
  const along = event.shiftKey ? 0 : event.deltaY * unit;
  const pans = Math.abs(across) > Math.abs(along);
  // With nothing left to show or to pan to, the wheel belongs to the page again.
  if (!event.ctrlKey && intend.isWhole() && (pans || along > 0)) return;
  event.preventDefault();
  if (pans) {
    intend.pan(across);
    return;
  }
  const much = Math.max(-WHEEL_MOST, Math.min(WHEEL_MOST, along));
  intend.zoom(Math.exp(much * (event.ctrlKey ? PINCH_RATE : WHEEL_RATE)), pointIn(host, event).x);
}

/**
 * @param {KeyboardEvent} event
 * @param {Intentions} intend
 */
function onKey(event, intend) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = intend.width() * KEY_PAN;
  /** @type {Record<string, () => void>} */
  const actions = {
    ArrowLeft: () => intend.pan(-step),
    ArrowRight: () => intend.pan(step),
    '+': () => intend.zoom(1 / KEY_ZOOM, null),
    '=': () => intend.zoom(1 / KEY_ZOOM, null),
    '-': () => intend.zoom(KEY_ZOOM, null),
    _: () => intend.zoom(KEY_ZOOM, null),
    0: () => intend.reset(),
  };
  const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
  if (action === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  action();
}

/**
 * One pointer drags or taps, two pinch.
 * @param {HTMLElement} host
 * @param {Intentions} intend
 * @param {AbortSignal} signal
 */
function attachPointers(host, intend, signal) {
  /** @type {Map<number, Point>} */
  const down = new Map();
  /** @type {Point|null} where a press began that may still be a tap */
  let tap = null;
  const listen = (/** @type {string} */ type, /** @type {(event: PointerEvent) => void} */ handler) =>
    host.addEventListener(type, (event) => handler(/** @type {PointerEvent} */ (event)), { signal });

  listen('pointerdown', (event) => {
    if (event.button !== 0) return;
    host.setPointerCapture(event.pointerId);
    down.set(event.pointerId, pointIn(host, event));
    tap = down.size === 1 ? pointIn(host, event) : null;
    if (down.size === 1) intend.leave();
  });
  listen('pointermove', (event) => {
    const point = pointIn(host, event);
    const before = down.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType === 'mouse') intend.hover(point.x, point.y);
      return;
    }
    if (tap !== null && Math.hypot(point.x - tap.x, point.y - tap.y) < TAP_PX) return;
    tap = null;
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, point);
    if (other === undefined) intend.pan(before.x - point.x);
    else pinch(before, point, other, intend);
  });
  listen('pointerup', (event) => {
    const point = pointIn(host, event);
    if (down.delete(event.pointerId) && tap !== null) intend.tap(point.x, point.y, event.pointerType !== 'mouse');
    tap = null;
  });
  listen('pointercancel', (event) => {
    down.delete(event.pointerId);
    tap = null;
  });
  listen('pointerleave', () => intend.leave());
}

/**
 * Two fingers: their distance zooms, their middle pans.
 * @param {Point} before the finger that moved, before
 * @param {Point} after  and now
 * @param {Point} other  the finger that stayed
 * @param {Intentions} intend
 */
function pinch(before, after, other, intend) {
  // Fingers that lie nearly above each other have no distance along the axis; below this they only pan.
  const least = 20;
  const was = Math.abs(before.x - other.x);
  const is = Math.abs(after.x - other.x);
  intend.pan((before.x - after.x) / 2);
  if (was >= least && is >= least) intend.zoom(was / is, (after.x + other.x) / 2);
}
