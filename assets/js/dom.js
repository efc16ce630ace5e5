/** Making elements. Text becomes text nodes, never HTML; attributes come from this code, never from a trace. */

/** @typedef {Node|string|number|null|undefined|false} Child */

/**
 * An element: `h('a.row', {href: '#', onclick: fn}, 'text', child)`.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T | `${T}.${string}`} name  tag, with classes after dots
 * @param {Record<string, any>} [properties]  attributes; `on…` functions are listeners; false and null are left out, but of
 *   `aria-…` false is written, as there it says something
 * @param {...(Child|Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(name, properties = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const element = /** @type {HTMLElementTagNameMap[T]} */ (document.createElement(tag));
  if (classes.length) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined) continue;
    if (key.startsWith('aria-')) element.setAttribute(key, String(value));
    else if (value === false) continue;
    else if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'class') element.className = [element.className, value].filter(Boolean).join(' ');
    else element.setAttribute(key, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

/**
 * Append children; text and numbers become text nodes, empty ones are left out.
 * @param {Element} parent
 * @param {(Child|Child[])[]} children
 */
export function append(parent, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : String(child));
  }
}

/**
 * Replace everything in an element.
 * @param {Element} parent
 * @param {...(Child|Child[])} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/**
 * A coloured square for an event's category or kind; the hue is never the only sign.
 * @param {string} hue  a name of the `--c-…` tokens
 * @returns {HTMLElement}
 */
export function dot(hue) {
  const element = h('span.dot', { 'aria-hidden': 'true' });
  element.style.background = `var(--c-${hue}, var(--c-other))`;
  return element;
}
