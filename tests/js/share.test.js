/** Facts about links that leave the page, and about what is offered in place of what is gone. */
import { nearest } from '../../assets/js/gone-page.js';
import { hubAddress, markdownLink } from '../../assets/js/share.js';
import { watcherName } from '../../assets/js/watcher.js';
import { equal, test } from './harness.js';

const SOURCE = { page: 'https://hub.example/datasets/ann/traces', link: { repo: 'ann/traces', rev: 'abc' } };

test('neither the words nor the address of a Markdown link can end it early', () => {
  equal(markdownLink('a [b](c) *d* `e`\n<f>', 'http://x/?run=a (1).jsonl'),
    '[a \\[b\\](c) \\*d\\* \\`e\\` \\<f\\>](http://x/?run=a%20%281%29.jsonl)');
});

test('a long title is cut in a Markdown link', () => {
  equal(markdownLink('x'.repeat(500), 'u'), `[${'x'.repeat(119)}…](u)`);
});

test('a record leads to its line of the file on the Hub at the commit', () => {
  equal(hubAddress(SOURCE, 'day 1/s#1.jsonl', 26), 'https://hub.example/datasets/ann/traces/blob/abc/day%201/s%231.jsonl#L26');
  equal(hubAddress(SOURCE, 'a.jsonl', null), 'https://hub.example/datasets/ann/traces/blob/abc/a.jsonl');
});

test('a file whose records are no lines is linked as a whole', () => {
  equal(hubAddress(SOURCE, 'a.json', 26), 'https://hub.example/datasets/ann/traces/blob/abc/a.json');
  equal(hubAddress(SOURCE, 'data/0.parquet/17', 26), 'https://hub.example/datasets/ann/traces/blob/abc/data/0.parquet');
});

test('what is on this machine alone has no page on the Hub', () => {
  equal(hubAddress({ page: null, link: { source: 'demo' } }, 'a.jsonl', 1), '');
});

test('in place of a file that is gone, one of its name comes first, then its folder', () => {
  const paths = ['a.jsonl', 'day/b.jsonl', 'other/gone.jsonl', 'z.jsonl'].map((path) => ({ path }));
  equal(nearest(paths, 'day/gone.jsonl').map((row) => row.path), ['other/gone.jsonl', 'day/b.jsonl', 'a.jsonl', 'z.jsonl']);
});

test('no two pages watch under one name', () => {
  equal(new Set(Array.from({ length: 100 }, watcherName)).size, 100);
});
