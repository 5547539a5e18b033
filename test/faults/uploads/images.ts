import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** A small picture with something on it, the same every time. */
export function picture(width = 61, height = 47): Sharp {
  const pixels = Buffer.from(
    Array.from({ length: width * height * 3 }, (_, at) => (at * 31 + (at >> 5)) % 256),
  );
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

export function chunk(name: string, data: Buffer | string = ''): Buffer {
  const body = Buffer.concat([Buffer.from(name), Buffer.from(data)]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(body.length - 4, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

export interface PngShape {
  width: number;
  height: number;
  depth?: 8 | 16;
  /** 2: RGB, 6: RGBA. */
  colour?: 2 | 6;
}

/** A PNG by hand: a header that says what it is told, then these chunks. */
export function pngOf({ width, height, depth = 8, colour = 2 }: PngShape, ...chunks: Buffer[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(depth, 8);
  header.writeUInt8(colour, 9);
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), ...chunks, chunk('IEND')]);
}

/** The pixels of it, all black: a thousandth of their size. */
export function blackPixels({ width, height, depth = 8, colour = 2 }: PngShape): Buffer {
  const bytesAPixel = (colour === 6 ? 4 : 3) * (depth / 8);
  return deflateSync(Buffer.alloc((width * bytesAPixel + 1) * height), { level: 9 });
}

/** A good PNG of exactly so many bytes: what is missing is a chunk that says nothing. */
export function pngOfSize(bytes: number): Buffer {
  const shape = { width: 8, height: 8 };
  const pixels = chunk('IDAT', blackPixels(shape));
  const missing = bytes - pngOf(shape, pixels).length - chunk('fuZz').length;
  return pngOf(shape, chunk('fuZz', Buffer.alloc(missing)), pixels);
}

/** Two frames, of which a reader of PNG shows the first. */
export function animatedPng(): Buffer {
  const shape = { width: 8, height: 8 };
  const pixels = blackPixels(shape);
  const frame = (seq: number) => {
    const control = Buffer.alloc(26);
    control.writeUInt32BE(seq, 0);
    control.writeUInt32BE(8, 4);
    control.writeUInt32BE(8, 8);
    control.writeUInt16BE(1, 20);
    control.writeUInt16BE(10, 22);
    return chunk('fcTL', control);
  };
  const second = Buffer.concat([Buffer.from([0, 0, 0, 2]), pixels]);
  const frames = Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]);
  return pngOf(
    shape,
    chunk('acTL', frames),
    frame(0),
    chunk('IDAT', pixels),
    frame(1),
    chunk('fdAT', second),
  );
}

/** A progressive JPEG whose last pass over all pixels comes again and again. */
export async function manyPasses(times: number): Promise<Buffer> {
  const grey = { width: 300, height: 300, channels: 3, background: '#888' } as const;
  const whole = await sharp({ create: grey }).jpeg({ progressive: true }).toBuffer();
  const start = whole.lastIndexOf(Buffer.from('ffda', 'hex'));
  const end = whole.length - 2;
  const pass = whole.subarray(start, end);
  return Buffer.concat([whole.subarray(0, end), ...Array<Buffer>(times).fill(pass), whole.subarray(end)]);
}

/** The ISO container that HEIC, AVIF and MP4 begin with. */
export function isoFile(brand: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, 0, 0, 24]),
    Buffer.from(`ftyp${brand}\0\0\0\0${brand}mif1`),
    Buffer.alloc(64),
  ]);
}
