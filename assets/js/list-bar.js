/** The bar over the event list: issues, errors only, what to show, one tool, search within the run. */
import { CATEGORIES, KINDS } from './columns.js';
import { dot, fill, h } from './dom.js';
import { formatCount } from './format.js';
import { errorWords } from './verdicts.js';

/** @typedef {import('./link.js').Filter} Filter */
/**
 * @typedef {object} ListBarOptions
 * @property {any} counts                              of `run.json`
 * @property {number} issues                            how many issues the run has
 * @property {() => void} onIssues                      the reader wants the issues
 * @property {(filter: Filter) => void} onFilter
 * @property {(text: string) => void} onFind           the reader typed a search
 * @property {(step: 1|-1) => void} onMatch            next or previous match
 */

const KIND_WORDS = Object.freeze({ user: 'user', assistant: 'assistant', reasoning: 'reasoning', compaction: 'compaction',
  interruption: 'interruption', api_error: 'API error', system: 'system', other: 'other records' });

export class ListBar {
  /**
   * @param {HTMLElement} host
   * @param {ListBarOptions} options
   */
  constructor(host, options) {
    this.options = options;
    /** @type {Filter} */
    this.filter = { errors: false, show: [], tool: '' };
    const { flagged, inferred } = options.counts;
    this.issues = h('button.toggle', { type: 'button', 'aria-pressed': 'false', title: 'What matters in this run (i)', onclick: () => options.onIssues() });
    this.setIssues(options.issues);
    this.errors = h('button.toggle', { type: 'button', 'aria-pressed': 'false', title: `errors: ${errorWords(flagged, inferred)}`, onclick: () => this.change({ errors: !this.filter.errors }) }, 'Errors only');
    this.panel = h('div.filter-panel', { id: 'filter-panel', hidden: true });
    this.more = h('button.toggle', { type: 'button', 'aria-expanded': 'false', 'aria-controls': 'filter-panel', onclick: () => this.toggle() }, 'Filter');
    this.clear = h('button.quiet-button', { type: 'button', hidden: true, onclick: () => this.change({ errors: false, show: [], tool: '' }) }, 'clear');
    this.input = h('input.find', { type: 'search', placeholder: 'Search this run  /', 'aria-label': 'Search this run', spellcheck: 'false' });
    this.count = h('span.find-count', { 'aria-live': 'polite' });
    this.shown = h('span.tiny.shown-count');
    this.input.addEventListener('input', () => options.onFind(this.input.value));
    this.input.addEventListener('keydown', (event) => this.key(event));
    fill(host, h('div.list-bar', {}, this.issues, this.errors, this.more, this.clear, this.shown, h('span.spacer'),
      this.count, this.input,
      h('button.quiet-button.match-step', { type: 'button', title: 'Previous match (N)', 'aria-label': 'Previous match', onclick: () => options.onMatch(-1) }, '↑'),
      h('button.quiet-button.match-step', { type: 'button', title: 'Next match (n)', 'aria-label': 'Next match', onclick: () => options.onMatch(1) }, '↓')),
    this.panel);
    this.setFound(null, -1);
  }

  /** @param {number} count */
  setIssues(count) {
    fill(this.issues, 'Issues ', h('span.count', {}, formatCount(count)));
  }

  /** @param {boolean} shown  whether the issues are on screen */
  setIssuesShown(shown) {
    this.issues.setAttribute('aria-pressed', String(shown));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key === 'Enter') this.options.onMatch(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') {
      if (this.input.value) {
        this.input.value = '';
        this.options.onFind('');
      } else this.input.blur();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {Partial<Filter>} change */
  change(change) {
    this.options.onFilter({ ...this.filter, ...change });
  }

  toggle() {
    this.panel.hidden = !this.panel.hidden;
    this.more.setAttribute('aria-expanded', String(!this.panel.hidden));
    if (!this.panel.hidden) this.drawPanel();
  }

  /**
   * @param {Filter} filter
   * @param {number} shown  events that pass
   * @param {number} all
   */
  setFilter(filter, shown, all) {
    this.filter = filter;
    this.errors.setAttribute('aria-pressed', String(filter.errors));
    const active = filter.show.length > 0 || filter.tool !== '';
    this.more.classList.toggle('on', active);
    this.clear.hidden = !active && !filter.errors;
    this.shown.textContent = shown === all ? '' : `${formatCount(shown)} of ${formatCount(all)}`;
    // The boxes stay, so that the keyboard stays where it is.
    for (const box of this.panel.querySelectorAll('input')) box.checked = filter.show.includes(box.value);
    for (const select of this.panel.querySelectorAll('select')) select.value = filter.tool;
  }

  /**
   * @param {number[]|null} found  null while nothing is searched for
   * @param {number} at            place of the current match, -1 for none
   */
  setFound(found, at) {
    this.count.textContent = found === null ? '' : found.length === 0 ? 'no match'
      : at >= 0 ? `${formatCount(at + 1)} of ${formatCount(found.length)}` : `${formatCount(found.length)} event${found.length === 1 ? '' : 's'}`;
    for (const step of this.input.parentElement?.querySelectorAll('.match-step') ?? []) {
      step.toggleAttribute('hidden', !found?.length);
    }
  }

  drawPanel() {
    const { counts } = this.options;
    const kinds = KINDS.filter((kind) => kind !== 'tool' && counts.kinds[kind]);
    const categories = CATEGORIES.filter((category) => counts.categories[category]);
    const select = h('select', { 'aria-label': 'Tool', onchange: () => this.change({ tool: select.value }) },
      h('option', { value: '' }, 'every tool'),
      counts.tools.map((/** @type {{name: string, count: number}} */ tool) => h('option', { value: tool.name, selected: tool.name === this.filter.tool }, `${tool.name} (${tool.count})`)));
    fill(this.panel,
      h('div.filter-group', {}, h('b', {}, 'Show'),
        kinds.map((kind) => this.box(kind, KIND_WORDS[/** @type {keyof typeof KIND_WORDS} */ (kind)], counts.kinds[kind]))),
      categories.length > 0 && h('div.filter-group', {}, h('b', {}, 'Tool calls'),
        categories.map((category) => this.box(category, category === 'other' ? 'other tools' : category, counts.categories[category]))),
      counts.tools.length > 0 && h('div.filter-group', {}, h('b', {}, 'Tool'), select));
  }

  /**
   * @param {string} word
   * @param {string} label
   * @param {number} count
   * @returns {HTMLElement}
   */
  box(word, label, count) {
    const tick = () => {
      const { show } = this.filter;
      this.change({ show: show.includes(word) ? show.filter((known) => known !== word) : [...show, word] });
    };
    return h('label.filter-box', {},
      h('input', { type: 'checkbox', value: word, checked: this.filter.show.includes(word), onchange: tick }),
      dot(word), label, h('span.tiny', {}, formatCount(count)));
  }
}
