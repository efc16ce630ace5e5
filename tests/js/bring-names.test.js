/** Facts about which files leave the browser. */
import { chooseFiles, isTraceName, isZipName } from '../../assets/js/bring-names.js';
import { equal, test } from './harness.js';

const LIMITS = { file: 100, total: 250, count: 3 };
const entry = (/** @type {string} */ path, size = 1) => ({ path, size });

test('a trace is told by the end of its name, whatever its case', () => {
  equal(['a.jsonl', 'p/-x/b.JSONL', 'c.ndjson', 'd.json'].map(isTraceName), [true, true, true, true]);
});

test('settings, credentials, hidden files and what packages hold stay in the browser', () => {
  const kept = ['settings.json', 'p/settings.local.json', 'x.meta.json', 'auth.json', '.credentials.json', 'package.json',
    '.env', 'a/.x.jsonl', 'node_modules/a/b.json', '.git/c.json', 'photo.png', 'jsonl'];
  equal(kept.filter(isTraceName), []);
});

test('a zip is sent whole', () => {
  equal([isZipName('A.ZIP'), isZipName('zip')], [true, false]);
  equal(chooseFiles([entry('a.zip')], LIMITS).sent.length, 1);
});

test('what is too large, too much or too many is left, and said', () => {
  const chosen = chooseFiles([entry('big.jsonl', 101), entry('a.jsonl', 100), entry('b.jsonl', 100), entry('c.jsonl', 100),
    entry('d.jsonl', 1), entry('e.jsonl', 1), entry('notes.md')], LIMITS);
  equal(chosen.sent.map((each) => each.path), ['a.jsonl', 'b.jsonl', 'd.jsonl']);
  equal([chosen.skipped, chosen.tooLarge.map((each) => each.path), chosen.tooMany, chosen.bytes], [1, ['big.jsonl'], 2, 201]);
});
