/** Facts about what the page makes of verdicts: marks, counts, words, and the ribbon of a list. */
import { passing, nextError } from '../../assets/js/filter.js';
import { parseLink, showsAlso, toggledAlso } from '../../assets/js/link.js';
import { ribbonWords } from '../../assets/js/mini-ribbon.js';
import { formatMetric } from '../../assets/js/metric-words.js';
import { columnsOf, metricNames, sortRows } from '../../assets/js/runs-columns.js';
import { errorsIn, errorWords, MARKS, markOf, marksOf, NO_MARK } from '../../assets/js/verdicts.js';
import { equal, test } from './harness.js';
import { sampleColumns } from './sample.js';

const RUN = sampleColumns([
  { verdict: 'error' },
  { verdict: 'error', evidence: 'inferred' },
  { verdict: 'probe', evidence: 'inferred' },
  { verdict: 'denied' },
  { verdict: 'benign' },
  { kind: 'user' },
]);

test('flagged and inferred errors have marks of their own, what is benign has none', () => {
  equal([0, 1, 2, 3].map((index) => MARKS[markOf(RUN, index)]), ['flagged', 'inferred', 'probe', 'denied']);
  equal([4, 5].map((index) => markOf(RUN, index)), [NO_MARK, NO_MARK]);
});

test('probes are marked only where the reader wants them', () => {
  equal([marksOf(RUN, false)[2], MARKS[marksOf(RUN, true)[2]]], [NO_MARK, 'probe']);
});

test('errors are counted by their evidence and a probe is none', () => {
  equal(errorsIn(RUN, 0, RUN.n), { flagged: 1, inferred: 1 });
});

test('unknown is said and is not 0', () => {
  equal([errorWords(5, 3), errorWords(null, 3)], ['flagged 5 · inferred 3', 'flagged unknown · inferred 3']);
});

test('the filter of errors and the walk along them include the inferred', () => {
  equal([.../** @type {Uint8Array} */ (passing(RUN, { errors: true, show: [], tool: '' }))], [1, 1, 0, 0, 0, 0]);
  equal([nextError(RUN, [0, 1, 2, 3], 0, 1), nextError(RUN, [0, 1, 2, 3], 1, 1)], [1, null]);
});

test('what is shown beside the default is in the link, and off again without a trace', () => {
  const on = toggledAlso(parseLink('?also=unsure'), 'probes');
  equal([on.also, showsAlso(on, 'probes'), toggledAlso(on, 'unsure').also], ['unsure,probes', true, 'probes']);
});

test('a metric is written in its unit and unknown as a dash', () => {
  const said = (/** @type {string} */ unit, /** @type {any} */ value) => formatMetric({ unit }, value);
  equal([said('share', 0.126), said('ms', 61_000), said('', null), said('names', 'Read 2')], ['13 %', '1 min 1 s', '—', 'Read 2']);
});

const METRIC = { name: 'loops', label: 'Loops', unit: '', group: 'Process', definition: '', reading: '', unknown: '' };

test('columns are those of the link in its order, without the unknown and the double', () => {
  const names = columnsOf('m.loops,size,nowhere,m.gone,size', [METRIC], false).map(({ name }) => name);
  equal([names, metricNames('m.loops,size')], [['m.loops', 'size'], ['loops']]);
});

test('runs are sorted by a metric with the unknown last either way', () => {
  const rows = [1, null, 3].map((loops) => ({ state: 'ready', metrics: { loops } }));
  const sorted = (/** @type {boolean} */ down) => {
    const copy = [...rows];
    sortRows(copy, columnsOf('m.loops', [METRIC], false)[0], down);
    return copy.map(({ metrics }) => metrics.loops);
  };
  equal([sorted(true), sorted(false)], [[3, 1, null], [1, 3, null]]);
});

test('a ribbon says in words what it shows, the longest first', () => {
  equal([ribbonWords('rrxf'), ribbonWords('oo'), ribbonWords('')], ['run 50 %, explore 25 %, fail 25 %', 'no tool calls', 'process unknown']);
});
