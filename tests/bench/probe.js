/**
 * Measures inside a page: when things appear, and how long frames take. An init script, so it is there from the start;
 * times are ms since the navigation began.
 */
(() => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  /** @type {number[]} */
  let frames = [];
  let recording = false;

  const measure = {
    /**
     * The time of the first frame in which something is on screen.
     * @param {() => unknown} shown
     */
    async when(shown) {
      while (!shown()) await frame();
      await frame();
      return performance.now();
    },

    /** An event of the list, with its words. */
    event: () => document.querySelector('[role=listbox] [role=option] .list-brief')?.textContent,

    /** @param {string} address the selected event, in the list and in the detail */
    selected: (address) => document.querySelector('[role=option][aria-selected=true]')?.textContent?.startsWith(address)
      && document.querySelector('aside')?.textContent?.includes(`event ${address} ·`),

    timeline: () => document.querySelector('[role=img][aria-label^=Timeline] canvas'),

    /** @param {string} selector clicks it; ms from the click to the first event of the run */
    async click(selector) {
      const link = document.querySelector(selector);
      if (!(link instanceof HTMLElement)) throw new Error(`there is no ${selector}`);
      const started = performance.now();
      link.click();
      return await measure.when(measure.event) - started;
    },

    /** @param {string} part of its URL: when the first answer of that sort had come, after the click or navigation */
    answer: (part) => performance.getEntriesByType('resource').find(({ name }) => name.includes(part))?.duration ?? NaN,

    /** Begin to note how long each frame takes. */
    record() {
      frames = [];
      recording = true;
      let last = performance.now();
      const next = () => {
        const now = performance.now();
        frames.push(now - last);
        last = now;
        if (recording) requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    },

    stop() {
      recording = false;
      return frames.slice(1);
    },

    /**
     * Wheel notches on the timeline: ms from each to the second frame after it, when its drawing is on screen.
     * @param {number} notches  below 0 zooms in
     */
    async zooms(notches) {
      const host = measure.timeline().parentElement;
      const { left, top, width, height } = host.getBoundingClientRect();
      const at = { clientX: left + width * 0.6, clientY: top + height / 2, bubbles: true, cancelable: true };
      const taken = [];
      for (let done = 0; done < Math.abs(notches); done += 1) {
        await frame();
        const started = performance.now();
        host.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: notches < 0 ? -120 : 120 }));
        await frame();
        await frame();
        taken.push(performance.now() - started);
      }
      return taken;
    },

    /**
     * Random jumps in the event list, a few frames apart, as with the scroll bar.
     * @param {number} jumps
     */
    async jumps(jumps) {
      const list = document.querySelector('[role=listbox]');
      let seed = 7;
      for (let at = 0; at < jumps; at += 1) {
        seed = (seed * 16807) % 2147483647;
        list.scrollTop = (seed / 2147483647) * (list.scrollHeight - list.clientHeight);
        for (let wait = 0; wait < 6; wait += 1) await frame();
      }
    },

    /** Rows on screen whose words have not come. */
    blank: () => [...document.querySelectorAll('[role=option] .list-brief')].filter((row) => row.textContent === '…').length,

    elements: () => document.querySelectorAll('*').length,
  };
  globalThis.bench = measure;
})();
