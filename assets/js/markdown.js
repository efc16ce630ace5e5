/** Markdown nodes from the server as elements. Only the tags of this list are made, and links only to http and https. */
import { h } from './dom.js';

const TAGS = new Set(('p h1 h2 h3 h4 h5 h6 ul ol li blockquote strong em s code pre table thead tbody tr th td br hr a span')
  .split(' '));

/**
 * @param {(string|any[])[]} nodes  texts and `[tag, attributes, children]`
 * @returns {(Node|string)[]}
 */
export function nodesToDom(nodes) {
  return nodes.map((node) => {
    if (typeof node === 'string') return node;
    const [tag, attributes, children] = node;
    if (!TAGS.has(tag)) return h('span', {}, ...nodesToDom(children));
    const element = h(tag, {}, ...nodesToDom(children));
    if (tag === 'a') makeLink(element, attributes.href);
    return element;
  });
}

/**
 * @param {HTMLElement} element
 * @param {unknown} target
 */
function makeLink(element, target) {
  if (typeof target !== 'string' || !/^https?:\/\//i.test(target)) return;
  element.setAttribute('href', target);
  element.setAttribute('target', '_blank');
  element.setAttribute('rel', 'noopener noreferrer nofollow');
  element.setAttribute('title', target);
}
