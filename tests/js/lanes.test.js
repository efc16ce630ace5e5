/** Facts about which lanes there are and what stands in them. */
import { buildAxis } from '../../assets/js/axis.js';
import { buildLanes, childSpans, CHILD_ROWS } from '../../assets/js/lanes.js';
import { equal, test } from './harness.js';
import { sampleColumns } from './sample.js';

/**
 * @param {import('./sample.js').SampleEvent[]} events
 * @param {'order'|'time'} [mode]
 * @param {Partial<import('../../assets/js/lanes.js').Child>[]} [children]
 */
function lanesOf(events, mode = 'order', children = []) {
  const columns = sampleColumns(events);
  const blank = { label: '', start: null, end: null, call: null, events: 0, errors: 0, key: '' };
  const full = children.map((child) => ({ ...blank, ...child }));
  return buildLanes(columns, buildAxis(columns, mode, childSpans(columns, full)), full);
}

test('only lanes with events are there, in a fixed order', () => {
  const { lanes } = lanesOf([{ category: 'web' }, { category: 'shell' }, { kind: 'assistant' }, { kind: 'user' }]);
  equal(lanes.map(({ name }) => name), ['user', 'assistant', 'shell', 'web']);
});

test('reasoning stands in the lane of the assistant', () => {
  const { lanes } = lanesOf([{ kind: 'reasoning' }, { kind: 'assistant' }]);
  equal(lanes.map(({ name, all }) => [name, [...all.index]]), [['assistant', [0, 1]]]);
});

test('events of the kind other share a lane with tools of the category other', () => {
  const { lanes } = lanesOf([{ kind: 'other' }, { category: 'other' }]);
  equal(lanes.map(({ name, all }) => [name, [...all.index]]), [['other', [0, 1]]]);
});

test('compactions, interruptions, API errors and system events have no lane', () => {
  const kinds = ['compaction', 'interruption', 'api_error', 'system'];
  const { lanes, marks, system } = lanesOf(kinds.map((kind) => ({ kind })));
  equal(lanes, []);
  equal([marks.compaction, marks.interruption, marks.api_error, system].map(({ index }) => [...index]), [
    [0],
    [1],
    [2],
    [3],
  ]);
});

test('a lane is sorted by time even when the file is not', () => {
  const { lanes } = lanesOf([{ start: 500 }, { start: 100 }, { start: 900 }], 'time');
  equal([...lanes[0].all.index], [1, 0, 2]);
});

test('results that a shape may stand over are listed, the rest is not', () => {
  const verdicts = ['ok', 'error', 'probe', 'aborted', 'denied', 'benign', 'unknown', 'unanswered'];
  equal([...lanesOf(verdicts.map((verdict) => ({ verdict }))).lanes[0].marked.index], [1, 2, 3, 4]);
});

test('the context knows its greatest value, and 0 when nothing is known', () => {
  equal(lanesOf([{ context: 10 }, { context: 30 }, { context: 20 }]).contextMax, 30);
  equal(lanesOf([{}]).contextMax, 0);
});

test('children that run at once are stacked, at most in three rows', () => {
  const { children } = lanesOf(
    [{ start: 0 }, { start: 1000 }],
    'time',
    [0, 1, 2, 3].map((k) => ({ start: k, end: 500 + k, key: String(k) })),
  );
  equal([children?.depth, children?.rows.map(({ index }) => [...index])], [CHILD_ROWS, [[0, 3], [1], [2]]]);
});

test('a child without a time stands at its call', () => {
  const { children } = lanesOf([{}, {}, {}], 'order', [{ call: 2 }]);
  equal([...(children?.rows[0].start ?? [])], [2]);
});

test('a child of which nothing is known is counted and not placed', () => {
  const { children } = lanesOf([{}], 'order', [{}]);
  equal([children?.unplaced, children?.rows[0].index.length], [1, 0]);
});

test('a run without children has no lane for them', () => {
  equal(lanesOf([{}]).children, null);
});
