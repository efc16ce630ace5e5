/** Facts about the words for numbers. */
import * as format from '../../assets/js/format.js';
import { equal, test } from './harness.js';

test('a duration has at most two units and drops a second one that is 0', () => {
  const cases = [0, 40, 400, 12_000, 200_000, 180_000, 7_800_000, 273_600_000];
  const words = ['0 s', '40 ms', '0.4 s', '12 s', '3 min 20 s', '3 min', '2 h 10 min', '3 d 4 h'];
  equal(cases.map(format.formatDuration), words);
});

test('a duration never rounds up to a full larger unit', () => {
  const cases = [999, 59_700, 3_599_800, 86_399_000];
  equal(cases.map(format.formatDuration), ['1 s', '1 min', '1 h', '1 d']);
});

test('what is not a number is written as unknown', () => {
  equal([NaN, -1].map(format.formatDuration), ['unknown', 'unknown']);
  equal([format.formatCount(NaN), format.formatBytes(NaN), format.formatUsd(NaN)], ['unknown', 'unknown', 'unknown']);
  equal([format.formatClock(NaN), format.formatDate(NaN)], ['unknown', 'unknown']);
});

test('a count has thousands separators, or is short', () => {
  equal([7, 1234, 1234567].map((n) => format.formatCount(n)), ['7', '1,234', '1,234,567']);
  const short = [999, 1234, 12_345, 143_200, 999_950, 1_240_000].map((n) => format.formatCount(n, true));
  equal(short, ['999', '1.2k', '12.3k', '143k', '1M', '1.2M']);
});

test('bytes are in decimal units', () => {
  equal([0, 512, 12_300, 4_200_000].map(format.formatBytes), ['0 B', '512 B', '12.3 kB', '4.2 MB']);
});

test('a clock time and a date are local', () => {
  const moment = new Date(2026, 4, 6, 9, 3, 7).getTime();
  equal([format.formatClock(moment), format.formatDate(moment)], ['09:03:07', '6 May 2026']);
});

test('small sums of money keep two significant figures', () => {
  equal([0, 0.0042, 0.00996, 0.42, 1234.5].map(format.formatUsd), ['$0.00', '$0.0042', '$0.01', '$0.42', '$1,234.50']);
});
