/** Facts about the axis and its ticks. */
import { buildAxis, foldAt, foldsWithin, timeOf, unitOf } from '../../assets/js/axis.js';
import { formatElapsed, niceStep, ticks } from '../../assets/js/axis-ticks.js';
import { equal, test } from './harness.js';
import { sampleColumns } from './sample.js';

const HOUR = 3_600_000;
/** Ten events a second apart, an hour of nothing, ten more. */
const PAUSED = sampleColumns(
  Array.from({ length: 20 }, (_, i) => {
    const start = i * 1000 + (i < 10 ? 0 : HOUR);
    return { start, end: start + 500 };
  }),
);

/**
 * @param {import('../../assets/js/axis.js').Axis} axis
 * @param {number} width
 * @returns {string[]}
 */
function labels(axis, width) {
  return ticks(axis, 0, axis.total, width).map(({ label }) => label);
}

test('in order mode an event is one unit, whatever its time', () => {
  const axis = buildAxis(PAUSED, 'order');
  equal([axis.total, axis.folds.length, axis.start[10]], [20, 0, 10]);
});

test('without usable times the axis is the order', () => {
  equal(buildAxis(sampleColumns([{}, {}], { timesUsable: false }), 'time').mode, 'order');
});

test('an empty run has an axis', () => {
  equal([buildAxis(sampleColumns([]), 'order').total, buildAxis(sampleColumns([]), 'time').total], [1, 1]);
});

test('a long gap in which nothing ran is folded, and keeps its real length', () => {
  const { folds, total } = buildAxis(PAUSED, 'time');
  equal([folds.length, folds[0].start, folds[0].ms], [1, 9500, HOUR + 500]);
  equal(Math.round(total), 19_000 + Math.round(folds[0].width));
});

test('a call that runs through a gap keeps it open', () => {
  const events = [{ start: 0, end: 10 }, { start: 20, end: 2 * HOUR }, { start: 30 }, { start: HOUR }];
  equal(buildAxis(sampleColumns(events), 'time').folds, []);
});

test('a child run keeps a gap open and its end on the axis', () => {
  const axis = buildAxis(PAUSED, 'time', [{ start: 9000, end: 2 * HOUR }]);
  equal([axis.folds, axis.total], [[], 2 * HOUR]);
});

test('gaps that are usual in a run are not folded', () => {
  const events = Array.from({ length: 10 }, (_, i) => ({ start: i * HOUR, end: i * HOUR + 1000 }));
  equal(buildAxis(sampleColumns(events), 'time').folds, []);
});

test('no gap under a minute is folded', () => {
  equal(buildAxis(sampleColumns([0, 1, 2, 3, 59_000].map((start) => ({ start }))), 'time').folds, []);
});

test('time to unit and back is the same time, also inside a fold', () => {
  const axis = buildAxis(PAUSED, 'time');
  for (const ms of [0, 9500, HOUR / 2, HOUR + 10_000, HOUR + 15_250]) {
    equal(Math.round(timeOf(axis, unitOf(axis, ms))), ms);
  }
});

test('a place is in a fold only between its ends', () => {
  const axis = buildAxis(PAUSED, 'time');
  const [fold] = axis.folds;
  equal([fold.at - 1, fold.at, fold.at + fold.width - 1, fold.at + fold.width].map((u) => foldAt(axis, u) !== null), [
    false,
    true,
    true,
    false,
  ]);
  equal([foldsWithin(axis, 0, fold.at).length, foldsWithin(axis, fold.at + 1, fold.at + 2).length], [0, 1]);
});

test('an event without a time stands where the one before it began', () => {
  const axis = buildAxis(sampleColumns([{}, { start: 100, end: 200 }, {}, { start: 300 }]), 'time');
  equal([[...axis.start], [...axis.end]], [[0, 0, 0, 200], [0, 100, 0, 200]]);
});

test('times that run backwards in the file stay inside the axis', () => {
  const axis = buildAxis(sampleColumns([{ start: 500 }, { start: 0 }, { start: 900 }]), 'time');
  equal([[...axis.start], axis.total], [[500, 0, 900], 900]);
});

test('order ticks are 1 and round ordinals', () => {
  const axis = buildAxis(sampleColumns(Array.from({ length: 127 }, () => ({}))), 'order');
  equal(labels(axis, 600), ['1', '20', '40', '60', '80', '100', '120']);
});

test('order ticks never name an event that is not there', () => {
  const axis = buildAxis(sampleColumns([{}, {}, {}]), 'order');
  equal(labels(axis, 1000), ['1', '2', '3']);
});

test('time ticks are round elapsed times', () => {
  const axis = buildAxis(sampleColumns([{ start: 7000 }, { start: 67_000 }, { start: 130_000 }]), 'time');
  equal(labels(axis, 600), ['0', '30 s', '1 min', '1 min 30 s', '2 min']);
});

test('time ticks after a fold tell the real time', () => {
  const found = labels(buildAxis(PAUSED, 'time'), 1200);
  equal([found[0], found.at(-1)?.startsWith('1 h ')], ['0', true]);
});

test('tick labels do not touch at any width', () => {
  const axis = buildAxis(PAUSED, 'time');
  for (const width of [60, 300, 1400]) {
    const found = ticks(axis, 0, axis.total, width).map(({ at, label }) => ({
      x: (at / axis.total) * width,
      half: label.length * 3,
    }));
    equal(found.every((tick, k) => k === 0 || tick.x - tick.half > found[k - 1].x + found[k - 1].half), true);
  }
});

test('steps are 1, 2 or 5 times a power of ten', () => {
  equal([0.3, 1, 1.1, 3, 7, 120].map(niceStep), [0.5, 1, 2, 5, 10, 200]);
});

test('elapsed times have the units that they need', () => {
  equal([0, 1500, 30_000, 60_000, 90_000, 2 * HOUR, 26 * HOUR].map(formatElapsed), [
    '0',
    '1.5 s',
    '30 s',
    '1 min',
    '1 min 30 s',
    '2 h',
    '1 d 2 h',
  ]);
});
