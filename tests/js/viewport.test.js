/** Facts about the window on the axis. */
import { isWhole, panned, placed, revealing, zoomed } from '../../assets/js/viewport.js';
import { equal, test } from './harness.js';

const LIMITS = { total: 1000, least: 4 };

test('zooming keeps what is under the pointer in place', () => {
  const view = zoomed({ from: 0, to: 1000 }, 0.5, 250, LIMITS);
  equal([view, (250 - view.from) / (view.to - view.from)], [{ from: 125, to: 625 }, 0.25]);
});

test('zooming stops at the whole run and at the narrowest window', () => {
  equal(zoomed({ from: 100, to: 600 }, 100, 300, LIMITS), { from: 0, to: 1000 });
  const close = zoomed({ from: 100, to: 200 }, 1e-9, 150, LIMITS);
  equal(close.to - close.from, 4);
});

test('a run shorter than the narrowest window is shown whole', () => {
  equal(placed(0, 1, { total: 2, least: 4 }), { from: 0, to: 2 });
});

test('panning stops at both ends', () => {
  equal(panned({ from: 100, to: 200 }, -500, LIMITS), { from: 0, to: 100 });
  equal(panned({ from: 100, to: 200 }, 5000, LIMITS), { from: 900, to: 1000 });
});

test('revealing moves only when it must', () => {
  equal(revealing({ from: 100, to: 200 }, 150, LIMITS), { from: 100, to: 200 });
  equal(revealing({ from: 100, to: 200 }, 500, LIMITS), { from: 450, to: 550 });
});

test('only the full window is whole', () => {
  equal([isWhole({ from: 0, to: 1000 }, LIMITS), isWhole({ from: 0, to: 900 }, LIMITS)], [true, false]);
});
