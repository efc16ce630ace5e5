/** What a reader takes away: pictures, a table, a report that opens offline, and the comparison as a file. */
import { postBlob } from './api.js';
import { fill, h } from './dom.js';

/**
 * @typedef {object} ExportActions
 * @property {() => object} body     what to ask the server for
 * @property {any} found
 */

const KINDS = /** @type {const} */ ([
  ['report.html', 'Report (HTML)', 'one file that opens offline'],
  ['svg', 'Picture (SVG)', 'panel and ribbons'],
  ['png', 'Picture (PNG)', 'panel and ribbons'],
  ['csv', 'Table (CSV)', 'a row per run'],
  ['yaml', 'comparison.yaml', 'with what you typed, to put beside the traces'],
]);

/**
 * @param {() => ExportActions} actions
 * @returns {HTMLElement}
 */
export function exportMenu(actions) {
  const said = h('p.form-error', { role: 'alert', hidden: true });
  const hub = h('div');
  const menu = h('details.menu', { ontoggle: () => fill(hub, pullRequest(actions().found)) }, h('summary.button', {}, 'Export'),
    h('div.menu-items', {}, KINDS.map(([kind, label, what]) => h('button.menu-item', {
      type: 'button', onclick: async () => {
        said.hidden = true;
        try {
          await save(kind, actions());
          menu.removeAttribute('open');
        } catch (error) {
          said.hidden = false;
          fill(said, /** @type {Error} */ (error).message);
        }
      },
    }, h('b', {}, label), h('span.tiny', {}, what))), hub, said));
  return menu;
}

/**
 * Where a file can be added to the dataset on the Hub, also by somebody who may only propose it.
 * @param {any} found
 * @returns {HTMLElement[]}
 */
function pullRequest(found) {
  return (found?.repos ?? []).map((/** @type {any} */ repo) => h('a.menu-item', { href: repo.upload, target: '_blank', rel: 'noopener noreferrer' },
    h('b', {}, 'Open a pull request'), h('span.tiny', {}, `add the downloaded comparison.yaml to ${repo.name}`)));
}

/**
 * @param {string} kind
 * @param {ExportActions} actions
 */
async function save(kind, actions) {
  const blob = await postBlob(`compare.${kind === 'png' ? 'svg' : kind}`, actions.body());
  const name = kind === 'yaml' ? 'comparison.yaml' : kind === 'report.html' ? 'comparison.html' : `comparison.${kind}`;
  download(kind === 'png' ? await pictureOf(blob) : blob, name);
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function download(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = h('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/**
 * A drawing as pixels, twice as many as it measures.
 * @param {Blob} drawing
 * @returns {Promise<Blob>}
 */
async function pictureOf(drawing) {
  const address = URL.createObjectURL(new Blob([drawing], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = h('canvas', { width: image.naturalWidth * 2, height: image.naturalHeight * 2 });
    const pen = canvas.getContext('2d');
    pen?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const picture = await new Promise((/** @type {(blob: Blob|null) => void} */ done) => { canvas.toBlob(done, 'image/png'); });
    if (!picture) throw new Error('This picture is too large for the browser. Take the SVG, or fewer runs.');
    return picture;
  } finally {
    URL.revokeObjectURL(address);
  }
}
