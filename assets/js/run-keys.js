/** What each key does on the run page; `keys.js` lists them for the reader. */

/**
 * @param {import('./run-page.js').RunPage} page
 * @param {string} key  as a keyboard event names it
 * @returns {boolean}   whether the key meant something
 */
export function pressKey(page, key) {
  const click = (/** @type {string} */ button) => page.host.querySelector(button)?.dispatchEvent(new MouseEvent('click'));
  const { state, context } = page;
  /** @type {Record<string, () => void>} */
  const keys = {
    j: () => page.step(1), k: () => page.step(-1), ArrowDown: () => page.step(1), ArrowUp: () => page.step(-1),
    e: () => page.error(1), E: () => page.error(-1), n: () => page.match(1), N: () => page.match(-1),
    '/': () => page.bar?.input.focus(),
    i: () => page.showIssues(),
    t: () => page.columns?.timesUsable && context.go({ ...state, axis: page.axis === 'time' ? 'order' : 'time' }, false),
    r: () => click('.raw-button'),
    c: () => click('.copy-link'),
    0: () => page.timeline?.reset(),
    Escape: () => { if (state.event) context.go({ ...state, event: '' }, false); },
  };
  const known = keys[key];
  if (known) known();
  return Boolean(known);
}
