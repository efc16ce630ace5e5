/** Facts about how a lane is reduced to what its pixels can show. */
import { segments } from '../../assets/js/lanes.js';
import { reduceContext, reduceLane, reduceMarks, reduceMoments } from '../../assets/js/reduce.js';
import { NO_MARK } from '../../assets/js/verdicts.js';
import { equal, test } from './harness.js';

/** Looks of bars that are all alike. */
const ALIKE = new Uint8Array(10);

/**
 * @param {[number, number][]} stretches start and end in axis units
 */
function lane(stretches) {
  return segments(stretches.map(([start, end], index) => ({ index, start, end })));
}

/**
 * The rectangles of a lane at one px to the unit, as [x0, x1].
 * @param {[number, number][]} stretches
 * @param {Uint8Array} [looks]
 */
function pixels(stretches, looks = ALIKE) {
  return reduceLane(lane(stretches), { from: 0, to: 100 }, 100, looks).map(({ x0, x1 }) => [x0, x1]);
}

test('a bar is at least 2 px wide', () => {
  equal(pixels([[10, 10]]), [[10, 12]]);
});

test('bars nearer than 1 px merge, others do not', () => {
  equal(pixels([[10, 12], [12.5, 14.5]]), [[10, 14.5]]);
  equal(pixels([[10, 12], [13, 15]]), [[10, 12], [13, 15]]);
});

test('bars of different looks never merge', () => {
  equal(pixels([[10, 12], [12, 14]], Uint8Array.of(0, 1)).length, 2);
});

test('wide bars that touch stay apart, and the second one asks for a cut', () => {
  const rects = reduceLane(lane([[0, 20], [20, 40]]), { from: 0, to: 100 }, 100, ALIKE);
  equal(rects.map(({ x0, x1, cutLeft }) => [x0, x1, cutLeft]), [[0, 20, false], [20, 40, true]]);
});

test('a bar inside another asks for a cut on both sides', () => {
  const [, inner] = reduceLane(lane([[0, 50], [10, 20]]), { from: 0, to: 100 }, 100, ALIKE);
  equal([inner.cutLeft, inner.cutRight], [true, true]);
});

test('a bar that began long before the window is drawn to its end', () => {
  const rects = reduceLane(lane([[0, 1000], [1, 2]]), { from: 500, to: 600 }, 100, ALIKE);
  equal(rects.map(({ x0, x1 }) => [x0, x1]), [[0, 100]]);
});

test('what is outside the window is not drawn', () => {
  equal(reduceLane(lane([[0, 5], [300, 305]]), { from: 100, to: 200 }, 100, ALIKE), []);
});

test('a lane of 100,000 events has at most two rectangles for each pixel at any zoom', () => {
  const many = lane(Array.from({ length: 100_000 }, (_, i) => [i, i + (i % 7) / 2]));
  const looks = Uint8Array.from({ length: 100_000 }, (_, i) => i % 4);
  for (const to of [100_000, 10_000, 1000, 100]) {
    const rects = reduceLane(many, { from: 0, to }, 1000, looks);
    equal([rects.length > 0, rects.length <= 2000], [true, true]);
  }
});

test('errors in one pixel column are one mark that knows how many, errors in two are two', () => {
  const view = { from: 0, to: 100 };
  const marks = reduceMarks(lane([[10, 10], [10.2, 10.2], [11.5, 11.5]]), view, 100, new Uint8Array(3));
  equal(marks.map(({ index, count }) => [index, count]), [[0, 2], [2, 1]]);
});

test('a flagged and an inferred error in one pixel column are two marks, and what is not to be shown is none', () => {
  const marks = reduceMarks(lane([[10, 10], [10, 10], [10, 10]]), { from: 0, to: 100 }, 100, Uint8Array.of(0, 1, NO_MARK));
  equal(marks.map(({ mark }) => mark), [0, 1]);
});

test('the mark of a bar that began before the window stands in the window', () => {
  const [mark] = reduceMarks(lane([[0, 1000]]), { from: 500, to: 600 }, 100, Uint8Array.of(0));
  equal(mark.x >= 0 && mark.x <= 100, true);
});

test('no error is lost between marks', () => {
  const failed = lane(Array.from({ length: 5000 }, (_, i) => [i * 3, i * 3 + 1]));
  const marks = reduceMarks(failed, { from: 0, to: 15_000 }, 800, new Uint8Array(5000));
  equal(marks.reduce((sum, { count }) => sum + count, 0), 5000);
});

test('moments in one pixel column are one', () => {
  const found = reduceMoments(lane([[5, 5], [5.4, 5.4], [9, 9]]), { from: 0, to: 100 }, 100);
  equal(found.map(({ x, count }) => [x, count]), [[5, 2], [9, 1]]);
});

test('the context begins with what held before the window', () => {
  const steps = reduceContext(lane([[10, 10], [60, 60]]), Uint32Array.of(7, 9), { from: 50, to: 150 }, 100);
  equal(steps, [{ x: 0, tokens: 7 }, { x: 10, tokens: 9 }]);
});

test('of several calls in a pixel column the greatest context counts', () => {
  const steps = reduceContext(lane([[10, 10], [10.5, 10.5]]), Uint32Array.of(9, 7), { from: 0, to: 100 }, 100);
  equal(steps, [{ x: 10, tokens: 9 }]);
});
