/** What leads others to what is on screen: Markdown links, and the same place on the Hub. */
import { copyButton } from './clipboard.js';
import { h } from './dom.js';

/** Characters of a title in a link's text. */
const LONGEST = 120;

/**
 * A Markdown link. Text and address are written so that neither can end the link early.
 * @param {string} text
 * @param {string} address
 * @returns {string}
 */
export function markdownLink(text, address) {
  const line = text.replace(/\s+/g, ' ').trim();
  const short = line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
  const safe = address.replace(/[()<>\s\\]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return `[${short.replace(/[\\[\]`*_<>!|]/g, '\\$&')}](${safe})`;
}

/**
 * The page of a file on the Hub at the commit shown, at one of its lines where its records are lines.
 * @param {{page: string|null, link: Record<string, string>}} source  of `run.json`
 * @param {string} path
 * @param {number|null} record
 * @returns {string}  '' for what is not on the Hub
 */
export function hubAddress(source, path, record) {
  if (!source.page) return '';
  const row = /^(.+\.parquet)\/\d+$/.exec(path);
  const file = (row ? row[1] : path).split('/').map(encodeURIComponent).join('/');
  const line = record !== null && /\.(jsonl|ndjson)$/.test(path) ? `#L${record}` : '';
  return `${source.page}/blob/${source.link.rev}/${file}${line}`;
}

/**
 * A link to the Hub beside the buttons that copy; null for what is not there.
 * @param {string} address
 * @returns {HTMLElement|null}
 */
export function hubLink(address) {
  return address ? h('a', { href: address, target: '_blank', rel: 'noopener', title: 'The file on the Hub, at this commit' }, 'on the Hub') : null;
}

/**
 * @param {() => string} text     of the link
 * @param {() => string} address
 * @param {string} [className]
 * @returns {HTMLButtonElement}
 */
export function markdownButton(text, address, className = 'quiet-button') {
  return copyButton(() => markdownLink(text(), address()), 'as Markdown', className);
}
