/** Sending files to the server, some at a time, with progress; leaving ends it. */
import { apiUrl, FROM_PAGE } from './api.js';

/** @typedef {import('./bring-files.js').Entry} Entry */
/** @typedef {{files: number, bytes: number, refused: {name: string, reason: string}[], refusedCount: number}} Sent */

const AT_ONCE = 4;

/**
 * @param {string} upload  its key
 * @param {Entry[]} entries
 * @param {(bytes: number, files: number) => void} progress  what has been sent so far
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export async function sendFiles(upload, entries, progress, signal) {
  const waiting = [...entries];
  /** @type {Map<Entry, number>} */
  const sent = new Map();
  let files = 0;
  const tell = () => { progress([...sent.values()].reduce((sum, bytes) => sum + bytes, 0), files); };
  const work = async () => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      const one = entry;
      await send(upload, one, (bytes) => { sent.set(one, bytes); tell(); }, signal);
      sent.set(one, one.size);
      files += 1;
      tell();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/**
 * A request by XMLHttpRequest: `fetch` does not tell how much of a body is sent.
 * @param {string} upload
 * @param {Entry} entry
 * @param {(bytes: number) => void} progress
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function send(upload, entry, progress, signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new DOMException('stopped', 'AbortError'));
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    request.open('PUT', apiUrl('upload/file', { upload, path: entry.path }));
    for (const [name, value] of Object.entries(FROM_PAGE)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', (event) => progress(event.loaded));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', stop));
    request.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
    request.addEventListener('error', () => reject(new Error(`${entry.path} could not be sent: the server does not answer, or the file has changed.`)));
    request.addEventListener('load', () => {
      if (request.status === 200) return resolve();
      reject(new Error(said(request) || `The server answered ${request.status} to ${entry.path}.`));
    });
    signal.addEventListener('abort', stop);
    request.send(entry.file);
  });
}

/**
 * @param {XMLHttpRequest} request
 * @returns {string}
 */
function said(request) {
  try {
    return JSON.parse(request.responseText).error;
  } catch {
    return '';
  }
}
