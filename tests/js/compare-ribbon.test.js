/** Facts about the short form of a ribbon, drawn along events, time and tokens. */
import { cellAt, phasePaths, readRibbon, ribbonWords } from '../../assets/js/compare-ribbon.js';
import { equal, test } from './harness.js';

const SHORT = {
  n: 4, cells: 1, phases: 'x2e1f1', flagged: [3], inferred: [], edits: [2], tests: [3], evals: [], firstEdit: 2, end: 'answered',
  at: '1,1,0.2,3', seconds: '0,10,0,50', tokens: null,
};
const LONG = { ...SHORT, n: 5, cells: 2, phases: 'x2r1', flagged: [1], tests: [], firstEdit: null, at: '1,4,4', seconds: null };

test('cells have their phase, their address and their place in the order of events', () => {
  const ribbon = readRibbon(SHORT, 'order');
  equal(ribbon?.cells.map(({ phase, address, from, to }) => [phase, address, from, to]), [
    ['explore', '1', 0, 1], ['explore', '2', 1, 2], ['edit', '2.2', 2, 3], ['fail', '5', 3, 4]]);
  equal(ribbon?.length, 4);
});

test('along time a cell is as long as it took', () => {
  equal(readRibbon(SHORT, 'time')?.cells.map(({ from, to }) => [from, to]), [[0, 0], [0, 10], [10, 10], [10, 60]]);
});

test('a long pause is drawn short, and its length is known', () => {
  const ribbon = readRibbon({ ...SHORT, seconds: '0,10,86400,50' }, 'time');
  equal([ribbon?.length, ribbon?.whole], [660, 86460]);
});

test('a run without times, tokens or ribbon has nothing to draw there', () => {
  equal([readRibbon(SHORT, 'tokens'), readRibbon(LONG, 'time'), readRibbon(null, 'order')], [null, null, null]);
});

test('the last cell of a long run holds the events that are left', () => {
  equal(readRibbon(LONG, 'order')?.cells.map(({ to }) => to), [2, 4, 5]);
});

test('a mark of a short run knows its own event, one of a long run that of its cell', () => {
  const marks = (/** @type {any} */ encoded) => readRibbon(encoded, 'order')?.marks.map(({ kind, address, exact, at }) => [kind, address, exact, at]);
  equal(marks(SHORT), [['firstEdit', '2.2', true, 2.5], ['test', '5', true, 3.5], ['flagged', '5', true, 3.5], ['end', '5', true, 4]]);
  equal(marks(LONG), [['flagged', '1', false, 1], ['end', '9', false, 5]]);
});

test('a place leads to the cell there', () => {
  const ribbon = readRibbon(SHORT, 'time');
  equal(ribbon && [cellAt(ribbon, 0), cellAt(ribbon, 30), cellAt(ribbon, 60)], [1, 3, -1]);
});

test('neighbours of one phase are one box', () => {
  const ribbon = readRibbon(SHORT, 'order');
  equal(ribbon && Object.fromEntries(phasePaths(ribbon, (place) => 10 * place, 5, 20, 1)), {
    explore: 'M0 5h19v20h-19z', edit: 'M20 5h9v20h-9z', fail: 'M30 5h10v20h-10z' });
});

test('a ribbon in words says its phases by share and how many errors are marked', () => {
  const ribbon = readRibbon(SHORT, 'order');
  equal(ribbon && ribbonWords(ribbon), '50% explore, 25% edit, 25% fail; 1 marked error');
});
