/** Copying, with a word of confirmation where the button is. */
import { h } from './dom.js';

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether it was copied
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text); // no permission, or a page served without https
  }
}

/**
 * @param {string} text
 * @returns {boolean}
 */
function copyBySelection(text) {
  const area = h('textarea.offscreen');
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  return copied;
}

/**
 * @param {() => string|Promise<string>} text
 * @param {string} [label]
 * @param {string} [className]
 * @returns {HTMLButtonElement}
 */
export function copyButton(text, label = 'copy', className = 'quiet-button') {
  const button = h(/** @type {'button'} */ (`button.${className}`), {
    type: 'button',
    onclick: async () => {
      const copied = await copyText(await text());
      button.textContent = copied ? 'copied' : 'not copied';
      setTimeout(() => { button.textContent = label; }, 1500);
    },
  }, label);
  return button;
}
