/** The name under which a page watches a list: the server reads on while any watcher asks, and stops when none does. */

/** @returns {string} that no other page has, and that tells nothing */
export function watcherName() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
