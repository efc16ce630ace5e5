/** The process ribbon of a run in one line of a list: its signature. */
import { h } from './dom.js';
import { PHASE_TOKENS } from './phases.js';

/** @type {Readonly<Record<string, string>>} Letters as `viewer/ribbon.py` writes them. */
export const LETTERS = Object.freeze({ x: 'explore', e: 'edit', r: 'run', f: 'fail', w: 'wait', o: 'other' });
const HEIGHT_PX = 9;

/**
 * @param {string|null|undefined} cells  a letter for each part of the run
 * @param {Record<string, string>} colours
 * @param {number} width px
 * @returns {HTMLElement}
 */
export function miniRibbon(cells, colours, width) {
  const canvas = h('canvas.mini-ribbon', { role: 'img', 'aria-label': ribbonWords(cells ?? '') });
  if (!cells) return canvas;
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(HEIGHT_PX * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${HEIGHT_PX}px`;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  pen.scale(ratio, ratio);
  pen.fillStyle = colours.sunken;
  pen.fillRect(0, 2, width, HEIGHT_PX - 2);
  const pitch = width / cells.length;
  for (const [at, letter] of [...cells].entries()) {
    const name = LETTERS[letter] ?? 'other';
    if (name === 'other') continue;
    // A failure is higher as well as red.
    const top = name === 'fail' ? 0 : 2;
    pen.fillStyle = colours[PHASE_TOKENS[name]];
    pen.fillRect(at * pitch, top, pitch + 0.3, HEIGHT_PX - top);
  }
  return canvas;
}

/**
 * What a ribbon shows in words: 'explore 40 %, run 35 %, fail 10 %'.
 * @param {string} cells
 * @returns {string}
 */
export function ribbonWords(cells) {
  if (!cells) return 'process unknown';
  const share = (/** @type {string} */ letter) => [...cells].filter((cell) => cell === letter).length / cells.length;
  return Object.entries(LETTERS).filter(([letter]) => letter !== 'o' && share(letter) > 0)
    .sort(([a], [b]) => share(b) - share(a)).map(([letter, name]) => `${name} ${Math.max(1, Math.round(share(letter) * 100))} %`).join(', ') || 'no tool calls';
}
