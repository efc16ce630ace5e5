/** Signing in with a Hub account, where the server offers it (a Space). */
import { getJson } from './api.js';
import { fill, h } from './dom.js';

/**
 * A place in the header: nothing where nobody can sign in, else a link, or the visitor's name.
 * @returns {HTMLElement}
 */
export function signIn() {
  const place = h('span.sign-in', { role: 'group', 'aria-label': 'Account' });
  void ask(place);
  return place;
}

/** @param {HTMLElement} place */
async function ask(place) {
  try {
    const me = await getJson('me.json', {});
    if (me.name) fill(place, me.name, ' ', h('a', { href: 'logout', onclick: (/** @type {Event} */ event) => leave(event, 'logout') }, 'Sign out'));
    else if (me.login) fill(place, h('a.button', { href: '#', onclick: (/** @type {Event} */ event) => leave(event, 'login/huggingface') }, 'Sign in'));
  } catch {
    fill(place); // the page works without; what needs a login says so itself
  }
}

/**
 * The address is made when the link is followed, so that the visitor comes back to what is on screen then.
 * @param {Event} event
 * @param {string} route
 */
function leave(event, route) {
  event.preventDefault();
  location.assign(`${route}?_target_url=${encodeURIComponent(location.pathname + location.search)}`);
}
