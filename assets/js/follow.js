/** Following a link of the page without loading it anew. */

/**
 * A click handler for a link to a state. A click that asks for a new tab or window is left to the browser.
 * @param {import('./link.js').LinkState} state
 * @param {(state: import('./link.js').LinkState, push: boolean) => void} go
 * @returns {(event: MouseEvent) => void}
 */
export function follow(state, go) {
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(state, true);
  };
}
