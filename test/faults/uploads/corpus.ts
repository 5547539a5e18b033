import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { animatedPng, blackPixels, chunk, isoFile, manyPasses, picture, pngOf, pngOfSize } from './images.ts';

/** What the service says of a file: the codes are those of its table of what goes wrong. */
export type Verdict = 'taken' | 'other-type' | 'broken' | 'too-large' | 'too-many-pixels';

export interface Sample {
  what: string;
  verdict: Verdict;
  bytes: () => Promise<Buffer> | Buffer;
  /** `picture.jpg` when left out. */
  name?: string;
  /** As the sender declares it; image/jpeg when left out. */
  type?: string;
}

const MB = 1024 * 1024;
const SMALL = { width: 8, height: 8 };
const jpeg = () => picture().jpeg().toBuffer();
const png = () => picture().png().toBuffer();
const text = (said: string) => () => Buffer.from(said);
/** 100 MB of nothing in 97 KB. */
const BOMB = deflateSync(Buffer.alloc(100_000_000));

async function join(...parts: (Buffer | string | Promise<Buffer>)[]): Promise<Buffer> {
  const bytes: Buffer[] = [];
  for (const part of parts) bytes.push(Buffer.from(await part));
  return Buffer.concat(bytes);
}

const taken: [what: string, bytes: Sample['bytes'], declared?: Partial<Sample>][] = [
  ['a JPEG', jpeg],
  ['a progressive JPEG', () => picture().jpeg({ progressive: true }).toBuffer()],
  ['a CMYK JPEG', () => picture().toColourspace('cmyk').jpeg().toBuffer()],
  ['a grey JPEG', () => picture().grayscale().jpeg().toBuffer()],
  ['a JPEG without colour subsampling', () => picture().jpeg({ chromaSubsampling: '4:4:4' }).toBuffer()],
  ['a JPEG with a colour profile', () => picture().withIccProfile('p3').jpeg().toBuffer()],
  [
    'a JPEG that says where it was taken',
    () =>
      picture()
        .withExif({ IFD0: { Make: 'x' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '39/1 54/1 0/1' } })
        .jpeg()
        .toBuffer(),
  ],
  ['a JPEG with html behind its end', () => join(jpeg(), '<script>alert(1)</script>')],
  ['a JPEG with html in a comment', async () => withComment(await jpeg(), '<script>alert(1)</script>')],
  ['a PNG', png],
  ['a 16-bit PNG', () => picture().toColourspace('rgb16').png().toBuffer()],
  ['an interlaced PNG', () => picture().png({ progressive: true }).toBuffer()],
  ['a PNG with a palette', () => picture().png({ palette: true, colours: 4 }).toBuffer()],
  ['a transparent PNG', () => picture().ensureAlpha(0.5).png().toBuffer()],
  ['an animated PNG', animatedPng],
  ['a PNG that is a ZIP from behind', () => join(png(), zip())],
  [
    'a PNG with a PDF in a text',
    () => pngOf(SMALL, chunk('tEXt', 'x\0%PDF-1.7'), chunk('IDAT', blackPixels(SMALL))),
  ],
  [
    'a PNG whose text unpacks to 100 MB',
    () =>
      pngOf(
        SMALL,
        chunk('zTXt', Buffer.concat([Buffer.from('x\0\0'), BOMB])),
        chunk('IDAT', blackPixels(SMALL)),
      ),
  ],
  [
    'a PNG whose profile unpacks to 100 MB',
    () =>
      pngOf(
        SMALL,
        chunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), BOMB])),
        chunk('IDAT', blackPixels(SMALL)),
      ),
  ],
  ['a PNG with more pixels packed in than it has', () => pngOf(SMALL, chunk('IDAT', BOMB))],
  [
    'forty megapixels',
    () =>
      sharp({ create: { width: 8_000, height: 5_000, channels: 3, background: '#fff' } })
        .png()
        .toBuffer(),
  ],
  ['a byte less than 10 MB', () => pngOfSize(10 * MB - 1)],
  ['10 MB', () => pngOfSize(10 * MB)],
  ['a PNG that is called and declared a GIF', png, { name: 'x.gif', type: 'image/gif' }],
  ['a PNG that is declared as html', png, { name: 'x.html', type: 'text/html' }],
  ['a PNG that is declared as nonsense', png, { type: 'x' }],
];

const otherType: typeof taken = [
  ['a GIF', () => picture().gif().toBuffer()],
  ['an animated GIF', () => animated().gif().toBuffer()],
  ['a WebP', () => picture().webp().toBuffer()],
  ['an animated WebP', () => animated().webp().toBuffer()],
  ['a TIFF', () => picture().tiff().toBuffer()],
  ['an AVIF', () => picture().avif({ effort: 0 }).toBuffer()],
  ['a HEIC', () => isoFile('heic')],
  ['an MP4', () => isoFile('isom')],
  ['a BMP', () => join('BM', Buffer.alloc(200))],
  ['an icon', () => join(Buffer.from('00000100010010100000', 'hex'), png())],
  [
    'an SVG',
    text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'),
  ],
  [
    'an SVG with a picture inside',
    async () =>
      Buffer.from(
        `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><image href="data:image/png;base64,${(await png()).toString('base64')}"/></svg>`,
      ),
  ],
  ['a PDF', text('%PDF-1.7\n%âãÏÓ\n')],
  ['a PDF with a PNG inside', () => join('%PDF-1.7\n', png())],
  ['a ZIP', zip],
  ['a ZIP with a PNG behind', () => join(zip(), png())],
  ['html', text('<!doctype html><script>alert(1)</script>')],
  ['html with a JPEG behind', () => join('<!doctype html>', jpeg())],
  ['a Windows program', () => join('MZ', Buffer.alloc(200))],
  ['a Linux program', () => join('\x7fELF', Buffer.alloc(200))],
  ['a GIF that is a script', text('GIF89a/*\0\0\0\0\0\0*/=1;alert(1)')],
  ['a picture with a mark before it', () => join('\ufeff', png())],
  ['a JPEG with a zero before it', () => join('\0', jpeg())],
  ['a JPEG 2000', () => join(Buffer.from('0000000c6a5020200d0a870a', 'hex'), Buffer.alloc(64))],
  ['a PNG that is a text now', async () => Buffer.from((await png()).toString('utf8'))],
  ['one letter', text('x')],
];

const broken: typeof taken = [
  ['nothing', () => Buffer.alloc(0)],
  ['the beginning of a PNG', () => Buffer.from('89504e47', 'hex')],
  ['the beginning of a JPEG', () => Buffer.from('ffd8ffe0', 'hex')],
  ['a JPEG cut short', async () => (await jpeg()).subarray(0, -20)],
  ['a PNG cut short', async () => (await png()).subarray(0, -20)],
  [
    'an interlaced PNG cut short',
    async () => (await picture().png({ progressive: true }).toBuffer()).subarray(0, -20),
  ],
  ['a PNG with a bad check sum', async () => flipped(await png(), 30)],
  ['a PNG with a flipped bit', async () => flipped(await png(), 500)],
  ['a PNG without pixels', () => pngOf(SMALL)],
  [
    'a PNG with too few pixels',
    () => pngOf({ width: 3_000, height: 3_000 }, chunk('IDAT', blackPixels(SMALL))),
  ],
  ['a PNG of no width', () => pngOf({ width: 0, height: 8 }, chunk('IDAT', blackPixels(SMALL)))],
  [
    'a JPEG that is html from its fourth byte on',
    () => join(Buffer.from('ffd8ffe0', 'hex'), '<html></html>'.repeat(20)),
  ],
  [
    'a PNG that is a program from its ninth byte on',
    () => join(Buffer.from('89504e470d0a1a0a', 'hex'), 'MZ', Buffer.alloc(200)),
  ],
  ['a JPEG that goes over its pixels a thousand times', () => manyPasses(1_000)],
];

const tooManyPixels: typeof taken = [
  [
    'a PNG that claims 30000×30000',
    () => pngOf({ width: 30_000, height: 30_000 }, chunk('IDAT', blackPixels(SMALL))),
  ],
  [
    'a PNG that has 20000×20000',
    () => pngOf({ width: 20_000, height: 20_000 }, chunk('IDAT', deflateSync(Buffer.alloc(1_000_000)))),
  ],
  [
    'one line more than forty megapixels',
    () => pngOf({ width: 8_000, height: 5_001 }, chunk('IDAT', blackPixels(SMALL))),
  ],
  ['a JPEG that claims 65000×65000', async () => withSize(await jpeg(), 65_000, 65_000)],
  [
    'a PNG as large as a number can say',
    () => pngOf({ width: 46_340, height: 46_340 }, chunk('IDAT', blackPixels(SMALL))),
  ],
];

const tooLarge: typeof taken = [
  ['a byte more than 10 MB', () => pngOfSize(10 * MB + 1)],
  ['a PNG of 15 MB', () => pngOfSize(15 * MB)],
  ['15 MB of zeros', () => Buffer.alloc(15 * MB)],
];

/** Files that people send and files that nobody should, all made here. */
export const corpus: Sample[] = Object.entries({
  taken,
  'other-type': otherType,
  broken,
  'too-many-pixels': tooManyPixels,
  'too-large': tooLarge,
}).flatMap(([verdict, samples]) =>
  samples.map(([what, bytes, declared]) => ({ what, bytes, verdict: verdict as Verdict, ...declared })),
);

function animated(): Sharp {
  const frames = Buffer.alloc(8 * 16 * 3, Buffer.from([200, 10, 10, 10, 200, 10]));
  return sharp(frames, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } });
}

/** An archive with nothing in it. */
function zip(): Buffer {
  return Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 0xff, at);
  return copy;
}

function withComment(bytes: Buffer, comment: string): Buffer {
  const head = Buffer.from([0xff, 0xfe, 0, comment.length + 2]);
  return Buffer.concat([bytes.subarray(0, 2), head, Buffer.from(comment), bytes.subarray(2)]);
}

/** The size stands in the frame header, behind its length and precision. */
function withSize(bytes: Buffer, width: number, height: number): Buffer {
  const copy = Buffer.from(bytes);
  const frame = copy.indexOf(Buffer.from('ffc0', 'hex'));
  copy.writeUInt16BE(height, frame + 5);
  copy.writeUInt16BE(width, frame + 7);
  return copy;
}
