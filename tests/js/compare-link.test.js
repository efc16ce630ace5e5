/** Facts about the link of a comparison: what it names, how it looks, and its compact form. */
import { fold, unfold } from '../../assets/js/compare-fold.js';
import { emptyCompare, parseCompare, reference, referencesOf, writeCompare } from '../../assets/js/compare-link.js';
import { formatLink, parseLink } from '../../assets/js/link.js';
import { equal, test } from './harness.js';

const PROBE = { name: 'Rates | shown', seen: 'a=1&b', said: '"é"', ran: '' };
const TYPED = { run: 'demo|a.jsonl', metric: 'F1', value: '0.9', n: '357', positive: '', split: '' };
const FULL = {
  of: ['demo|a.jsonl', 'ann/race@abc|b c.jsonl|2'], fold: false, task: '2', metric: 'f1', by: /** @type {const} */ ('time'), every: true,
  cell: 'Pi|Kimi K2.6', pair: ['demo|a.jsonl', 'demo|b.jsonl'], probes: [PROBE], typed: [TYPED], checks: ['view=eval&dataset=me/data'], folded: '',
};

/**
 * @param {import('../../assets/js/compare-link.js').CompareState} state
 * @returns {URLSearchParams}
 */
function written(state) {
  const query = new URLSearchParams();
  writeCompare(state, query);
  return query;
}

test('everything a reader sees of a comparison is in its link and comes back from it', () => {
  equal(parseCompare(new URLSearchParams(written(FULL).toString())), FULL);
  const link = formatLink({ ...parseLink('?view=compare'), compare: FULL });
  equal(parseLink(link).compare, FULL);
});

test('what is as usual is not written', () => {
  equal(written(emptyCompare()).toString(), '');
});

test('the link of another page does not carry a comparison', () => {
  equal(formatLink({ ...parseLink('?source=demo'), compare: FULL }), '?source=demo');
});

test('probes and outcomes that are no lists of texts are left out', () => {
  const found = parseCompare(new URLSearchParams({ probes: '{"a":1}', typed: '[["demo|a",1,null],"x"]', by: 'luck' }));
  equal([found.probes, found.by], [[], 'order']);
  equal(found.typed, [{ run: 'demo|a', metric: '', value: '', n: '', positive: '', split: '' }]);
});

test('a reference names place, path and part, and survives bars and percent signs', () => {
  equal(reference({ source: 'demo', repo: '' }), 'demo');
  equal(reference({ repo: 'ann/race', rev: 'abc', source: '' }, '50%|x.jsonl', 'a1'), 'ann/race@abc|50%25%7Cx.jsonl|a1');
  equal(reference({ source: 'demo' }, 'a.jsonl'), 'demo|a.jsonl');
});

test('a comparison is of what its link lists, or of the whole place that it names', () => {
  equal(referencesOf(parseLink('?view=compare&source=demo')), ['demo']);
  equal(referencesOf(parseLink('?view=compare&repo=ann/race&rev=abc')), ['ann/race@abc']);
  equal(referencesOf(parseLink('?view=compare&of=demo|a&of=demo|b')), ['demo|a', 'demo|b']);
});

test('a folded link is shorter and unfolds to the same state', async () => {
  const of = Array.from({ length: 300 }, (_, at) => `demo|sessions/2026-05-01/run-${at}.jsonl`);
  const text = written({ ...FULL, of }).toString();
  const folded = await fold(text);
  equal(/^[\w-]+$/.test(folded) && folded.length < text.length / 4, true);
  equal(parseCompare(new URLSearchParams(await unfold(folded))), { ...FULL, of });
});

test('a folded link that grows without end, or is cut, is refused in words', async () => {
  const said = async (/** @type {Promise<string>} */ result) => result.then(() => 'unpacked', (error) => error.message);
  const bomb = await fold('a'.repeat(3_000_000));
  equal((await said(unfold(bomb))).startsWith('This link unpacks to more than'), true);
  equal((await said(unfold((await fold('of=demo&of=other')).slice(0, 8)))).startsWith('This link is damaged'), true);
  equal((await said(unfold('%%%'))).startsWith('This link is damaged'), true);
});
