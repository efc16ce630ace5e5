/** Which files of a folder leave the browser: those that may be traces by their name, and zips. */

const SUFFIXES = ['.jsonl', '.json', '.ndjson'];
/** Files that harnesses and projects keep beside traces; `viewer/sources/upload_names.py` has the same rule. */
const BESIDE = ['.meta.json', 'settings.json', 'settings.local.json', 'package.json', 'package-lock.json'];
const BESIDE_WHOLE = new Set(['sessions-index.json', 'tsconfig.json', '.credentials.json', 'auth.json']);
const SKIPPED_FOLDERS = new Set(['node_modules', '__pycache__', '.git', '.venv']);

/**
 * @param {string} path  with forward slashes
 * @returns {boolean}
 */
export function isTraceName(path) {
  const parts = path.toLowerCase().split('/');
  const last = parts.pop() ?? '';
  if (parts.some((part) => SKIPPED_FOLDERS.has(part)) || last.startsWith('.')) return false;
  if (!SUFFIXES.some((suffix) => last.endsWith(suffix))) return false;
  return !BESIDE.some((suffix) => last.endsWith(suffix)) && !BESIDE_WHOLE.has(last);
}

/**
 * @param {string} path
 * @returns {boolean}
 */
export function isZipName(path) {
  return path.toLowerCase().endsWith('.zip');
}

/**
 * What of these is sent, and how many files stay.
 * @template {{path: string, size: number}} T
 * @param {T[]} entries
 * @param {{file: number, total: number, count: number}} limits
 * @returns {{sent: T[], skipped: number, tooLarge: T[], tooMany: number, bytes: number}}
 */
export function chooseFiles(entries, limits) {
  const named = entries.filter((entry) => isTraceName(entry.path) || isZipName(entry.path));
  const tooLarge = named.filter((entry) => entry.size > limits.file);
  /** @type {T[]} */
  const sent = [];
  let bytes = 0;
  let tooMany = 0;
  for (const entry of named) {
    if (entry.size > limits.file) continue;
    if (sent.length >= limits.count || bytes + entry.size > limits.total) tooMany += 1;
    else {
      sent.push(entry);
      bytes += entry.size;
    }
  }
  return { sent, skipped: entries.length - named.length, tooLarge, tooMany, bytes };
}
