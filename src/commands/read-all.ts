/** Most bytes that are taken from standard input. */
const PIPE_LIMIT = 64 << 20;

/** Standard input as bytes; what lies beyond the limit is left out. */
export async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    if (size + part.length > PIPE_LIMIT) break;
    parts.push(part);
    size += part.length;
  }
  return new Uint8Array(Buffer.concat(parts));
}
