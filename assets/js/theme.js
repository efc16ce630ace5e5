/**
 * The colours of the page for drawings on a canvas, which cannot use CSS variables itself.
 */

/** The CSS variables (without `--`) that canvases use. */
const NAMES = Object.freeze([
  'bg panel sunken line line-strong ink ink-2 ink-3 accent accent-soft error error-soft warn ok mark sans mono',
  'c-user c-assistant c-reasoning c-shell c-edit c-read c-search c-web c-plan c-agent c-mcp c-other',
].flatMap((names) => names.split(' ')));

/**
 * The resolved CSS variables, by name without `--`: `palette()['c-shell']`, `palette()['ink-2']`.
 * Read afresh at each call; a drawing keeps its own copy and reads again when `onThemeChange` says so.
 * @returns {Record<string, string>}
 */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  /** @type {Record<string, string>} */
  const colours = {};
  for (const name of NAMES) colours[name] = style.getPropertyValue(`--${name}`).trim();
  return colours;
}

/**
 * Call `listener` whenever the colours change: by the page's own switch (a `themechange` event on the root element)
 * or by the system's.
 * @param {() => void} listener
 * @returns {() => void} stops listening
 */
export function onThemeChange(listener) {
  const system = matchMedia('(prefers-color-scheme: dark)');
  document.documentElement.addEventListener('themechange', listener);
  system.addEventListener('change', listener);
  return () => {
    document.documentElement.removeEventListener('themechange', listener);
    system.removeEventListener('change', listener);
  };
}
