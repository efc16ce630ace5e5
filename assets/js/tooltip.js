/**
 * A small box of text beside the pointer. It lies inside its host, takes no pointer events and holds text nodes only.
 */

/** Space between the pointer and the box, and between the box and the edge of the window, px. */
const OFFSET_PX = 14;
const EDGE_PX = 4;

/**
 * @typedef {object} Tooltip
 * @property {(lines: string[], x: number, y: number) => void} show x, y: px from the top left of the host
 * @property {() => void} hide
 * @property {() => void} destroy
 */

/**
 * @param {HTMLElement} host positioned, so that the box can lie in it
 * @param {string} className
 * @returns {Tooltip}
 */
export function createTooltip(host, className) {
  const box = document.createElement('div');
  box.className = className;
  box.hidden = true;
  // A canvas label already says what the drawing is; the box repeats what the event list says in full.
  box.setAttribute('aria-hidden', 'true');
  host.append(box);
  return {
    show(lines, x, y) {
      box.replaceChildren(...lines.map(lineElement));
      box.hidden = false;
      place(box, host, x, y);
    },
    hide() {
      box.hidden = true;
    },
    destroy() {
      box.remove();
    },
  };
}

/**
 * @param {string} text
 * @returns {HTMLElement}
 */
function lineElement(text) {
  const line = document.createElement('div');
  line.textContent = text;
  return line;
}

/**
 * Right of and below the pointer, unless the window ends there.
 * @param {HTMLElement} box
 * @param {HTMLElement} host
 * @param {number} x
 * @param {number} y
 */
function place(box, host, x, y) {
  const outer = host.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const right = document.documentElement.clientWidth - EDGE_PX - outer.left;
  const bottom = document.documentElement.clientHeight - EDGE_PX - outer.top;
  const left = Math.max(EDGE_PX - outer.left, Math.min(x + OFFSET_PX, right - width));
  const above = y - OFFSET_PX - height;
  const below = y + OFFSET_PX;
  box.style.left = `${Math.round(left)}px`;
  box.style.top = `${Math.round(below + height > bottom && above + outer.top > 0 ? above : below)}px`;
}
