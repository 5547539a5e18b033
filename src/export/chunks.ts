/** Pieces of a line each would cost a packet each. */
const CHUNK_BYTES = 64 * 1024;

/** The same bytes in pieces of some size. An empty piece says that what waits should go. */
export async function* inChunks(pieces: AsyncIterable<string | Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece);
    waiting.push(bytes);
    size += bytes.length;
    if (size === 0 || (size < CHUNK_BYTES && bytes.length > 0)) continue;
    yield Buffer.concat(waiting);
    [waiting, size] = [[], 0];
  }
  if (size > 0) yield Buffer.concat(waiting);
}
