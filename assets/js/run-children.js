/** The subagents of a run as its page needs them. Pure. */
import { indexOfAddress } from './columns.js';

/**
 * The children for the timeline.
 * @param {any[]} children  of `run.json`
 * @param {import('./columns.js').Columns} columns
 * @returns {any[]}
 */
export function placedChildren(children, columns) {
  return children.map((child, at) => ({
    ...child,
    key: String(at),
    errors: (child.flagged ?? 0) + (child.inferred ?? 0),
    call: child.call === null ? null : indexOfAddress(columns, child.call),
  }));
}

/**
 * The subagent of a call: the one that names the call, else the one that the result names.
 * @param {any[]} children     of `run.json`
 * @param {string} call        address
 * @param {string|null} agent  id; inline subagents of old versions have none
 * @returns {any}              undefined when there is none
 */
export function childOfCall(children, call, agent) {
  return children.find((known) => known.call === call)
    ?? (agent ? children.find((known) => known.part === agent || known.path.includes(agent)) : undefined);
}
