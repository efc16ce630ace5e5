/**
 * The smallest test harness that a browser can run: each test's outcome ends up in `window.__results`, a list of
 * promises in the order of the tests, which the page that imports the test file awaits.
 */

/** @typedef {{name: string, ok: boolean, message: string}} Result */

/**
 * Run a test after the ones before it.
 * @param {string} name a fact
 * @param {() => void|Promise<void>} fn throws when the fact does not hold
 */
export function test(name, fn) {
  /** @type {{__results?: Promise<Result>[]}} */
  const page = /** @type {any} */ (window);
  page.__results ??= [];
  const before = page.__results.at(-1);
  page.__results.push(outcome(name, fn, before));
}

/**
 * @param {string} name
 * @param {() => void|Promise<void>} fn
 * @param {Promise<Result>|undefined} before
 * @returns {Promise<Result>}
 */
async function outcome(name, fn, before) {
  await before;
  try {
    await fn();
    return { name, ok: true, message: '' };
  } catch (error) {
    return { name, ok: false, message: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) };
  }
}

/**
 * Deep equality of plain values, arrays and typed arrays; NaN equals NaN.
 * @param {unknown} actual
 * @param {unknown} expected
 */
export function equal(actual, expected) {
  if (!same(actual, expected)) throw new Error(`expected ${shown(expected)}, got ${shown(actual)}`);
}

/**
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean}
 */
function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (ArrayBuffer.isView(a) !== ArrayBuffer.isView(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.length === right.size && left.every(([key, value]) => right.has(key) && same(value, right.get(key)));
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function shown(value) {
  const plain = (/** @type {string} */ _key, /** @type {unknown} */ part) => {
    if (ArrayBuffer.isView(part)) return Object.values(part);
    return typeof part === 'number' && !Number.isFinite(part) ? String(part) : part;
  };
  return JSON.stringify(value, plain) ?? String(value);
}

/**
 * @param {() => unknown} fn
 * @param {string} part of the message that must be thrown
 */
export function throws(fn, part) {
  try {
    fn();
  } catch (error) {
    if (error instanceof Error && error.message.includes(part)) return;
    throw error;
  }
  throw new Error(`nothing was thrown; expected "${part}"`);
}

/** Wait until the frame that was asked for has been drawn. */
export async function nextFrame() {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}
