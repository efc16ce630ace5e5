/** Facts about the timeline and the strip as a reader uses them: real elements, real events. */
import { createStrip } from '../../assets/js/strip.js';
import { palette } from '../../assets/js/theme.js';
import { createTimeline } from '../../assets/js/timeline.js';
import { equal, nextFrame, test } from './harness.js';
import { sampleColumns } from './sample.js';

/** Plot of 1000 px between the gutter and the right edge. */
const WIDTH = 1092;
const LEFT = 84;

/**
 * An element on the page while `fn` runs.
 * @param {(host: HTMLElement) => Promise<void>} fn
 */
async function onPage(fn) {
  const host = document.createElement('div');
  host.style.width = `${WIDTH}px`;
  document.body.append(host);
  try {
    await fn(host);
  } finally {
    host.remove();
  }
}

/**
 * A timeline of ten shell calls, the fifth an error.
 * @param {HTMLElement} host
 * @param {Partial<import('../../assets/js/timeline.js').TimelineOptions>} [options]
 */
async function timelineIn(host, options = {}) {
  const events = Array.from({ length: 10 }, (_, i) => ({ start: i * 1000, verdict: i === 4 ? 'error' : 'ok' }));
  /** @type {number[]} */
  const selected = [];
  const timeline = createTimeline(host, {
    columns: sampleColumns(events),
    children: [],
    mode: 'order',
    probes: false,
    onSelect: (index) => selected.push(index),
    onOpenChild: () => {},
    describe: () => '',
    ...options,
  });
  await nextFrame();
  return { timeline, selected };
}

/**
 * @param {HTMLElement} host
 * @param {string} type
 * @param {number} x px in the plot
 * @param {number} [y]
 * @param {PointerEventInit} [more]
 */
function pointer(host, type, x, y = 14, more = {}) {
  const { left, top } = host.getBoundingClientRect();
  const place = { clientX: left + LEFT + x, clientY: top + y };
  const about = { pointerId: 1, pointerType: 'mouse', bubbles: true, cancelable: true };
  host.dispatchEvent(new PointerEvent(type, { ...about, ...place, ...more }));
}

/**
 * @param {HTMLElement} host
 * @param {WheelEventInit} init
 * @returns {boolean} whether the page may scroll
 */
function wheel(host, init) {
  const { left, top } = host.getBoundingClientRect();
  const place = { clientX: left + LEFT + 500, clientY: top + 14, bubbles: true, cancelable: true };
  return host.dispatchEvent(new WheelEvent('wheel', { ...place, ...init }));
}

/**
 * The colour of one px of the drawing, as 'r,g,b,a'.
 * @param {HTMLElement} host
 * @param {number} x px in the plot
 * @param {number} y
 */
function pixel(host, x, y) {
  const canvas = /** @type {HTMLCanvasElement} */ (host.querySelector('canvas'));
  const ratio = canvas.width / canvas.clientWidth;
  return canvas.getContext('2d')?.getImageData((LEFT + x) * ratio, y * ratio, 1, 1).data.join();
}

/**
 * A colour of the palette in the form of `pixel`.
 * @param {string} name
 */
function colour(name) {
  const canvas = document.createElement('canvas');
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  ctx.fillStyle = palette()[name];
  ctx.fillRect(0, 0, 1, 1);
  return ctx.getImageData(0, 0, 1, 1).data.join();
}

// Synthetic pointers are not active ones, which is all that a capture asks of them.
HTMLElement.prototype.setPointerCapture = () => {};

test('a bar has the colour of its category and its error a red mark above it', () =>
  onPage(async (host) => {
    await timelineIn(host);
    equal([pixel(host, 30, 14), pixel(host, 406, 5)], [colour('c-shell'), colour('error')]);
    equal(pixel(host, 306, 5), '0,0,0,0');
  }));

test('the timeline says what it is and can be reached by keyboard', () =>
  onPage(async (host) => {
    await timelineIn(host);
    equal([host.getAttribute('role'), host.getAttribute('aria-label'), host.tabIndex], [
      'img',
      'Timeline: 10 events, errors flagged 1 · inferred 0',
      0,
    ]);
  }));

test('a click selects the event under it', () =>
  onPage(async (host) => {
    const { selected } = await timelineIn(host);
    pointer(host, 'pointerdown', 730);
    pointer(host, 'pointerup', 730);
    equal(selected, [7]);
  }));

test('a drag pans and selects nothing', () =>
  onPage(async (host) => {
    const { selected } = await timelineIn(host);
    wheel(host, { deltaY: -240 });
    pointer(host, 'pointerdown', 500);
    pointer(host, 'pointermove', 5000);
    pointer(host, 'pointerup', 5000);
    equal(selected, []);
    pointer(host, 'pointerdown', 40);
    pointer(host, 'pointerup', 40);
    equal(selected, [0]);
  }));

test('the wheel zooms around the pointer and then belongs to the timeline', () =>
  onPage(async (host) => {
    const { selected } = await timelineIn(host);
    const pageMayScroll = [wheel(host, { deltaY: 120 }), wheel(host, { deltaY: -120 }), wheel(host, { deltaY: 60 })];
    equal(pageMayScroll, [true, false, false]);
    wheel(host, { deltaY: -240 });
    pointer(host, 'pointerdown', 510);
    pointer(host, 'pointerup', 510);
    equal(selected, [5]);
  }));

test('two fingers apart zoom in', () =>
  onPage(async (host) => {
    const { selected } = await timelineIn(host);
    pointer(host, 'pointerdown', 480, 14, { pointerId: 1, pointerType: 'touch' });
    pointer(host, 'pointerdown', 520, 14, { pointerId: 2, pointerType: 'touch' });
    pointer(host, 'pointermove', 700, 14, { pointerId: 2, pointerType: 'touch' });
    pointer(host, 'pointerup', 700, 14, { pointerId: 2, pointerType: 'touch' });
    pointer(host, 'pointerup', 480, 14, { pointerId: 1, pointerType: 'touch' });
    equal(selected, []);
    // Four events are left on screen, the narrowest window, so a bar is 250 px apart from the next.
    pointer(host, 'pointerdown', 990);
    pointer(host, 'pointerup', 990);
    pointer(host, 'pointerdown', 740);
    pointer(host, 'pointerup', 740);
    equal(selected.length > 0 && selected.every((index) => index >= 2 && index <= 8), true);
  }));

test('keys zoom, pan and reset, and other keys are left alone', () =>
  onPage(async (host) => {
    const { selected } = await timelineIn(host);
    const press = (/** @type {string} */ key, /** @type {KeyboardEventInit} */ more = {}) =>
      host.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
    equal(['+', '+', '+', 'ArrowRight', '-'].map((key) => press(key)), [false, false, false, false, false]);
    equal([press('j'), press('+', { ctrlKey: true })], [true, true]);
    press('0');
    pointer(host, 'pointerdown', 930);
    pointer(host, 'pointerup', 930);
    equal(selected, [9]);
  }));

test('hovering shows text, never markup', () =>
  onPage(async (host) => {
    await timelineIn(host, { describe: () => '<img src=x onerror=alert(1)>' });
    pointer(host, 'pointermove', 730);
    const box = /** @type {HTMLElement} */ (host.querySelector('.timeline-tooltip'));
    equal([box.hidden, box.querySelector('img'), box.lastElementChild?.textContent], [
      false,
      null,
      '<img src=x onerror=alert(1)>',
    ]);
    pointer(host, 'pointerleave', 730);
    equal(box.hidden, true);
  }));

test('selecting outlines the event and tells nobody', () =>
  onPage(async (host) => {
    const { timeline, selected } = await timelineIn(host);
    // Just above the bar, left of where an error would be marked.
    equal(pixel(host, 30, 6), '0,0,0,0');
    timeline.select(0);
    await nextFrame();
    equal([pixel(host, 30, 6), selected], [colour('ink'), []]);
  }));

test('selecting an event outside the window brings it into view', () =>
  onPage(async (host) => {
    const { timeline, selected } = await timelineIn(host);
    wheel(host, { deltaY: -240 });
    wheel(host, { deltaY: -240 });
    timeline.select(0);
    pointer(host, 'pointerdown', 10);
    pointer(host, 'pointerup', 10);
    equal(selected, [0]);
  }));

test('events outside the filter are drawn faint', () =>
  onPage(async (host) => {
    const { timeline } = await timelineIn(host);
    timeline.setVisible(Uint8Array.of(0, 1, 1, 1, 1, 1, 1, 1, 1, 1));
    await nextFrame();
    equal([pixel(host, 30, 14) === colour('c-shell'), pixel(host, 130, 14)], [false, colour('c-shell')]);
  }));

test('a child run opens on a click', () =>
  onPage(async (host) => {
    const child = { label: 'explore', start: null, end: null, call: 2, events: 1, errors: 0, key: 'k' };
    /** @type {string[]} */
    const opened = [];
    await timelineIn(host, { children: [child], onOpenChild: ({ key }) => opened.push(key) });
    pointer(host, 'pointerdown', 230, 22 + 12);
    pointer(host, 'pointerup', 230, 22 + 12);
    equal(opened, ['k']);
  }));

test('a new theme is drawn with its own colours', () =>
  onPage(async (host) => {
    await timelineIn(host);
    const root = document.documentElement;
    root.style.setProperty('--c-shell', 'rgb(1, 2, 3)');
    root.dispatchEvent(new Event('themechange'));
    await nextFrame();
    const drawn = pixel(host, 30, 14);
    root.style.removeProperty('--c-shell');
    equal(drawn, '1,2,3,255');
  }));

test('an empty run is drawn without a problem, in both modes', () =>
  onPage(async (host) => {
    const { timeline } = await timelineIn(host, { columns: sampleColumns([]), mode: 'time' });
    timeline.setMode('order');
    timeline.select(3);
    timeline.reset();
    await nextFrame();
    equal(host.getAttribute('aria-label'), 'Timeline: 0 events, errors flagged 0 · inferred 0');
  }));

test('destroying leaves nothing behind', () =>
  onPage(async (host) => {
    const { timeline, selected } = await timelineIn(host);
    timeline.destroy();
    pointer(host, 'pointerdown', 730);
    pointer(host, 'pointerup', 730);
    equal([host.childElementCount, host.className, host.getAttribute('role'), selected], [0, '', null, []]);
  }));

test('a click on the strip goes to the first error of a turn, else to its first event', () =>
  onPage(async (host) => {
    const events = [{ turn: 0 }, { turn: 0 }, { turn: 1 }, { turn: 1, verdict: 'error' }];
    /** @type {number[]} */
    const selected = [];
    const strip = createStrip(host, { columns: sampleColumns(events), onSelect: (index) => selected.push(index) });
    await nextFrame();
    pointer(host, 'click', 100);
    pointer(host, 'click', 900);
    equal(selected, [0, 3]);
    equal(host.getAttribute('aria-label'), 'Turns: 2 turns, 1 with errors');
    strip.destroy();
    equal(host.childElementCount, 0);
  }));

test('the strip marks the turn of the selected event', () =>
  onPage(async (host) => {
    const strip = createStrip(host, { columns: sampleColumns([{ turn: 0 }, { turn: 1 }]), onSelect: () => {} });
    strip.select(1);
    await nextFrame();
    equal([pixel(host, 100, 1), pixel(host, 900, 1)], ['0,0,0,0', colour('accent')]);
    strip.destroy();
  }));
