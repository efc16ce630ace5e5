/** The start: waits for the place that Gradio makes, draws the shell, and shows the page that the URL names. */
import { fill, h } from './dom.js';
import { keysDialog } from './keys.js';
import { emptyLink, formatLink, parseLink, samePage } from './link.js';
import { NAVIGATION, pageOf } from './pages.js';
import { Picks } from './run-ticks.js';
import { signIn } from './sign-in.js';
import { createThemeSwitch } from './theme-switch.js';

/** @typedef {import('./link.js').LinkState} LinkState */

const HUB = 'https://huggingface.co';

class App {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.state = parseLink(location.search);
    this.dialog = keysDialog();
    this.picks = new Picks();
    this.host = h('div.page', { id: 'page' }); // Gradio's own main is around it
    const home = h('a.brand', { href: '?', onclick: (/** @type {Event} */ event) => this.follow(event, emptyLink()) },
      h('span.brand-mark', { 'aria-hidden': 'true' }, h('i'), h('i'), h('i')), 'Agent Trace Viewer');
    this.navigation = NAVIGATION.map(([view, label]) => h('a', { href: `?view=${view}`, onclick: (/** @type {Event} */ event) => this.follow(event, { ...emptyLink(), view }) }, label));
    fill(root, h('header.top', {}, home, h('nav.top-nav', {}, this.navigation),
      h('span.spacer'),
      h('button.quiet-button', { type: 'button', title: 'Keys (?)', onclick: () => this.dialog.showModal() }, 'Keys'),
      createThemeSwitch(), signIn()), this.host, this.dialog);
    /** @type {import('./pages.js').Page} */
    this.page = this.open(this.state);
    addEventListener('popstate', () => this.show(parseLink(location.search)));
    addEventListener('keydown', (event) => this.key(event));
  }

  /**
   * @param {LinkState} state
   * @returns {import('./pages.js').Page}
   */
  open(state) {
    const context = {
      picks: this.picks,
      go: (/** @type {LinkState} */ next, /** @type {boolean} */ push) => this.go(next, push),
      pin: (/** @type {LinkState} */ next) => this.pin(next),
      linkTo: (/** @type {LinkState} */ next) => new URL(formatLink(next) || '?', location.href.split(/[?#]/)[0]).href,
    };
    const { Page, look } = pageOf(state);
    this.host.className = `page ${look}`;
    NAVIGATION.forEach(([view], at) => this.navigation[at].setAttribute('aria-current', state.view === view ? 'page' : 'false'));
    return new Page(this.host, state, context);
  }

  /**
   * Show a state and write it to the URL.
   * @param {LinkState} state
   * @param {boolean} push  whether Back should return to where the reader was
   */
  go(state, push) {
    const link = formatLink(state, location.search) || location.pathname;
    if (push) history.pushState(null, '', link);
    else history.replaceState(history.state, '', link);
    this.show(state);
    tellHub();
  }

  /**
   * The open page says what its link stands for, such as a commit: written to the URL, and nothing is drawn anew.
   * @param {LinkState} state
   */
  pin(state) {
    this.state = state;
    history.replaceState(history.state, '', formatLink(state, location.search));
    this.page?.update(state);
    tellHub();
  }

  /** @param {LinkState} state */
  show(state) {
    const before = this.state;
    this.state = state;
    if (samePage(before, state)) return this.page.update(state);
    this.page.destroy();
    this.page = this.open(state);
    scrollTo(0, 0);
  }

  /**
   * @param {Event} event
   * @param {LinkState} state
   */
  follow(event, state) {
    event.preventDefault();
    this.go(state, true);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.dialog.open) return;
    const target = event.target;
    if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return;
    if (event.key === '?') this.dialog.showModal();
    else if (!this.page.key(event)) return;
    event.preventDefault();
  }
}

/** On the Hub a Space is a frame: the address bar belongs to the page around it, which takes the query from a message. */
function tellHub() {
  if (window.parent === window) return;
  const query = new URLSearchParams(location.search);
  for (const name of [...query.keys()]) if (name.startsWith('__')) query.delete(name);
  window.parent.postMessage({ queryString: query.toString(), hash: '' }, HUB);
}

/** Gradio draws its page by script; the place appears some hundred ms after this module runs. */
function start() {
  const root = document.getElementById('view');
  if (!root) return false;
  new App(root);
  return true;
}

if (!start()) {
  const observer = new MutationObserver(() => { if (start()) observer.disconnect(); });
  observer.observe(document.documentElement, { childList: true, subtree: true });
}
