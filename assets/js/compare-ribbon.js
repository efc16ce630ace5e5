/**
 * The short form of a run's ribbon (viewer/ribbon.py, ribbon_tracks.py) as cells that can be drawn along an axis. Pure.
 */

/** @typedef {'order'|'time'|'tokens'} Axis */
/**
 * @typedef {object} Cell
 * @property {string} phase
 * @property {string} address   of its first event
 * @property {number} from      place on the axis
 * @property {number} to
 */
/**
 * @typedef {object} Mark
 * @property {'flagged'|'inferred'|'test'|'eval'|'firstEdit'|'end'} kind
 * @property {number} index     of the event
 * @property {string} address   of the event, or of the first one of its cell
 * @property {boolean} exact    whether `address` is the event's own
 * @property {number} at        place on the axis
 */
/**
 * @typedef {object} Ribbon
 * @property {Cell[]} cells
 * @property {Mark[]} marks
 * @property {number} length    on the axis
 * @property {number} whole     the same with long pauses in full
 * @property {number} events    that a cell holds
 */

/** Seconds. A longer pause is drawn as long as this: somebody went home, and the rest should stay readable. */
export const LONGEST_PAUSE = 600;

const PHASES = Object.freeze({ x: 'explore', e: 'edit', r: 'run', f: 'fail', w: 'wait', o: 'other' });

/** Order in which marks lie over each other: the last is on top. */
const LISTS = /** @type {const} */ ([['tests', 'test'], ['evals', 'eval'], ['inferred', 'inferred'], ['flagged', 'flagged']]);

/**
 * @param {any} encoded  null where the run was read only in part
 * @param {Axis} axis
 * @returns {Ribbon|null}  null where the run has no such axis
 */
export function readRibbon(encoded, axis) {
  if (!encoded) return null;
  const phases = [...encoded.phases.matchAll(/([a-z])(\d+)/g)].flatMap(([, letter, count]) => Array(Number(count)).fill(
    PHASES[/** @type {keyof typeof PHASES} */ (letter)] ?? 'other'));
  const whole = stepsOf(encoded, axis, phases.length);
  if (whole === null) return null;
  const steps = axis === 'time' ? whole.map((step) => Math.min(step, LONGEST_PAUSE)) : whole;
  const addresses = readAddresses(encoded.at);
  /** @type {Cell[]} */
  const cells = [];
  let from = 0;
  for (const [at, phase] of phases.entries()) {
    const to = from + steps[at];
    cells.push({ phase, address: addresses[at] ?? '', from, to });
    from = to;
  }
  return { cells, marks: marksOf(encoded, cells), length: from, whole: whole.reduce((sum, step) => sum + step, 0), events: encoded.cells };
}

/**
 * @param {any} encoded
 * @param {Axis} axis
 * @param {number} count
 * @returns {number[]|null}
 */
function stepsOf(encoded, axis, count) {
  if (axis === 'order') return Array.from({ length: count }, (_, at) => Math.min(encoded.cells, encoded.n - at * encoded.cells));
  const track = axis === 'time' ? encoded.seconds : encoded.tokens;
  return typeof track === 'string' && count > 0 ? track.split(',').map(Number) : null;
}

/**
 * `1,1,0.2` as `1`, `2`, `2.2`: each record as its difference from the one before.
 * @param {string} [text]
 * @returns {string[]}
 */
function readAddresses(text) {
  let record = 0;
  return (text ? text.split(',') : []).map((entry) => {
    const [step, block] = entry.split('.');
    record += Number(step);
    return block ? `${record}.${block}` : String(record);
  });
}

/**
 * @param {any} encoded
 * @param {Cell[]} cells
 * @returns {Mark[]}
 */
function marksOf(encoded, cells) {
  /** @type {(index: number, kind: Mark['kind'], end?: boolean) => Mark[]} */
  const mark = (index, kind, end = false) => {
    const cell = cells[Math.floor(index / encoded.cells)];
    if (!cell) return [];
    return [{ kind, index, address: cell.address, exact: encoded.cells === 1, at: end ? cell.to : (cell.from + cell.to) / 2 }];
  };
  return [
    ...(encoded.firstEdit === null ? [] : mark(encoded.firstEdit, 'firstEdit')),
    ...LISTS.flatMap(([list, kind]) => encoded[list].flatMap((/** @type {number} */ index) => mark(index, kind))),
    ...mark(encoded.n - 1, 'end', true),
  ];
}

/**
 * The cell at a place of the axis.
 * @param {Ribbon} ribbon
 * @param {number} place
 * @returns {number}  its index, -1 where there is none
 */
export function cellAt(ribbon, place) {
  return ribbon.cells.findIndex((cell) => place >= cell.from && place < cell.to);
}

/**
 * The cells of each phase as one path: what a drawing of a hundred runs can afford.
 * @param {Ribbon} ribbon
 * @param {(place: number) => number} x  px of a place
 * @param {number} top
 * @param {number} height
 * @param {number} gap  px left between neighbours of different phase
 * @returns {Map<string, string>}
 */
export function phasePaths(ribbon, x, top, height, gap) {
  /** @type {Map<string, string>} */
  const paths = new Map();
  const { cells } = ribbon;
  for (let at = 0; at < cells.length;) {
    let last = at;
    while (last + 1 < cells.length && cells[last + 1].phase === cells[at].phase) last += 1;
    const [from, to] = [x(cells[at].from), x(cells[last].to)];
    const width = Math.max(0.5, to - from - (last + 1 < cells.length ? gap : 0));
    const box = `M${round(from)} ${top}h${round(width)}v${height}h${round(-width)}z`;
    paths.set(cells[at].phase, (paths.get(cells[at].phase) ?? '') + box);
    at = last + 1;
  }
  return paths;
}

/**
 * @param {number} value
 * @returns {number}
 */
function round(value) {
  return Math.round(value * 10) / 10;
}

/**
 * What a ribbon shows, in words, for readers who do not see it.
 * @param {Ribbon} ribbon
 * @returns {string}
 */
export function ribbonWords(ribbon) {
  const counts = new Map();
  for (const cell of ribbon.cells) counts.set(cell.phase, (counts.get(cell.phase) ?? 0) + 1);
  const total = ribbon.cells.length || 1;
  const parts = [...counts].sort((a, b) => b[1] - a[1]).map(([phase, count]) => `${Math.round(100 * count / total)}% ${phase}`);
  const errors = ribbon.marks.filter((mark) => mark.kind === 'flagged' || mark.kind === 'inferred').length;
  return `${parts.join(', ')}; ${errors} marked ${errors === 1 ? 'error' : 'errors'}`;
}
