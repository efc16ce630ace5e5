/** Facts about turns and the bars of the strip. */
import { barWords, stripBars, turnHolding, turnsOf } from '../../assets/js/turns.js';
import { equal, test } from './harness.js';
import { sampleColumns } from './sample.js';

const TURNS = turnsOf(
  sampleColumns([
    { turn: 0, kind: 'user' },
    { turn: 1, kind: 'assistant' },
    { turn: 1, category: 'read' },
    { turn: 1, category: 'shell' },
    { turn: 1, category: 'shell', verdict: 'error', evidence: 'inferred' },
    { turn: 2, kind: 'reasoning' },
  ]),
);

test('a turn has the colour of its commonest category, grey without a call, the user colour for a user alone', () => {
  equal(TURNS.map(({ look }) => look), ['user', 'shell', 'assistant']);
});

test('a turn knows its events and its first error', () => {
  const { number, first, last, count, flagged, inferred, firstError } = TURNS[1];
  equal([number, first, last, count, flagged, inferred, firstError], [2, 1, 4, 4, 0, 1, 4]);
});

test('a turn whose calls were only denied or probes has no error', () => {
  const [turn] = turnsOf(sampleColumns([{ verdict: 'denied' }, { verdict: 'probe' }]));
  equal([turn.flagged, turn.inferred, turn.firstError], [0, 0, -1]);
});

test('each turn has a bar when there is room', () => {
  equal(stripBars(TURNS, 300).map(({ from, to }) => [from, to]), [[0, 1], [1, 2], [2, 3]]);
});

test('turns narrower than 2 px share a bar: the tallest gives its look and any error counts', () => {
  const [bar, ...rest] = stripBars(TURNS, 2);
  equal([rest.length, bar.from, bar.to, bar.tallest.look, bar.inferred, bar.firstError], [0, 0, 3, 'shell', 1, 4]);
});

test('an empty run has no bars', () => {
  equal(stripBars(turnsOf(sampleColumns([])), 300), []);
});

test('every event is found in its turn', () => {
  equal([0, 1, 4, 5].map((index) => turnHolding(TURNS, index)), [0, 1, 1, 2]);
});

test('a bar in words names its turn, its events and its errors', () => {
  equal(stripBars(TURNS, 300).map((bar) => barWords(bar, TURNS, true)), [
    'turn 1 · event 1',
    'turn 2 · events 2–5 · errors flagged 0 · inferred 1',
    'turn 3 · event 6',
  ]);
});
