/** What stands in the detail's place while no event is selected: issues, prompt, metrics, tools, subagents, file. */
import { dot, h } from './dom.js';
import { formatBytes, formatCount, formatDuration } from './format.js';
import { issuesPanel } from './issues-panel.js';
import { metricsList } from './metrics-list.js';
import { errorWords } from './verdicts.js';

/**
 * @typedef {object} AboutActions
 * @property {(tool: string) => void} onTool     the reader wants this tool's calls alone
 * @property {(child: any) => void} onChild      the reader opens a subagent
 * @property {() => void} onClose                the reader closes the sheet (narrow screens)
 */
/** @typedef {AboutActions & import('./issues-panel.js').IssueActions} Actions */

/** Tools and subagents listed; the filter panel and the timeline have them all. */
const LISTED = 12;

/**
 * @param {any} facts   the answer of `run.json`
 * @param {boolean} unsure  issues of detectors that are off are shown too
 * @param {Actions} actions
 * @returns {HTMLElement}
 */
export function runAbout(facts, unsure, actions) {
  return h('div.about', {},
    h('button.quiet-button.sheet-close', { type: 'button', onclick: () => actions.onClose() }, 'Close'),
    issuesPanel(facts, unsure, actions),
    h('p.tiny.wide-only', {}, 'Select an event to read it whole: j and k walk, e goes to the next error, ? lists all keys.'),
    facts.prompt && section('Prompt', h('p.about-prompt', {}, facts.prompt)),
    metricsList(facts.metrics),
    facts.counts.tools.length > 0 && section('Tools', tools(facts.counts.tools, actions.onTool)),
    facts.children.length > 0 && section('Subagents', children(facts.children, actions.onChild)),
    section('File', h('dl.about-facts', {}, fileFacts(facts).map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))))));
}

/**
 * @param {string} title
 * @param {HTMLElement} body
 * @returns {HTMLElement}
 */
function section(title, body) {
  return h('section', {}, h('h2', {}, title), body);
}

/**
 * @param {{name: string, count: number, category: string}[]} found  the most used first
 * @param {(tool: string) => void} onTool
 * @returns {HTMLElement}
 */
function tools(found, onTool) {
  const most = found[0].count;
  const rows = found.slice(0, LISTED).map((tool) => {
    const bar = h('span.about-bar', { 'aria-hidden': 'true' });
    bar.style.width = `${Math.max(2, (tool.count / most) * 100)}%`;
    bar.style.background = `var(--c-${tool.category}, var(--c-other))`;
    return h('li', {},
      h('button.link-button.about-name', { type: 'button', title: `Show only ${tool.name}`, onclick: () => onTool(tool.name) }, tool.name),
      h('span.about-track', {}, bar), h('span.number', {}, formatCount(tool.count)));
  });
  return h('ul.about-tools', {}, rows, rest(found.length));
}

/**
 * @param {any[]} found
 * @param {(child: any) => void} onChild
 * @returns {HTMLElement}
 */
function children(found, onChild) {
  const rows = found.slice(0, LISTED).map((child) => h('li', {},
    dot('agent'),
    h('button.link-button.about-name', { type: 'button', onclick: () => onChild(child) }, child.label),
    h('span.tiny', {}, childFacts(child))));
  return h('ul.about-children', {}, rows, rest(found.length));
}

/**
 * @param {any} child
 * @returns {string}
 */
function childFacts(child) {
  const facts = [`${formatCount(child.events)} events`, `${formatCount(child.calls)} calls`];
  if (child.flagged || child.inferred) facts.push(`errors ${errorWords(child.flagged, child.inferred)}`);
  if (child.start !== null && child.end !== null) facts.push(formatDuration(child.end - child.start));
  return facts.join(', ');
}

/**
 * @param {number} length
 * @returns {HTMLElement|false}
 */
function rest(length) {
  return length > LISTED && h('li.tiny', {}, `and ${formatCount(length - LISTED)} more`);
}

/**
 * @param {any} facts
 * @returns {[string, string][]}
 */
function fileFacts(facts) {
  /** @type {[string, string|null][]} */
  const rows = [
    ['format', `${facts.format}, ${formatCount(facts.counts.records)} records, ${formatBytes(facts.size)}`],
    ['session', facts.id],
    ['folder', facts.cwd],
    ['branch', facts.branch],
  ];
  return /** @type {[string, string][]} */ (rows.filter(([, value]) => value));
}
