/**
 * Small runs for the tests, written as one short word list per event.
 */
import { CATEGORIES, EVIDENCE, KINDS, PHASES, VERDICTS } from '../../assets/js/columns.js';

/**
 * @typedef {object} SampleEvent
 * @property {string} [kind]      default 'tool'
 * @property {string} [category]  default 'shell' for a tool
 * @property {string} [verdict]   default 'ok' for a tool
 * @property {string} [evidence]  default 'flagged' for a tool
 * @property {string} [phase]     default 'run'
 * @property {number} [turn]      default 0
 * @property {number} [start]     ms; default unknown
 * @property {number} [end]       ms; default `start`
 * @property {number} [context]
 * @property {number} [record]    default its place from 1
 * @property {number} [block]     default 1
 */

/**
 * @param {SampleEvent[]} events
 * @param {{timesUsable?: boolean, origin?: number|null}} [about]
 * @returns {import('../../assets/js/columns.js').Columns}
 */
export function sampleColumns(events, { timesUsable = true, origin = 0 } = {}) {
  const kindOf = (/** @type {SampleEvent} */ event) => event.kind ?? 'tool';
  const forTool = (/** @type {SampleEvent} */ event, /** @type {number} */ value) =>
    kindOf(event) === 'tool' ? value : 255;
  return {
    n: events.length,
    origin,
    timesUsable,
    flags: true,
    tools: ['bash'],
    record: Uint32Array.from(events, (event, i) => event.record ?? i + 1),
    block: Uint16Array.from(events, (event) => event.block ?? 1),
    kind: Uint8Array.from(events, (event) => KINDS.indexOf(kindOf(event))),
    category: Uint8Array.from(events, (event) => forTool(event, CATEGORIES.indexOf(event.category ?? 'shell'))),
    verdict: Uint8Array.from(events, (event) => forTool(event, VERDICTS.indexOf(event.verdict ?? 'ok'))),
    evidence: Uint8Array.from(events, (event) => forTool(event, EVIDENCE.indexOf(event.evidence ?? 'flagged'))),
    phase: Uint8Array.from(events, (event) => PHASES.indexOf(event.phase ?? 'run')),
    tool: Uint16Array.from(events, (event) => (kindOf(event) === 'tool' ? 0 : 65535)),
    turn: Uint32Array.from(events, (event) => event.turn ?? 0),
    start: Float64Array.from(events, (event) => event.start ?? NaN),
    end: Float64Array.from(events, (event) => event.end ?? event.start ?? NaN),
    context: Uint32Array.from(events, (event) => event.context ?? 0),
  };
}
