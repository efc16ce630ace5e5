/** Files from a picker or a drop, with the folders that they lie in. */

/** @typedef {{path: string, size: number, file: File}} Entry */

/** More are not looked at: a home folder dropped by mistake has millions. */
const MOST = 200_000;

/**
 * @param {FileList|null} files  of an `<input type="file">`, also with `webkitdirectory`
 * @returns {Entry[]}
 */
export function pickedFiles(files) {
  return [...(files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, size: file.size, file }));
}

/**
 * @param {DataTransfer|null} transfer  of a drop; folders are read with all that they hold
 * @returns {Promise<Entry[]>}
 */
export async function droppedFiles(transfer) {
  // The items are gone once the event has been handled: all entries are taken before the first wait.
  const items = [...(transfer?.items ?? [])].filter((item) => item.kind === 'file');
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  const loose = items.map((item) => item.getAsFile());
  /** @type {Entry[]} */
  const found = [];
  for (const [index, entry] of entries.entries()) {
    const file = loose[index];
    if (entry) await walk(entry, found);
    else if (file) found.push({ path: file.name, size: file.size, file });
  }
  return found;
}

/**
 * @param {FileSystemEntry} entry
 * @param {Entry[]} found
 */
async function walk(entry, found) {
  if (found.length >= MOST) return;
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => {
      /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject);
    });
    found.push({ path: entry.fullPath.replace(/^\//, ''), size: file.size, file });
  } else if (entry.isDirectory) {
    const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
    for (;;) {
      /** @type {FileSystemEntry[]} */
      const some = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
      if (!some.length) return;
      for (const inner of some) await walk(inner, found);
    }
  }
}
