import sharp from 'sharp';

export type ImageCode = 'file-type-unsupported' | 'file-broken' | 'image-too-large';
export type ImageCheck =
  | { ok: true; mediaType: 'image/jpeg' | 'image/png'; width: number; height: number }
  | { ok: false; code: ImageCode };

interface Format {
  name: 'jpeg' | 'png';
  mediaType: 'image/jpeg' | 'image/png';
  start: Buffer;
}

const FORMATS: Format[] = [
  { name: 'jpeg', mediaType: 'image/jpeg', start: Buffer.from('ffd8ff', 'hex') },
  { name: 'png', mediaType: 'image/png', start: Buffer.from('89504e470d0a1a0a', 'hex') },
];
const JPEG_END = Buffer.from('ffd9', 'hex');
/** The IEND chunk: no length, its name, its checksum. Always these bytes. */
const PNG_END = Buffer.from('0000000049454e44ae426082', 'hex');
const MAX_PIXELS = 40_000_000;

/**
 * JPEG or PNG by content, whole, and at most 40 megapixels (figure 9). The name and the media type that came with the
 * file are not asked. Width and height are those of the stored pixels: an EXIF orientation turns nothing.
 */
export async function checkImage(bytes: Buffer): Promise<ImageCheck> {
  if (bytes.length === 0) return { ok: false, code: 'file-broken' };
  const format = FORMATS.find(({ start }) => startsLike(bytes, start));
  if (!format) return { ok: false, code: 'file-type-unsupported' };
  const size = await readSize(bytes, format);
  if (!size) return { ok: false, code: 'file-broken' };
  if (size.width * size.height > MAX_PIXELS) return { ok: false, code: 'image-too-large' };
  if (!hasEnd(bytes, format) || !(await decodes(bytes))) return { ok: false, code: 'file-broken' };
  return { ok: true, mediaType: format.mediaType, ...size };
}

/** A file cut within its first bytes is a broken one of its kind, not one of another kind. */
function startsLike(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length);
  return bytes.subarray(0, length).equals(start.subarray(0, length));
}

/** From the header alone: nothing is decoded, so the size claimed costs nothing. */
async function readSize(
  bytes: Buffer,
  format: Format,
): Promise<{ width: number; height: number } | undefined> {
  try {
    const { format: found, width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    return found === format.name ? { width, height } : undefined;
  } catch {
    return undefined;
  }
}

/** The decoder is content once it has the last pixel, so a file cut right behind it would pass. */
function hasEnd(bytes: Buffer, format: Format): boolean {
  return format.name === 'png' ? bytes.includes(PNG_END) : bytes.includes(JPEG_END, scanStart(bytes));
}

/** Where the pixels of a JPEG begin: a thumbnail before them has an end mark of its own. */
function scanStart(bytes: Buffer): number {
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return at;
}

/** Every pixel is read; shrinking to one keeps 40 megapixels from standing in memory as 120 MB. */
async function decodes(bytes: Buffer): Promise<boolean> {
  try {
    const image = sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS, sequentialRead: true });
    await image.resize(1, 1, { fit: 'fill' }).raw().toBuffer();
    return true;
  } catch {
    return false;
  }
}
