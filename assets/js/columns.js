/**
 * The columns of a run: one typed array per property, one entry per event, in file order.
 * Pure: decodes the wire form and translates between an event's index and its address.
 */

/** Event kinds, indexed by `columns.kind`. */
export const KINDS = Object.freeze([
  'user',
  'assistant',
  'reasoning',
  'tool',
  'compaction',
  'interruption',
  'api_error',
  'system',
  'other',
]);

/** Tool categories, indexed by `columns.category`. */
export const CATEGORIES = Object.freeze([
  'shell',
  'edit',
  'read',
  'search',
  'web',
  'plan',
  'agent',
  'mcp',
  'other',
]);

/** What the error layer says of a tool call's result, indexed by `columns.verdict`. */
export const VERDICTS = Object.freeze(['ok', 'error', 'probe', 'aborted', 'denied', 'benign', 'unknown', 'unanswered']);

/** Where a verdict comes from, indexed by `columns.evidence`. */
export const EVIDENCE = Object.freeze(['flagged', 'inferred']);

/** What a run is doing at an event, indexed by `columns.phase`. */
export const PHASES = Object.freeze(['explore', 'edit', 'run', 'fail', 'wait', 'other']);

/** In `category`, `verdict` and `evidence`: the event has no tool call, or no result. */
export const NONE_U8 = 255;
/** In `tool`: the event has no tool call. */
export const NONE_U16 = 65535;

/**
 * @typedef {object} Columns
 * @property {number} n             number of events
 * @property {number|null} origin   epoch ms of time 0; null when the run has no times
 * @property {boolean} timesUsable  false when a time axis would say nothing (all equal, too few distinct)
 * @property {boolean} flags        whether the harness flags errors, so that their number means anything
 * @property {string[]} tools       tool names, indexed by `tool`
 * @property {Uint32Array} record   source record, from 1
 * @property {Uint16Array} block    block within the record, from 1
 * @property {Uint8Array} kind      index into KINDS
 * @property {Uint8Array} category  index into CATEGORIES, 255 for none
 * @property {Uint8Array} verdict   index into VERDICTS, 255 for none
 * @property {Uint8Array} evidence  index into EVIDENCE, 255 for none
 * @property {Uint8Array} phase     index into PHASES
 * @property {Uint16Array} tool     index into `tools`, 65535 for none
 * @property {Uint32Array} turn     0-based turn
 * @property {Float64Array} start   ms since origin; NaN when unknown
 * @property {Float64Array} end     ms since origin, at least `start`; NaN when unknown
 * @property {Uint32Array} context  tokens in context at this model call; 0 when unknown
 */

/** Column name and wire type, for every column a run must have. */
const REQUIRED = Object.freeze([
  ['record', 'u32'],
  ['block', 'u16'],
  ['kind', 'u8'],
  ['category', 'u8'],
  ['verdict', 'u8'],
  ['evidence', 'u8'],
  ['phase', 'u8'],
  ['tool', 'u16'],
  ['turn', 'u32'],
  ['start', 'f64'],
  ['end', 'f64'],
  ['context', 'u32'],
]);

/**
 * A view on one column inside the buffer; nothing is copied.
 * @param {ArrayBuffer} buffer
 * @param {string} type 'u8', 'u16', 'u32' or 'f64'
 * @param {number} at   byte offset from the start of the buffer
 * @param {number} n    entries
 * @returns {Uint8Array|Uint16Array|Uint32Array|Float64Array}
 */
function columnView(buffer, type, at, n) {
  switch (type) {
    case 'u8':
      return new Uint8Array(buffer, at, n);
    case 'u16':
      return new Uint16Array(buffer, at, n);
    case 'u32':
      return new Uint32Array(buffer, at, n);
    case 'f64':
      return new Float64Array(buffer, at, n);
    default:
      throw new RangeError(`columns: unknown type ${type}`);
  }
}

/**
 * Decode the wire form: u32 header length, JSON header, then the 8-aligned columns, all little-endian.
 * @param {ArrayBuffer} buffer
 * @returns {Columns}
 * @throws {RangeError} when the buffer is cut short, a column is missing or has another type
 * @throws {SyntaxError} when the header is not JSON
 */
export function decodeColumns(buffer) {
  if (buffer.byteLength < 4) throw new RangeError('columns: the buffer is cut short');
  const headerLength = new DataView(buffer).getUint32(0, true);
  if (headerLength > buffer.byteLength - 4) throw new RangeError('columns: the header is cut short');
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, headerLength)));
  /** @type {Map<string, {name: string, type: string, at: number}>} */
  const listed = new Map();
  for (const column of header.columns) listed.set(column.name, column);
  /** @type {Record<string, unknown>} */
  const columns = {
    n: header.n,
    origin: header.origin ?? null,
    timesUsable: Boolean(header.timesUsable),
    flags: Boolean(header.flags),
    tools: header.tools,
  };
  for (const [name, type] of REQUIRED) {
    const column = listed.get(name);
    if (column?.type !== type) throw new RangeError(`columns: ${name} is missing or is not ${type}`);
    columns[name] = columnView(buffer, type, column.at, header.n);
  }
  return /** @type {Columns} */ (/** @type {unknown} */ (columns));
}

/**
 * The address of an event: `record`, or `record.block` from the second block on.
 * @param {Pick<Columns, 'record'|'block'>} columns
 * @param {number} index
 * @returns {string}
 */
export function address(columns, index) {
  const block = columns.block[index];
  return block === 1 ? `${columns.record[index]}` : `${columns.record[index]}.${block}`;
}

/**
 * The event at an address: the exact one, else the nearest one before it, else 0.
 * "Before" is the greatest record not above the wanted one; within that record the greatest block not above the
 * wanted one, or its first block.
 * @param {Pick<Columns, 'n'|'record'|'block'>} columns
 * @param {string} wanted for example '26' or '26.2'
 * @returns {number}
 */
export function indexOfAddress(columns, wanted) {
  const parts = /^(\d+)(?:\.(\d+))?$/.exec(wanted);
  if (parts === null) return 0;
  const record = Number(parts[1]);
  const block = Number(parts[2] ?? 1);
  let best = -1;
  // One pass, not a binary search: file order is the truth, and nothing promises that records only rise in it.
  for (let i = 0; i < columns.n; i += 1) {
    if (columns.record[i] > record) continue;
    if (columns.record[i] === record && columns.block[i] === block) return i;
    if (best === -1 || isNearer(columns, i, best, record, block)) best = i;
  }
  return Math.max(best, 0);
}

/**
 * Whether event `i` is a better stand-in than `best` for a missing address; both have records not above `record`.
 * @param {Pick<Columns, 'record'|'block'>} columns
 * @param {number} i
 * @param {number} best
 * @param {number} record
 * @param {number} block
 * @returns {boolean}
 */
function isNearer(columns, i, best, record, block) {
  if (columns.record[i] !== columns.record[best]) return columns.record[i] > columns.record[best];
  const limit = columns.record[i] === record ? block : Infinity;
  return columns.block[i] <= limit && columns.block[i] > columns.block[best];
}
