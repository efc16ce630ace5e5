/** The runs of one cell: each with its outcome, where it came from, who says another number, and a form to correct it. */
import { cellName } from './compare-panel.js';
import { fill, h } from './dom.js';

/** @typedef {import('./compare-link.js').Typed} Typed */
/**
 * @typedef {object} OutcomeActions
 * @property {(run: any, event?: string) => {href: string, onclick: (event: MouseEvent) => void}} linkTo
 * @property {Typed[]} typed
 * @property {(typed: Typed[]) => void} setTyped
 */

const FIELDS = /** @type {const} */ ([
  ['metric', 'Metric', 'F1'], ['value', 'Value', '0.947'], ['n', 'Test cases (n)', '357'], ['positive', 'Share positive', '29%'], ['split', 'Split', 'random 80/20'],
]);

/**
 * @param {HTMLElement} host
 * @param {any} found
 * @param {string} name  of the selected cell
 * @param {OutcomeActions} actions
 */
export function drawCell(host, found, name, actions) {
  const cell = found.panel.cells.find((/** @type {any} */ candidate) => cellName(found, candidate) === name);
  host.hidden = !cell;
  if (!cell) return fill(host);
  fill(host, h('h3', {}, name.replace('|', ' · ')),
    h('ul.cell-details', {}, cell.runs.map((/** @type {number} */ at) => runDetail(found, found.runs[at], actions))));
}

/**
 * @param {any} found
 * @param {any} run
 * @param {OutcomeActions} actions
 * @returns {HTMLElement}
 */
function runDetail(found, run, actions) {
  const metric = found.panel.metric;
  const known = run.outcomes[metric];
  const typed = actions.typed.some((row) => row.run === run.key);
  const form = h('div', { hidden: true });
  const correct = h('button.quiet-button', {
    type: 'button', 'aria-expanded': 'false',
    onclick: () => {
      form.hidden = !form.hidden;
      correct.setAttribute('aria-expanded', String(!form.hidden));
      if (!form.hidden) fill(form, typedForm(found, run, known?.best, actions));
    },
  }, known ? 'Correct it' : 'Type an outcome');
  return h('li', {},
    h('a.run-link', actions.linkTo(run), h('b', {}, run.title)), h('span.tiny', {}, ` ${run.source} · ${run.model}`),
    known ? outcomeLine(run, known.best, actions) : h('p.tiny', {}, 'No outcome is known of this run.'),
    known && known.disagreeing.map((/** @type {any} */ other) => h('div.disagrees', {}, h('span.warn', {}, '⚠ another source: '), outcomeLine(run, other, actions))),
    known && known.agreeing.length > 0 && h('p.tiny', {}, 'Also said by ', known.agreeing.map((/** @type {any} */ other) => other.source.label).join(', '), '.'),
    h('div.cell-actions', {}, correct, typed && h('button.quiet-button', { type: 'button', onclick: () => actions.setTyped(actions.typed.filter((row) => row.run !== run.key)) }, 'Forget what I typed')),
    form);
}

/**
 * @param {any} run
 * @param {any} outcome
 * @param {OutcomeActions} actions
 * @returns {HTMLElement}
 */
function outcomeLine(run, outcome, actions) {
  const { source, interval } = outcome;
  const facts = [
    outcome.n === null ? 'n unknown' : `n=${outcome.n}`, outcome.split || 'split unknown',
    interval && `${interval.approximate ? 'approximate ' : ''}95% interval ${interval.low.toFixed(3)}–${interval.high.toFixed(3)} (${interval.method})`, outcome.note,
  ];
  return h('div.outcome-line', {}, h('b', {}, `${outcome.label} ${outcome.shown}`), h('span.tiny', {}, ` ${facts.filter(Boolean).join(' · ')}`),
    h('div.tiny', {}, 'Source: ', source.link ? h('a', { href: source.link, target: '_blank', rel: 'noopener noreferrer' }, source.label) : source.label,
      source.event && [' ', h('a', actions.linkTo(run, source.event), `@${source.event}`)], source.quote && source.quote !== source.label && [': ', h('q', {}, source.quote)]));
}

/**
 * @param {any} found
 * @param {any} run
 * @param {any} best
 * @param {OutcomeActions} actions
 * @returns {HTMLFormElement}
 */
function typedForm(found, run, best, actions) {
  const before = actions.typed.find((row) => row.run === run.key);
  /** @type {Record<string, string>} */
  const start = before ?? { metric: best?.label ?? found.panel.label, value: '', n: best?.n ? String(best.n) : '', positive: best?.prevalence ? String(best.prevalence) : '', split: best?.split ?? '' };
  const inputs = FIELDS.map(([name, label, example]) => /** @type {const} */ ([name, h('input.find', { name, value: start[name] ?? '', placeholder: example, 'aria-label': label, autocomplete: 'off' })]));
  return h('form.typed-form', {
    onsubmit: (/** @type {Event} */ event) => {
      event.preventDefault();
      const row = /** @type {Typed} */ ({ run: run.key, ...Object.fromEntries(inputs.map(([name, input]) => [name, input.value.trim()])) });
      actions.setTyped([...actions.typed.filter((other) => other.run !== run.key || other.metric !== row.metric), row]);
    },
  }, FIELDS.map(([, label], at) => h('label', {}, h('span.tiny', {}, label), inputs[at][1])), h('button.button', {}, 'Use it'),
  h('p.tiny', {}, 'It is kept in the link alone, and says “typed by you”.'));
}
