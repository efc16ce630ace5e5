/**
 * The compact form of a long link: deflate, then base64url. Nothing is kept on a server, so such a link opens as long
 * as the page does. What is unpacked is bounded: a link from a stranger may be made to grow without end.
 */

/** Characters of a state at most. */
const LARGEST = 200_000;

/**
 * @param {string} text
 * @returns {Promise<string>}
 */
export async function fold(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let characters = '';
  for (const byte of bytes) characters += String.fromCharCode(byte);
  return btoa(characters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * @param {string} folded
 * @param {number} [largest]
 * @returns {Promise<string>}
 * @throws {Error} with a sentence for the reader
 */
export async function unfold(folded, largest = LARGEST) {
  try {
    const bytes = Uint8Array.from(atob(folded.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    return await bounded(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')), largest);
  } catch (error) {
    if (error instanceof RangeError) throw new Error(`This link unpacks to more than ${largest} characters, more than any comparison needs.`);
    throw new Error('This link is damaged: its compact part cannot be unpacked. Was it cut when it was copied?');
  }
}

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @param {number} largest
 * @returns {Promise<string>}
 */
async function bounded(stream, largest) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > largest) {
      void reader.cancel();
      throw new RangeError('too long');
    }
  }
}
