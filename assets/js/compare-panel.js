/** The panel of a comparison: harness by model, each cell its runs with outcome, interval and n. */
import { fill, h } from './dom.js';
import { s } from './svg.js';

/**
 * @typedef {object} PanelActions
 * @property {(run: any) => {href: string, onclick: (event: MouseEvent) => void}} linkTo  of a run
 * @property {string} selected                      name of the selected cell, '' for none
 * @property {(cell: string) => void} select
 */

/** Drawn width and height of the interval of a cell. */
const WIDTH = 160;
const LINE = 12;
/** Runs of a cell that are drawn one below the other; more share one line. */
const LINES = 4;

/**
 * @param {any} found    the answer of `compare.json`
 * @param {PanelActions} actions
 * @returns {HTMLElement}
 */
export function panelTable(found, actions) {
  const { panel } = found;
  const cells = new Map(panel.cells.map((/** @type {any} */ cell) => [`${cell.row} ${cell.column}`, cell]));
  return h('table.panel', { 'aria-label': panel.metric ? `${panel.label} by harness and model` : 'Runs by harness and model' },
    h('thead', {}, h('tr', {}, h('td', {}), panel.columns.map((/** @type {any} */ column) => h('th', { scope: 'col' }, column.label,
      column.folded && h('span.tiny', {}, ` ${versions(column)} folded`))))),
    h('tbody', {}, panel.rows.map((/** @type {string} */ harness, /** @type {number} */ row) => h('tr', {},
      h('th', { scope: 'row' }, harness),
      panel.columns.map((/** @type {any} */ column, /** @type {number} */ at) => {
        const cell = cells.get(`${row} ${at}`);
        return cell ? cellOf(found, cell, cellName(found, cell), actions) : h('td.not-run', {}, 'not run');
      })))));
}

/**
 * What a folded column holds, without the words that its versions share: "4.6, 4.7".
 * @param {any} column
 * @returns {string}
 */
function versions(column) {
  const words = column.versions.map((/** @type {string} */ version) => version.split(' '));
  const shared = words[0].filter((/** @type {string} */ word) => words.every((/** @type {string[]} */ other) => other.includes(word)));
  const short = words.map((/** @type {string[]} */ version) => version.filter((word) => !shared.includes(word)).join(' '));
  return (short.every(Boolean) ? short : column.versions).join(', ');
}

/**
 * The name of a cell in links.
 * @param {any} found
 * @param {any} cell
 * @returns {string}
 */
export function cellName(found, cell) {
  return `${found.panel.rows[cell.row]}|${found.panel.columns[cell.column].label}`;
}

/**
 * @param {any} found
 * @param {any} cell
 * @param {string} name
 * @param {PanelActions} actions
 * @returns {HTMLElement}
 */
function cellOf(found, cell, name, actions) {
  const metric = found.panel.metric;
  const runs = cell.runs.map((/** @type {number} */ at) => found.runs[at]);
  const known = runs.filter((/** @type {any} */ run) => run.outcomes[metric]);
  const open = actions.selected === name;
  const words = cellWords(known, cell, metric);
  return h('td', { class: open ? 'is-open' : '' },
    h('button.cell-value', {
      type: 'button', 'aria-expanded': open, 'aria-label': `${name.replace('|', ' with ')}: ${[words.value, words.below].filter(Boolean).join(', ')}`,
      onclick: () => actions.select(open ? '' : name),
    }, h('b', { class: known.length ? '' : 'is-unknown' }, words.value), words.flags.map((flag) => h('span.warn', {}, ` ${flag}`))),
    known.length > 0 && found.panel.spread && intervals(known, metric, found.panel.spread.axis, actions),
    h('span.tiny.cell-below', {}, words.below),
    known.length < runs.length && unknownRuns(runs.filter((/** @type {any} */ run) => !run.outcomes[metric]), actions));
}

/**
 * @param {any[]} known  runs with an outcome
 * @param {any} cell
 * @param {string} metric
 * @returns {{value: string, below: string, flags: string[]}}
 */
function cellWords(known, cell, metric) {
  const count = cell.runs.length;
  const runs = `${count} run${count === 1 ? '' : 's'}`;
  if (known.length === 0) return metric ? { value: 'unknown', below: runs, flags: [] } : { value: runs, below: '', flags: [] };
  const best = known.map((run) => run.outcomes[metric].best);
  const flags = [];
  if (known.some((run) => run.outcomes[metric].disagreeing.length)) flags.push('⚠ sources differ');
  if (best.some((outcome) => outcome.source.kind === 'typed')) flags.push('typed by you');
  return { value: cellValue(best, cell.statistics), below: [cellSize(best), known.length < count ? `${known.length} of ${runs}` : runs].filter(Boolean).join(' · '), flags };
}

/**
 * One run says its number, two say both, more their median.
 * @param {any[]} best
 * @param {any} statistics
 * @returns {string}
 */
function cellValue(best, statistics) {
  if (statistics) return `${statistics.median.toFixed(3)} median`;
  return best.map((outcome) => outcome.shown).join(', ');
}

/**
 * @param {any[]} best
 * @returns {string}
 */
function cellSize(best) {
  const sizes = [...new Set(best.map((outcome) => outcome.n).filter((size) => size !== null))].sort((a, b) => a - b);
  return sizes.length === 0 ? 'n unknown' : sizes.length === 1 ? `n=${sizes[0]}` : `n=${sizes[0]}–${sizes[sizes.length - 1]}`;
}

/**
 * Interval and dot of each run, on one scale for the whole panel. Each dot leads to its run.
 * @param {any[]} known
 * @param {string} metric
 * @param {[number, number]} axis
 * @param {PanelActions} actions
 * @returns {SVGElement}
 */
function intervals(known, metric, axis, actions) {
  const lines = known.length <= LINES ? known.length : 1;
  const height = LINE * lines + 2;
  const [low, high] = axis;
  const x = (/** @type {number} */ value) => 5 + (high > low ? (value - low) / (high - low) : 0.5) * (WIDTH - 10);
  return s('svg', { viewBox: `0 0 ${WIDTH} ${height}`, class: 'cell-interval', role: 'group', 'aria-label': 'Runs of this cell' },
    ...known.map((run, at) => {
      const { best } = run.outcomes[metric];
      const y = lines === 1 ? height / 2 : LINE * at + LINE / 2 + 1;
      const around = best.interval;
      const words = `${best.shown}${around ? `, ${around.approximate ? 'approximate ' : ''}95% interval ${around.low.toFixed(3)}–${around.high.toFixed(3)}` : ''}`;
      return s('g', {},
        (at === 0 || lines > 1) && s('line', { x1: 0, x2: WIDTH, y1: y, y2: y, class: 'interval-track' }),
        around && known.length <= LINES && s('line', { x1: x(around.low), x2: x(around.high), y1: y, y2: y, class: 'interval-bar' }),
        s('a', { ...actions.linkTo(run), 'aria-label': `Open the run ${run.name}: ${words}` },
          s('title', {}, `${run.name}: ${words}`), s('circle', { cx: x(best.value), cy: y, r: 4, class: 'interval-dot' })));
    }));
}

/**
 * @param {any[]} runs
 * @param {PanelActions} actions
 * @returns {HTMLElement}
 */
function unknownRuns(runs, actions) {
  const shown = runs.slice(0, 24);
  return h('span.cell-runs', {}, shown.map((run) => h('a.run-dot', { ...actions.linkTo(run), 'aria-label': `Open the run ${run.name}: ${run.title}`, title: run.title })),
    runs.length > shown.length && h('span.tiny', {}, `+${runs.length - shown.length}`));
}

/**
 * What stands under the panel: the one sentence, what the bars are, where the numbers come from.
 * @param {HTMLElement} place
 * @param {any} found
 */
export function fillSentence(place, found) {
  const { panel } = found;
  if (!panel.spread) {
    return fill(place, h('p.say', {}, h('b', {}, 'No outcome is known. '),
      'Choose a cell to type one. It comes by itself from the dataset’s card, a comparison.yaml beside the traces, or the model repository that a run pushed to.'));
  }
  const { spread } = panel;
  const [range, verdict] = split(spread.sentence);
  fill(place,
    h('p.say', {}, spread.tie === true && h('b', {}, 'A tie within noise. '), range, verdict, spread.sentence.endsWith('.') ? '' : '.',
      spread.chanceSentence && ` ${spread.chanceSentence}`),
    h('p.src', {}, spread.halfWidth !== null && `Bars: ${spread.approximate ? 'approximate ' : ''}95% interval from the choice of test cases alone; seed, split and choosing the model are not in it. `,
      panel.sources.length > 0 && ['Source: ', ...panel.sources.flatMap((/** @type {any} */ source, /** @type {number} */ at) => [at > 0 && ', ',
        source.link ? h('a', { href: source.link, target: '_blank', rel: 'noopener noreferrer' }, source.label) : source.label]), '.']));
}

/**
 * @param {string} sentence
 * @returns {[string, string]}
 */
function split(sentence) {
  const at = sentence.indexOf(': a tie within noise');
  return at < 0 ? [sentence, ''] : [sentence.slice(0, at), sentence.slice(at + ': a tie within noise'.length)];
}
