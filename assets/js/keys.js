/** The list of keys. */
import { h } from './dom.js';

const KEYS = Object.freeze([
  ['j k', 'next and previous event'],
  ['e E', 'next and previous error, flagged or inferred'],
  ['i', 'issues of this run'],
  ['/', 'search (this run, or the list of runs)'],
  ['n N', 'next and previous match'],
  ['t', 'time or event order'],
  ['0', 'timeline: show everything'],
  ['r', 'raw record'],
  ['c', 'copy the link to this event'],
  ['Esc', 'close, clear'],
  ['?', 'this list'],
]);

/** @returns {HTMLDialogElement} */
export function keysDialog() {
  const dialog = h('dialog.keys', { 'aria-label': 'Keys' }, h('h2', {}, 'Keys'),
    h('dl', {}, KEYS.map(([keys, what]) => h('div', {}, h('dt', {}, keys.split(' ').map((key) => h('kbd', {}, key))), h('dd', {}, what)))),
    h('form', { method: 'dialog' }, h('button.button', {}, 'Close')));
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  return dialog;
}
