/** Facts about the layout of the timeline and about what a pointer finds in it. */
import { buildAxis } from '../../assets/js/axis.js';
import { buildLanes, childSpans } from '../../assets/js/lanes.js';
import { hitTest } from '../../assets/js/timeline-hit.js';
import { layoutOf } from '../../assets/js/timeline-layout.js';
import { ribbonOf } from '../../assets/js/phases.js';
import { timelineLabel, tooltipLines } from '../../assets/js/timeline-words.js';
import { marksOf } from '../../assets/js/verdicts.js';
import { equal, test } from './harness.js';
import { sampleColumns } from './sample.js';

/**
 * @param {import('./sample.js').SampleEvent[]} events
 * @param {{mode?: 'order'|'time', children?: import('../../assets/js/lanes.js').Child[], width?: number}} [about]
 * @returns {import('../../assets/js/timeline-hit.js').Scene}
 */
function sceneOf(events, { mode = 'order', children = [], width = 1092 } = {}) {
  const columns = sampleColumns(events);
  const axis = buildAxis(columns, mode, childSpans(columns, children));
  const lanes = buildLanes(columns, axis, children);
  const layout = layoutOf(lanes, width);
  const view = { from: 0, to: axis.total };
  const looks = new Uint8Array(columns.n);
  const [ribbon, marks] = [ribbonOf(columns, axis), marksOf(columns, true)];
  return { columns, children, axis, lanes, ribbon, layout, view, selected: null, visible: null, looks, marks };
}

/**
 * What is at an axis unit, in the bars of a lane or some px above them.
 * @param {import('../../assets/js/timeline-hit.js').Scene} scene
 * @param {number} unit
 * @param {number} [lane]
 * @param {number} [above]
 */
function at(scene, unit, lane = 0, above = 0) {
  const { layout, view } = scene;
  const x = layout.left + ((unit - view.from) * layout.plotWidth) / (view.to - view.from);
  return hitTest(scene, x, layout.rows[lane].barTop + 6 - above);
}

test('the height grows with the lanes and nothing stands below it', () => {
  const one = sceneOf([{}]).layout;
  const two = sceneOf([{}, { kind: 'user', context: 5 }]).layout;
  equal([two.height > one.height, two.contextTop !== null, one.contextTop], [true, true, null]);
  equal(two.rows.every(({ bottom }) => bottom <= two.lanesBottom), true);
  equal(two.axisTop < two.height, true);
});

test('a narrow timeline has no gutter, and taller lanes for the labels', () => {
  const [wide, narrow] = [1400, 390].map((width) => sceneOf([{}], { width }).layout);
  equal([wide.left, narrow.left < 10, narrow.height > wide.height], [84, true, true]);
});

test('a bar is found where it is drawn', () => {
  equal(at(sceneOf([{}, { kind: 'user' }, {}]), 2.4, 1), { type: 'event', index: 2, count: 1 });
});

test('a near miss finds the nearest bar, a far one finds nothing', () => {
  const scene = sceneOf(Array.from({ length: 100 }, (_, i) => ({ category: i === 50 ? 'web' : 'shell' })));
  equal([at(scene, 50.86 + 0.3, 1)?.type, at(scene, 60, 1)], ['event', null]);
});

test('a plain wide bar is found although an error stands beside it', () => {
  equal(at(sceneOf([{ verdict: 'error' }, {}]), 1.01), { type: 'event', index: 1, count: 1 });
});

test('in a crowd the error is found, not the bars around it', () => {
  const events = Array.from({ length: 10_000 }, (_, i) => ({ verdict: i === 5000 ? 'error' : 'ok' }));
  equal(at(sceneOf(events), 5012), { type: 'event', index: 5000, count: 1 });
});

test('errors that share a pixel are found together and counted', () => {
  const events = Array.from({ length: 10_000 }, (_, i) => ({ verdict: i === 5001 || i === 5003 ? 'error' : 'ok' }));
  equal(at(sceneOf(events), 5003), { type: 'event', index: 5001, count: 2 });
});

test('a mark is found above its bar', () => {
  equal(at(sceneOf([{}, { verdict: 'denied' }]), 1.01, 0, 10), { type: 'event', index: 1, count: 1 });
});

test('of bars that lie in each other the inner one is found', () => {
  const scene = sceneOf([{ start: 0, end: 1000 }, { start: 400, end: 600 }], { mode: 'time' });
  equal([at(scene, 500), at(scene, 700)].map((hit) => hit?.type === 'event' && hit.index), [1, 0]);
});

test('a compaction is found on its line', () => {
  const scene = sceneOf([{}, { kind: 'compaction' }, {}, {}]);
  equal(at(scene, 1), { type: 'event', index: 1, count: 1 });
});

test('a system event is found on the baseline', () => {
  const scene = sceneOf([{}, { kind: 'system' }, {}]);
  const x = scene.layout.left + scene.layout.plotWidth / 3;
  equal(hitTest(scene, x, scene.layout.systemTop + 2), { type: 'event', index: 1, count: 1 });
});

const CHILD = { label: 'explore', start: 0, end: 500, call: 0, events: 30, errors: 1, key: 'k' };

test('a child run is found in its lane and says what it is', () => {
  const scene = sceneOf([{ start: 0 }, { start: 1000 }], { mode: 'time', children: [CHILD] });
  const hit = hitTest(scene, scene.layout.left + 200, (scene.layout.childRow?.barTop ?? 0) + 4);
  equal(hit, { type: 'child', child: CHILD });
  equal(hit && tooltipLines(scene, hit, () => ''), ['subagent · explore', '30 events · 1 error · took 0.5 s']);
});

test('a fold is found where nothing else is', () => {
  const hour = 3_600_000;
  const scene = sceneOf([0, 1000, 2000, 2000 + hour, 3000 + hour].map((start) => ({ start })), { mode: 'time' });
  const [fold] = scene.axis.folds;
  const hit = at(scene, fold.at + fold.width / 2);
  equal(hit, { type: 'fold', fold });
  equal(hit && tooltipLines(scene, hit, () => '')[0], '1 h idle');
});

test('the gutter and the area past the end hold nothing', () => {
  const scene = sceneOf([{}]);
  equal([hitTest(scene, 10, 10), hitTest(scene, scene.layout.width + 20, 10)], [null, null]);
});

test('a tooltip names tool, address, place, length and verdict, then what the page says of it', () => {
  const scene = sceneOf([{}, { record: 26, block: 2, start: 0, end: 400, verdict: 'error' }]);
  const lines = tooltipLines(scene, { type: 'event', index: 1, count: 1 }, (index) => `about ${index}`);
  equal(lines, ['bash · @26.2 · event 2 of 2 · took 0.4 s · error, flagged', 'about 1']);
});

test('a tooltip says that a time is unknown', () => {
  const scene = sceneOf([{ start: 0 }, {}, { start: 900 }], { mode: 'time' });
  const lines = tooltipLines(scene, { type: 'event', index: 1, count: 1 }, () => '');
  equal(lines, ['bash · @2 · time unknown']);
});

test('the label counts events and errors, the inferred apart', () => {
  const events = [{ verdict: 'error' }, { verdict: 'error', evidence: 'inferred' }, { verdict: 'denied' }];
  equal(timelineLabel(sampleColumns(events)), 'Timeline: 3 events, errors flagged 1 · inferred 1');
});

test('a stretch of the ribbon is found and says what the run was doing', () => {
  const scene = sceneOf(['explore', 'explore', 'edit', 'fail'].map((phase) => ({ phase })));
  const x = scene.layout.left + scene.layout.plotWidth * 0.4;
  const hit = hitTest(scene, x, scene.layout.ribbonTop + 4);
  equal(hit?.type === 'stretch' && [hit.stretch.first, hit.stretch.last], [0, 1]);
  equal(hit && tooltipLines(scene, hit, () => ''), ['explore: reads, searches, fetches · events 1–2']);
});
