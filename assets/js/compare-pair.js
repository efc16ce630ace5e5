/** Two runs side by side: where what they did first differs, and the events there. */
import { getJson, isAbort } from './api.js';
import { dot, fill, h } from './dom.js';

/**
 * @typedef {object} PairActions
 * @property {(run: any, event?: string) => {href: string, onclick: (event: MouseEvent) => void}} linkTo
 * @property {(pair: string[]) => void} setPair
 */

/** Steps shown after the first difference before a reader asks for more. */
const AFTER = 12;

export class Pair {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.shown = '';
    /** @type {AbortController|null} */
    this.asking = null;
    this.body = h('div.pair-body');
  }

  /**
   * @param {any} found
   * @param {string[]} pair  keys; two of them are compared
   * @param {PairActions} actions
   */
  draw(found, pair, actions) {
    const runs = found.runs;
    if (runs.length < 2) return fill(this.host);
    const [left, right] = [0, 1].map((side) => runs.find((/** @type {any} */ run) => run.key === pair[side]));
    const pick = (/** @type {number} */ side) => h('select', {
      'aria-label': side === 0 ? 'First run' : 'Second run',
      onchange: (/** @type {Event} */ event) => {
        const next = [left?.key ?? '', right?.key ?? ''];
        next[side] = /** @type {HTMLSelectElement} */ (event.target).value;
        actions.setPair(next);
      },
    }, h('option', { value: '' }, 'choose a run'), runs.map((/** @type {any} */ run) =>
      h('option', { value: run.key, selected: run === (side === 0 ? left : right) }, run.name)));
    fill(this.host, h('div.card-head', {}, h('h2', {}, 'Two runs side by side'), pick(0), h('span.tiny', {}, 'and'), pick(1)), this.body);
    if (left && right && left !== right) void this.load(left, right, actions);
    else {
      this.shown = '';
      fill(this.body, h('p.empty', {}, 'Choose two runs to see where what they did first differs.'));
    }
  }

  /**
   * @param {any} left
   * @param {any} right
   * @param {PairActions} actions
   */
  async load(left, right, actions) {
    const shown = `${left.key} ${right.key}`;
    if (this.shown === shown) return;
    this.shown = shown;
    this.asking?.abort();
    this.asking = new AbortController();
    fill(this.body, h('p.empty.loading', {}, 'Reading both runs…'));
    try {
      const found = await getJson('diverge.json', { a: left.key, b: right.key }, this.asking.signal);
      this.show(found, left, right, actions, AFTER);
    } catch (error) {
      if (isAbort(error)) return;
      this.shown = '';
      fill(this.body, h('p.failure', { role: 'alert' }, /** @type {Error} */ (error).message));
    }
  }

  /**
   * @param {any} found
   * @param {any} left
   * @param {any} right
   * @param {PairActions} actions
   * @param {number} after
   */
  show(found, left, right, actions, after) {
    const last = Math.min(found.pairs.length, (found.first ?? 0) + after);
    const more = found.pairs.length - last + Math.max(...found.later);
    fill(this.body, h('p.say', {}, found.sentence),
      h('div.table-wide', {}, h('table.side-by-side', { 'aria-label': 'Steps side by side' },
        h('thead', {}, h('tr', {}, [left, right].map((run) => h('th', { scope: 'col' }, h('a', actions.linkTo(run), run.name))))),
        h('tbody', {}, found.pairs.slice(0, last).map((/** @type {any} */ pair, /** @type {number} */ at) =>
          h('tr', { class: [pair.same ? '' : 'is-different', at === found.first ? 'is-first' : ''].join(' ').trim() },
            stepCell(left, pair.left, actions, at === found.first), stepCell(right, pair.right, actions, at === found.first)))))),
      h('p.src', {}, found.definition, ' '),
      more > 0 && h('button.button', { type: 'button', onclick: () => this.show(found, left, right, actions, found.pairs.length) },
        last < found.pairs.length ? `Show the other ${found.pairs.length - last} steps` : `${more} later steps are not aligned`));
  }

  destroy() {
    this.asking?.abort();
  }
}

/**
 * @param {any} run
 * @param {any} step
 * @param {PairActions} actions
 * @param {boolean} first  whether the runs part here
 * @returns {HTMLElement}
 */
function stepCell(run, step, actions, first) {
  if (step === null) return h('td.is-none', {}, first ? 'nothing like it here' : '');
  return h('td', {}, h('b', {}, step.does), step.count > 1 && h('span.tiny', {}, ` ${step.count} times`),
    h('ul.step-events', {}, step.events.map((/** @type {any} */ event) => h('li', {}, h('a.event-link', actions.linkTo(run, event.address), `@${event.address}`),
      dot(event.category), event.error && h('span.is-error', {}, event.error === 'flagged' ? '▲' : '△', ' error'), h('code', {}, event.brief))),
    step.count > step.events.length && h('li.tiny', {}, `and ${step.count - step.events.length} more`)));
}
