/** A part of a package. */
export interface Part {
  path: string;
  bytes: Buffer;
  mediaType: string;
  title: string;
}

const BLOCK = 512;

/**
 * A tar file (POSIX ustar): the same parts give the same bytes. Names of up to 100 bytes, in one folder `root`.
 * @throws RangeError for a longer name.
 */
export function writeTar(
  root: string,
  parts: readonly Pick<Part, 'path' | 'bytes'>[],
  mtimeSeconds: number,
): Buffer {
  const blocks = parts.flatMap(({ path, bytes }) => [
    headerOf(`${root}/${path}`, bytes.length, mtimeSeconds),
    bytes,
    Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK),
  ]);
  // Two empty blocks are the end.
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function headerOf(name: string, size: number, mtimeSeconds: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`a name of more than 100 bytes: ${name}`);
  const header = Buffer.alloc(BLOCK);
  const put = (text: string, at: number) => void header.write(text, at);
  put(name, 0);
  put(octal(0o600, 8), 100);
  put(octal(0, 8), 108);
  put(octal(0, 8), 116);
  put(octal(size, 12), 124);
  put(octal(mtimeSeconds, 12), 136);
  // The sum is taken with spaces in its own place.
  put('        ', 148);
  put('0', 156);
  put('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${octal(sum, 7)}\u0000 `, 148);
  return header;
}

/** In a field of so many bytes, the last of them NUL. */
function octal(value: number, width: number): string {
  return value.toString(8).padStart(width - 1, '0');
}
