/** Light, dark, or as the system says; kept in the browser, and `?__theme=` of a Space's page comes first. */
import { h } from './dom.js';

const KEY = 'theme';
const ORDER = /** @type {const} */ (['system', 'light', 'dark']);
const system = matchMedia('(prefers-color-scheme: dark)');

/** @returns {string} the reader's choice */
function chosen() {
  const asked = new URLSearchParams(location.search).get('__theme');
  if (asked === 'light' || asked === 'dark') return asked;
  try {
    return localStorage.getItem(KEY) ?? 'system';
  } catch {
    return 'system'; // storage is closed to a frame of another site
  }
}

/** @param {string} choice */
function apply(choice) {
  const dark = choice === 'dark' || (choice !== 'light' && system.matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  document.body.classList.toggle('dark', dark); // Gradio's own parts follow this class
  document.documentElement.dispatchEvent(new Event('themechange'));
}

/** @returns {HTMLButtonElement} */
export function createThemeSwitch() {
  let choice = chosen();
  const button = h('button.quiet-button', {
    type: 'button',
    title: 'Colours: as the system, light, dark',
    onclick: () => {
      choice = ORDER[(ORDER.indexOf(/** @type {any} */ (choice)) + 1) % ORDER.length];
      try {
        localStorage.setItem(KEY, choice);
      } catch {
        // kept for this page alone
      }
      button.textContent = words(choice);
      apply(choice);
    },
  }, words(choice));
  system.addEventListener('change', () => apply(choice));
  apply(choice);
  return button;
}

/**
 * @param {string} choice
 * @returns {string}
 */
function words(choice) {
  return choice === 'system' ? 'Auto' : choice === 'dark' ? 'Dark' : 'Light';
}
