/** Asking the server. Every failure becomes an Error whose message is a sentence for the reader. */

/** What a change carries, so that no form of another site can ask for one. */
export const FROM_PAGE = Object.freeze({ 'x-trace-viewer': 'page' });

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
 * @returns {Promise<Response>}
 */
async function ask(path, parameters, signal) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(apiUrl(path, parameters), { signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error('The server does not answer. Is it still running? Reload the page to try again.');
  }
  if (!response.ok) throw new Error(await failure(response));
  return response;
}

/**
 * @param {Response} response
 * @returns {Promise<string>}
 */
async function failure(response) {
  const body = await response.text();
  try {
    return JSON.parse(body).error;
  } catch {
    return `The server answered ${response.status}: ${body.slice(0, 200)}`;
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
 * Change something: the server takes it from this page alone.
 * @param {string} path
 * @param {Record<string, any>} body
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function postJson(path, body, signal) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(apiUrl(path, {}), {
      method: 'POST', body: JSON.stringify(body), signal, headers: { ...FROM_PAGE, 'content-type': 'application/json' },
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error('The server does not answer. Is it still running? Nothing was changed.');
  }
  if (!response.ok) throw new Error(await failure(response));
  return response.json();
}

/**
 * Whether an error is only a request that was given up.
 * @param {unknown} error
 * @returns {boolean}
 */
export function isAbort(error) {
  return error instanceof DOMException && error.name === 'AbortError';
}
