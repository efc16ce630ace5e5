/** Asking the server. Every failure becomes an Error whose message is a sentence for the reader. */

/** What a change carries, so that no form of another site can ask for one. */
export const FROM_PAGE = Object.freeze({ 'x-trace-viewer': 'page' });
/** What the server refused, with the page that helps, where there is one. */
export class AskError extends Error {
  /**
   * @param {string} message
   * @param {{address?: string, label?: string}} [help]
   */
  constructor(message, help = {}) {
    super(message);
    this.address = help.address;
    this.label = help.label;
  }
}

/**
 * @param {string} path  below `api/`
 * @param {Record<string, string|number>} parameters
 * @returns {string}
 */
export function apiUrl(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== '') query.set(name, String(value));
  return new URL(`api/${path}?${query}`, document.baseURI).href;
}

/**
 * @param {string} path
 * @param {Record<string, string|number>} parameters
 * @param {AbortSignal} [signal]
 * @param {object} [body]  sent as JSON
 * @returns {Promise<Response>}
 */
async function ask(path, parameters, signal, body) {
  /** @type {Response} */
  let response;
  try {
    const sent = body && { method: 'POST', body: JSON.stringify(body), headers: { ...FROM_PAGE, 'content-type': 'application/json' } };
    response = await fetch(apiUrl(path, parameters), { signal, ...sent });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error('The server does not answer. Is it still running? Reload the page to try again.');
  }
  if (!response.ok) throw await failure(response);
  return response;
}

/**
 * @param {Response} response
 * @returns {Promise<AskError>}
 */
async function failure(response) {
  const body = await response.text();
  try {
    const said = JSON.parse(body);
    return new AskError(said.error, said);
  } catch {
    return new AskError(`The server answered ${response.status}: ${body.slice(0, 200)}`);
  }
}

/**
 * @param {string} path
 * @param {Record<string, string|number>} parameters
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function getJson(path, parameters, signal) {
  return (await ask(path, parameters, signal)).json();
}

/**
 * @param {string} path
 * @param {Record<string, string|number>} parameters
 * @param {AbortSignal} [signal]
 * @returns {Promise<ArrayBuffer>}
 */
export async function getBuffer(path, parameters, signal) {
  return (await ask(path, parameters, signal)).arrayBuffer();
}

/**
 * @param {string} path
 * @param {Record<string, string|number>} parameters
 * @returns {Promise<string>}
 */
export async function getText(path, parameters) {
  return (await ask(path, parameters)).text();
}

/**
 * Ask with a body, where what is asked about is too long for an address.
 * @param {string} path
 * @param {object} body
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function postJson(path, body, signal) {
  return (await ask(path, {}, signal, body)).json();
}

/**
 * @param {string} path
 * @param {object} body
 * @returns {Promise<Blob>}
 */
export async function postBlob(path, body) {
  return (await ask(path, {}, undefined, body)).blob();
}

/**
 * Whether an error is only a request that was given up.
 * @param {unknown} error
 * @returns {boolean}
 */
export function isAbort(error) {
  return error instanceof DOMException && error.name === 'AbortError';
}
