/** Facts about the wire form of columns and about addresses. */
import { address, decodeColumns, indexOfAddress } from '../../assets/js/columns.js';
import { equal, test, throws } from './harness.js';
import { sampleColumns } from './sample.js';

/** Name, wire type and bytes of every column. */
const COLUMNS = [
  ['record', 'u32', [1, 2]],
  ['block', 'u16', [1, 3]],
  ['kind', 'u8', [0, 3]],
  ['category', 'u8', [255, 0]],
  ['verdict', 'u8', [255, 1]],
  ['evidence', 'u8', [255, 0]],
  ['phase', 'u8', [5, 3]],
  ['tool', 'u16', [65535, 0]],
  ['turn', 'u32', [0, 0]],
  ['start', 'f64', [0, NaN]],
  ['end', 'f64', [5, NaN]],
  ['context', 'u32', [0, 700]],
];
const VIEWS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f64: Float64Array };

/**
 * Two events in the wire form.
 * @param {string} [left] a column to leave out
 * @returns {ArrayBuffer}
 */
function wire(left = '') {
  const kept = COLUMNS.filter(([name]) => name !== left);
  const columns = kept.map(([name, type], k) => ({ name, type, at: 1024 + k * 16 }));
  const header = new TextEncoder().encode(
    JSON.stringify({ n: 2, origin: 1000, timesUsable: true, tools: ['bash é'], columns }),
  );
  const buffer = new ArrayBuffer(2048);
  new DataView(buffer).setUint32(0, header.length, true);
  new Uint8Array(buffer, 4).set(header);
  for (const { name, type, at } of columns) {
    const values = /** @type {number[]} */ (COLUMNS.find((column) => column[0] === name)?.[2]);
    new VIEWS[/** @type {keyof typeof VIEWS} */ (type)](buffer, at, 2).set(values);
  }
  return buffer;
}

test('decoding gives back every column and the header', () => {
  const columns = decodeColumns(wire());
  equal([columns.n, columns.origin, columns.timesUsable, columns.tools], [2, 1000, true, ['bash é']]);
  for (const [name, , values] of COLUMNS) {
    equal([.../** @type {any} */ (columns)[/** @type {string} */ (name)]], values);
  }
});

test('a missing column is an error that names it', () => {
  throws(() => decodeColumns(wire('verdict')), 'verdict is missing');
});

test('a buffer that is cut short is an error', () => {
  throws(() => decodeColumns(new ArrayBuffer(2)), 'cut short');
  throws(() => decodeColumns(wire().slice(0, 60)), 'cut short');
});

const RUN = sampleColumns([
  { record: 3 },
  { record: 5 },
  { record: 5, block: 2 },
  { record: 5, block: 4 },
  { record: 9 },
]);

test('an address leaves out the first block', () => {
  equal([0, 1, 2, 3, 4].map((i) => address(RUN, i)), ['3', '5', '5.2', '5.4', '9']);
});

test('an address is found exactly', () => {
  equal(['3', '5', '5.1', '5.2', '5.4', '9'].map((text) => indexOfAddress(RUN, text)), [0, 1, 1, 2, 3, 4]);
});

test('an address that is not there finds the nearest event before it', () => {
  equal(['4', '5.3', '5.9', '7', '99'].map((text) => indexOfAddress(RUN, text)), [0, 2, 3, 3, 4]);
});

test('an address before the first event or without sense finds the first event', () => {
  equal(['1', '', 'x', '5.', '-5', '__proto__'].map((text) => indexOfAddress(RUN, text)), [0, 0, 0, 0, 0, 0]);
  equal(indexOfAddress(sampleColumns([]), '5'), 0);
});
