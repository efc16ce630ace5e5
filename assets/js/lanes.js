/**
 * Which lanes a run has and which events stand in them. Pure.
 *
 * user, assistant (with reasoning), one lane per tool category, other, and the child runs. Compactions, interruptions
 * and API errors are marks across all lanes; system events are ticks on the baseline.
 */
import { unitOf } from './axis.js';
import { CATEGORIES, KINDS } from './columns.js';
import { NO_MARK, markOf } from './verdicts.js';

/** @typedef {import('./columns.js').Columns} Columns */
/** @typedef {import('./axis.js').Axis} Axis */
/**
 * @typedef {object} Child a run that this run started
 * @property {string} label
 * @property {number|null} start  epoch ms
 * @property {number|null} end    epoch ms
 * @property {number|null} call   index of the event that started it
 * @property {number} events
 * @property {number} errors
 * @property {string} key
 */
/**
 * @typedef {object} Segments stretches on the axis, rising by start
 * @property {Uint32Array} index   what each one is: an event's index, or a place in the list of children
 * @property {Float64Array} start  axis units
 * @property {Float64Array} end    axis units
 * @property {Float64Array} reach  greatest end so far: rises, so that it can be searched
 */
/**
 * @typedef {object} Lane
 * @property {string} name       a name of LANES; its colour is `c-${name}`
 * @property {Segments} all      its events
 * @property {Segments} marked   those of its events that a shape may stand over, probes among them
 */
/**
 * @typedef {object} ChildLane
 * @property {number} depth        rows in use, 1 to CHILD_ROWS
 * @property {Segments[]} rows     children by row
 * @property {number} unplaced     children of which neither time nor call is known
 */
/**
 * @typedef {object} Lanes
 * @property {Lane[]} lanes          only those present, in the order of LANES
 * @property {ChildLane|null} children
 * @property {Record<MarkKind, Segments>} marks
 * @property {Segments} system       system events
 * @property {Segments} context      events that know their context
 * @property {number} contextMax     tokens; 0 when no event knows its context
 */
/** @typedef {'compaction'|'interruption'|'api_error'} MarkKind */

/** Lanes of events from top to bottom. */
export const LANES = Object.freeze(['user', 'assistant', ...CATEGORIES]);
/** Kinds drawn as marks across all lanes. */
export const MARK_KINDS = Object.freeze(/** @type {MarkKind[]} */ (['compaction', 'interruption', 'api_error']));
/** Rows that child runs running at once may use. */
export const CHILD_ROWS = 3;

/**
 * The lane of an event, or '' when it stands in none.
 * @param {Pick<Columns, 'kind'|'category'>} columns
 * @param {number} index
 * @returns {string}
 */
export function laneOf(columns, index) {
  const kind = KINDS[columns.kind[index]];
  if (kind === 'user' || kind === 'assistant') return kind;
  if (kind === 'reasoning') return 'assistant';
  if (kind === 'tool') return CATEGORIES[columns.category[index]] ?? 'other';
  return kind === 'other' || kind === undefined ? 'other' : '';
}

/**
 * Everything that is drawn, sorted by place.
 * @param {Columns} columns
 * @param {Axis} axis
 * @param {Child[]} children
 * @returns {Lanes}
 */
export function buildLanes(columns, axis, children) {
  /** @type {Map<string, number[]>} */
  const groups = new Map();
  const context = [];
  let contextMax = 0;
  for (let i = 0; i < columns.n; i += 1) {
    const name = laneOf(columns, i) || KINDS[columns.kind[i]];
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [i]);
    else group.push(i);
    if (columns.context[i] > 0) context.push(i);
    contextMax = Math.max(contextMax, columns.context[i]);
  }
  const of = (/** @type {string} */ name) => groups.get(name) ?? [];
  const lanes = LANES.filter((name) => groups.has(name)).map((name) => ({
    name,
    all: segmentsOf(of(name), axis),
    marked: segmentsOf(of(name).filter((i) => markOf(columns, i) !== NO_MARK), axis),
  }));
  const [compaction, interruption, api_error, system] = [...MARK_KINDS, 'system'].map((k) => segmentsOf(of(k), axis));
  return {
    lanes,
    children: childLane(columns, axis, children),
    marks: { compaction, interruption, api_error },
    system,
    context: segmentsOf(context, axis),
    contextMax,
  };
}

/**
 * Events as segments. As `segments`, without an object for each event: a run may have a hundred thousand.
 * @param {number[]} indices in file order
 * @param {Axis} axis
 * @returns {Segments}
 */
function segmentsOf(indices, axis) {
  const index = Uint32Array.from(indices);
  // Times need not follow file order; events of one time keep it.
  if (indices.some((i, k) => k > 0 && axis.start[i] < axis.start[indices[k - 1]])) {
    index.sort((a, b) => axis.start[a] - axis.start[b] || a - b);
  }
  const start = new Float64Array(index.length);
  const end = new Float64Array(index.length);
  for (let k = 0; k < index.length; k += 1) {
    start[k] = axis.start[index[k]];
    end[k] = axis.end[index[k]];
  }
  return withReach(index, start, end);
}

/**
 * @param {{index: number, start: number, end: number}[]} list sorted here, in place, by start
 * @returns {Segments}
 */
export function segments(list) {
  list.sort((a, b) => a.start - b.start); // stable
  return withReach(
    Uint32Array.from(list, ({ index }) => index),
    Float64Array.from(list, ({ start }) => start),
    Float64Array.from(list, ({ end }) => end),
  );
}

/**
 * @param {Uint32Array} index
 * @param {Float64Array} start rising
 * @param {Float64Array} end
 * @returns {Segments}
 */
function withReach(index, start, end) {
  const reach = new Float64Array(end.length);
  for (let k = 0, greatest = -Infinity; k < end.length; k += 1) {
    greatest = Math.max(greatest, end[k]);
    reach[k] = greatest;
  }
  return { index, start, end, reach };
}

/**
 * The time of each child that has one, in ms since the run's origin; for `buildAxis`.
 * @param {Columns} columns
 * @param {Child[]} children
 * @returns {import('./axis.js').Span[]}
 */
export function childSpans(columns, children) {
  return children.flatMap((child) => childSpan(columns, child) ?? []);
}

/**
 * @param {Columns} columns
 * @param {Child} child
 * @returns {import('./axis.js').Span|null} null when its start is unknown
 */
function childSpan(columns, child) {
  if (columns.origin === null || child.start === null) return null;
  const start = child.start - columns.origin;
  return { start, end: Math.max(start, (child.end ?? child.start) - columns.origin) };
}

/**
 * Where a child stands: by its own time on a time axis, else at the call that started it.
 * @param {Columns} columns
 * @param {Axis} axis
 * @param {Child} child
 * @returns {{start: number, end: number}|null} axis units; null when unknown
 */
function childPlace(columns, axis, child) {
  const span = axis.mode === 'time' ? childSpan(columns, child) : null;
  if (span !== null) return { start: unitOf(axis, span.start), end: unitOf(axis, span.end) };
  return child.call === null ? null : { start: axis.start[child.call], end: axis.end[child.call] };
}

/**
 * @param {Columns} columns
 * @param {Axis} axis
 * @param {Child[]} children
 * @returns {ChildLane|null} null when there are no children
 */
function childLane(columns, axis, children) {
  if (children.length === 0) return null;
  const placed = children.flatMap((child, index) => {
    const place = childPlace(columns, axis, child);
    return place === null ? [] : [{ index, ...place }];
  });
  placed.sort((a, b) => a.start - b.start);
  /** @type {{index: number, start: number, end: number}[][]} */
  const rows = [[]];
  /** @type {number[]} */
  const free = [-Infinity];
  for (const child of placed) {
    const row = rowFor(free, child.start);
    (rows[row] ??= []).push(child);
    free[row] = Math.max(free[row] ?? -Infinity, child.end);
  }
  return { depth: rows.length, rows: rows.map(segments), unplaced: children.length - placed.length };
}

/**
 * The first row that is free at `start`, else a new one, else the one that is free soonest.
 * @param {number[]} free end of the last child in each row
 * @param {number} start
 * @returns {number}
 */
function rowFor(free, start) {
  const first = free.findIndex((end) => end <= start);
  if (first !== -1) return first;
  return free.length < CHILD_ROWS ? free.length : free.indexOf(Math.min(...free));
}
