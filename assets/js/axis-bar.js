/** The bar over the timeline: which axis, what the shapes and the ribbon's colours mean, whether probes are marked. */
import { PHASES } from './columns.js';
import { fill, h } from './dom.js';
import { PHASE_TOKENS } from './phases.js';
import { MARK_MEANS, MARKS, SIGNS } from './verdicts.js';

/**
 * @typedef {object} AxisBarState
 * @property {'time'|'order'} axis
 * @property {boolean} timesUsable
 * @property {number} probes        how many there are
 * @property {boolean} showProbes
 * @property {Record<string, number>} verdicts  how many results of each, of `run.json`
 */

/**
 * @param {HTMLElement} host
 * @param {AxisBarState} state
 * @param {{onAxis: (axis: 'time'|'order') => void, onProbes: () => void}} actions
 */
export function drawAxisBar(host, state, { onAxis, onProbes }) {
  const button = (/** @type {'time'|'order'} */ mode, /** @type {string} */ label) => h('button.seg-button', {
    type: 'button', 'aria-pressed': String(state.axis === mode), disabled: mode === 'time' && !state.timesUsable,
    title: mode === 'time' && !state.timesUsable ? 'The times of this run say nothing: see the notes above' : '',
    onclick: () => onAxis(mode),
  }, label);
  fill(host,
    h('span.seg', { role: 'group', 'aria-label': 'Axis' }, button('time', 'Time'), button('order', 'Event order')),
    h('span.tiny.wide-only.axis-hint', {}, 'drag to pan, wheel to zoom, double-click to reset'),
    h('span.spacer'),
    h('span.legend.tiny.wide-only', { 'aria-label': 'Process ribbon' }, PHASES.filter((name) => name !== 'other').map((name) => phase(name))),
    h('span.legend.tiny.wide-only', { 'aria-label': 'Marks' }, MARKS.filter((name) => name !== 'probe' && shows(name, state))
      .map((name) => h('span', { title: MARK_MEANS[name] }, h(/** @type {'i'} */ (`i.sign.is-${name}`), {}, SIGNS[name]), ` ${name}`))),
    state.probes > 0 && h('button.toggle', {
      type: 'button', 'aria-pressed': String(state.showProbes), title: MARK_MEANS.probe, onclick: onProbes,
    }, `${SIGNS.probe} probes ${state.probes}`));
}

/**
 * The two sorts of errors always, of the others those that the run has.
 * @param {import('./verdicts.js').Mark} name
 * @param {AxisBarState} state
 * @returns {boolean}
 */
function shows(name, { verdicts }) {
  return name === 'flagged' || name === 'inferred' || verdicts[name] > 0;
}

/**
 * @param {string} name
 * @returns {HTMLElement}
 */
function phase(name) {
  const swatch = h('i.swatch', { 'aria-hidden': 'true' });
  swatch.style.background = `var(--${PHASE_TOKENS[name]})`;
  return h('span', {}, swatch, ` ${name}`);
}
