import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { checkImage } from '../../src/http/uploads.ts';

const picture = (width = 61, height = 47) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#fff',
      noise: { type: 'gaussian', mean: 128, sigma: 50 },
    },
  });
const codeOf = async (bytes: Buffer) => {
  const found = await checkImage(bytes);
  return found.ok ? 'ok' : found.code;
};

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** A PNG of a hundred bytes that claims to be as large as it is told. */
function boastfulPng(side: number): Buffer {
  const header = Buffer.from('00000000000000000802000000', 'hex');
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  const start = Buffer.from('89504e470d0a1a0a', 'hex');
  const pixels = chunk('IDAT', deflateSync(Buffer.alloc(100)));
  return Buffer.concat([start, chunk('IHDR', header), pixels, chunk('IEND', Buffer.alloc(0))]);
}

describe('an uploaded file', () => {
  test('a JPEG and a PNG are accepted with their kind and size', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    const png = await picture().png().toBuffer();
    expect(await checkImage(jpeg)).toEqual({ ok: true, mediaType: 'image/jpeg', width: 61, height: 47 });
    expect(await checkImage(png)).toEqual({ ok: true, mediaType: 'image/png', width: 61, height: 47 });
  });

  test('progressive, grey, CMYK, 16-bit and transparent pictures are accepted', async () => {
    const pictures = await Promise.all([
      picture().jpeg({ progressive: true }).toBuffer(),
      picture().png({ progressive: true }).toBuffer(),
      picture().grayscale().jpeg().toBuffer(),
      picture().toColourspace('cmyk').jpeg().toBuffer(),
      picture().toColourspace('rgb16').png().toBuffer(),
      picture().ensureAlpha(0.5).png().toBuffer(),
      picture(1, 1).png().toBuffer(),
    ]);
    expect(await Promise.all(pictures.map(codeOf))).toEqual(pictures.map(() => 'ok'));
  });

  test('an orientation mark turns neither width nor height', async () => {
    const turned = await picture().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await checkImage(turned)).toMatchObject({ width: 61, height: 47 });
  });

  test('something behind the end of the picture, as phones write it, does no harm', async () => {
    const jpeg = await picture().jpeg().toBuffer();
    expect(await codeOf(Buffer.concat([jpeg, Buffer.from('trailer')]))).toBe('ok');
  });

  test('every other kind of file is refused, whatever its name says', async () => {
    const others = [
      await picture().gif().toBuffer(),
      await picture().webp().toBuffer(),
      await picture().tiff().toBuffer(),
      await picture().avif().toBuffer(),
      Buffer.from('<!doctype html><script>alert(1)</script>'),
      Buffer.from('%PDF-1.7\n%âãÏÓ\n'),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      Buffer.from('PK\u0003\u0004'),
      Buffer.from('x'),
    ];
    expect(await Promise.all(others.map(codeOf))).toEqual(others.map(() => 'file-type-unsupported'));
  });

  test('an empty file is a broken one', async () => {
    expect(await checkImage(Buffer.alloc(0))).toEqual({ ok: false, code: 'file-broken' });
  });

  test('the first bytes of a picture with html behind them are a broken picture', async () => {
    const html = Buffer.from('<html></html>'.repeat(20));
    expect(await codeOf(Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), html]))).toBe('file-broken');
    expect(await codeOf(Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), html]))).toBe('file-broken');
  });

  test.each([
    ['a JPEG', () => picture(31, 23).jpeg()],
    ['a progressive JPEG', () => picture(31, 23).jpeg({ progressive: true })],
    ['a PNG', () => picture(31, 23).png()],
    ['an interlaced PNG', () => picture(31, 23).png({ progressive: true })],
  ])('%s cut short anywhere is found to be broken', async (_, make) => {
    const whole = await make().toBuffer();
    const step = whole.length > 1500 ? 3 : 1;
    for (let length = whole.length - 1; length > 0; length -= length > whole.length - 64 ? 1 : step) {
      expect(await codeOf(whole.subarray(0, length)), `${length} of ${whole.length}`).toBe('file-broken');
    }
  });

  test('the end mark of a thumbnail is not taken for the end of the picture', async () => {
    const whole = await picture().jpeg().toBuffer();
    const thumbnail = await picture(8, 8).jpeg().toBuffer();
    const head = Buffer.from('ffe10000', 'hex');
    head.writeUInt16BE(thumbnail.length + 2, 2);
    const withThumbnail = Buffer.concat([whole.subarray(0, 2), head, thumbnail, whole.subarray(2)]);
    expect(await codeOf(withThumbnail)).toBe('ok');
    expect(await codeOf(withThumbnail.subarray(0, -2))).toBe('file-broken');
  });

  test('a damaged PNG is found to be broken', async () => {
    const bytes = await picture().png().toBuffer();
    bytes.writeUInt8(bytes.readUInt8(1000) ^ 0xff, 1000);
    expect(await codeOf(bytes)).toBe('file-broken');
  });

  test('a picture that claims 30000×30000 is refused without being decoded', async () => {
    // Decoding would have found that the pixels are missing.
    expect(await codeOf(boastfulPng(30_000))).toBe('image-too-large');
    expect(await codeOf(boastfulPng(3_000))).toBe('file-broken');
  });

  test('a size that no picture can have is a broken file', async () => {
    expect(await codeOf(boastfulPng(0))).toBe('file-broken');
    expect(await codeOf(boastfulPng(0x7fffffff))).toBe('file-broken');
  });

  test('forty megapixels are accepted, one line more is not', async () => {
    const flat = (height: number) =>
      sharp({ create: { width: 8000, height, channels: 3, background: '#fff' } })
        .jpeg()
        .toBuffer();
    expect(await codeOf(await flat(5000))).toBe('ok');
    expect(await codeOf(await flat(5001))).toBe('image-too-large');
  });
});
