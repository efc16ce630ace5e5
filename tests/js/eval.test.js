import { checkName, emptyEval, formatOutcomes, isWhole, parseEval, parseOutcomes, writeEval } from '../../assets/js/eval-link.js';
import { attachLink, checkOf, checkQuery, evalDoor, yamlOf } from '../../assets/js/eval-attach.js';
import { evalPlot, place, plotRows } from '../../assets/js/eval-plot.js';
import { foldName, interval, percent, score, tested } from '../../assets/js/eval-words.js';
import { emptyLink, formatLink, parseLink } from '../../assets/js/link.js';
import { equal, test } from './harness.js';

const fold = (kind, name, f1, more = {}) => ({ kind, name, groups: [name], train: 90, test: 10, splits: 1, prevalence: 0.5, reason: '', limits: [],
  scores: f1 === null ? {} : { f1: { value: f1, low: f1 - 0.1, high: f1 + 0.05, reason: '' } }, baselines: { always: 0.6, group_majority: 0 }, ...more });
const result = { facts: { labels: { 0: 5, 1: 5 }, positive: '1' }, folds: [
  fold('random', 'random', 0.9, { splits: 10 }), fold('within', 'a', null, { splits: 0, reason: 'All 3 rows of a are 1.' }), fold('seen', 'a', 0.85), fold('held', 'a', 0.5)] };

test('a link to a check comes back whole', () => {
  const state = { ...emptyEval(), dataset: 'ann/rows', parts: ['a,b.csv'], text: ['title', 'body & more'], label: 'y=1', group: 'source', positive: '1',
    together: ['x|y', 'z'], seed: '7', repeats: '3', outcomes: [{ value: 0.962, label: 'Claude Code · Opus' }], from: 'view=compare&source=demo' };
  const query = new URLSearchParams();
  writeEval(state, query);
  equal(parseEval(new URLSearchParams(query.toString())), state);
  const whole = { ...emptyLink(), view: 'eval', rev: 'abc', eval: state };
  equal(parseLink(formatLink(whole)), whole);
});

test('a link of another page says nothing of a check', () => {
  equal(formatLink({ ...emptyLink(), view: 'hub', eval: { ...emptyEval(), dataset: 'sample' } }), '?view=hub');
});

test('a seed that is no number is the default', () => {
  equal(parseEval(new URLSearchParams('seed=x&repeats=-1')).seed, '');
});

test('outcomes that are no shares are left out', () => {
  equal(parseOutcomes('0.9~a|x~b|1.5~c|~d|0~e~f|').map(({ value, label }) => [value, label]), [[0.9, 'a'], [0, 'e~f']]);
  equal(formatOutcomes([{ value: 0.5, label: 'a|b' }]), '0.5~a/b');
});

test('a check is whole once its data, text and label are named', () => {
  equal([isWhole(emptyEval()), isWhole({ ...emptyEval(), dataset: 'sample', text: ['t'], label: 'y' })], [false, true]);
  equal(checkName({ ...emptyEval(), dataset: 'ann/rows', text: ['t'], label: 'y', group: 'g' }, '1234567890'), 'ann/rows @ 1234567: t → y by g');
});

test('shares and scores read as numbers, and what is not there as a dash', () => {
  equal([percent(0.241), percent(1), percent(0), percent(0.0001), percent(null)], ['24.1 %', '100 %', '0 %', 'under 0.1 %', 'unknown']);
  equal([score(0.8781), score(null), interval({ low: 0.1, high: 0.234 }), interval({ low: null, high: null })], ['0.878', '—', '0.10–0.23', '']);
  equal([foldName(fold('held', 'a', 1)), tested(fold('random', 'r', 1, { splits: 10 }))], ['a held out', 'n = 10 × 10']);
});

test('the rows of a group with its group in training are a mark where it is held out', () => {
  const rows = plotRows(result);
  equal(rows.map((row) => [row.name, row.value, row.seen]), [['random split', 0.9, null], ['within a', null, null], ['a held out', 0.5, 0.85]]);
  equal(rows[1].reason, 'All 3 rows of a are 1.');
});

test('the plot draws dots, intervals, baselines and outcomes inside its width, and says them in words', () => {
  const plot = evalPlot(result, [{ value: 0.962, label: 'Pi' }]);
  const picture = plot.querySelector('svg.eval-svg');
  equal([picture.querySelectorAll('.eval-dot').length, picture.querySelectorAll('.eval-bar').length, picture.querySelectorAll('.eval-seen').length,
    picture.querySelectorAll('.eval-always').length, picture.querySelectorAll('.eval-outcome').length, picture.querySelectorAll('.eval-none').length], [2, 2, 1, 2, 1, 1]);
  equal(picture.getAttribute('aria-label'), 'F1 by split: random split 0.90, within a not scored, a held out 0.50; outcomes of runs: Pi 0.962');
  equal([place(0) > 0, place(1) < 1, place(0.5)], [true, true, 0.5]);
});

const found = { panel: { metric: 'f1' }, runs: [
  { harness: 'Pi', model: 'Kimi', outcomes: { f1: { best: { value: 0.947, dataset: 'ann/laws' } } } },
  { harness: 'Codex', model: 'GPT', outcomes: { f1: { best: { value: 0.9, dataset: '' } } } },
  { harness: 'Aider', model: 'GPT', outcomes: {} }] };

test('the door of a comparison leads to the dataset that its outcomes name, with those outcomes', () => {
  const door = checkOf(found, 'view=compare&source=demo');
  equal([door.view, door.eval.dataset, door.eval.from], ['eval', 'ann/laws', 'view=compare&source=demo']);
  equal(door.eval.outcomes, [{ value: 0.947, label: 'Pi · Kimi' }]);
  equal(checkOf({ ...found, runs: found.runs.slice(1) }, ''), null);
});

test('a comparison whose file names the columns leads to a whole check', () => {
  const named = checkOf({ ...found, eval: { dataset: 'ann/laws', config: '', split: '', text: 'section_text', label: 'jim_crow', group: 'source' } }, '');
  equal([isWhole(named.eval), named.eval.text, named.eval.group, named.eval.outcomes.length], [true, ['section_text'], 'source', 1]);
});

test('outcomes in another metric than F1 are no lines on its axis', () => {
  const other = { panel: { metric: 'accuracy' }, runs: [{ harness: 'Pi', model: 'K', outcomes: { accuracy: { best: { value: 0.9, dataset: 'ann/laws' } } } }] };
  equal(checkOf(other, '').eval.outcomes, []);
});

test('a check goes back to its comparison and is a link there', () => {
  const check = { ...checkOf(found, 'view=compare&source=demo'), rev: 'abc' };
  const back = attachLink(check, () => {});
  const comparison = parseLink(new URL(back.getAttribute('href'), 'https://here/').search);
  equal([comparison.view, comparison.source, comparison.compare.checks], ['compare', 'demo', [checkQuery(check)]]);
  const links = [...evalDoor(found, comparison, () => {}).querySelectorAll('a')];
  equal(links.map((link) => link.textContent), ['Check the evaluation on ann/laws', 'ann/laws @ abc']);
  equal(parseLink(links[1].getAttribute('href')).rev, 'abc');
  equal(attachLink({ ...check, eval: { ...check.eval, from: '' } }, () => {}), null);
});

test('a comparison without a dataset and without checks has no door', () => {
  equal(evalDoor({ ...found, runs: [] }, parseLink('?view=compare&source=demo'), () => {}), null);
});

test('the lines for a comparison.yaml quote what YAML would read as something else', () => {
  equal(yamlOf({ ...emptyEval(), dataset: 'ann/laws', text: ['section_text'], label: 'yes', group: '1' }),
    'eval:\n  dataset: ann/laws\n  text: section_text\n  label: "yes"\n  group: "1"');
});
