import multipart, { type MultipartFile } from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../engine/errors.ts';
import type { ProblemSpec } from '../engine/types.ts';
import { checkImage, type ImageCheck } from './uploads.ts';

/** Figure 9 [ours]. */
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_NAME_LENGTH = 255;
const LIMITS = { fileSize: MAX_FILE_BYTES, files: 1, fields: 3, fieldSize: 200, parts: 4, headerPairs: 20 };

/** An image is held in memory until it is checked and sealed: so many bytes of them, whoever sends them, and however slowly. */
const MAX_HELD_BYTES = 24 * MAX_FILE_BYTES;
let heldBytes = 0;

export interface Upload {
  fields: Record<string, unknown>;
  file: { name: string; bytes: Buffer; image: Extract<ImageCheck, { ok: true }> };
}

/** For the routes of `app` alone: to all others multipart is no media type they know. */
export async function readMultipart(app: FastifyInstance): Promise<void> {
  await app.register(multipart, { limits: LIMITS });
}

/**
 * Takes in one image under `file`, and the text fields named. A file that grows too large is answered as soon as it
 * does; what still comes in is thrown away.
 * @throws Problem about the request or the file, with pointers.
 */
export async function readUpload(request: FastifyRequest, fieldNames: string[]): Promise<Upload> {
  if (!request.isMultipart()) throw new Problem({ code: 'unsupported-media-type' });
  const mine = { bytes: 0 };
  try {
    const { fields, file } = await readParts(request, fieldNames, mine);
    if (!file) throw fileProblem('form-invalid', 'required');
    const image = await checkImage(file.bytes);
    if (!image.ok) throw fileProblem(image.code, image.code);
    return { fields, file: { ...file, image } };
  } catch (error) {
    request.raw.unpipe();
    request.raw.resume();
    throw error instanceof Problem ? error : new Problem(problemOf(error));
  } finally {
    heldBytes -= mine.bytes;
  }
}

async function readParts(request: FastifyRequest, fieldNames: string[], mine: { bytes: number }) {
  const fields: Record<string, unknown> = {};
  let file: { name: string; bytes: Buffer } | undefined;
  for await (const part of request.parts()) {
    const expected = part.type === 'file' ? ['file'] : fieldNames;
    if (!expected.includes(part.fieldname)) throw unexpected(part.fieldname, fieldNames);
    if (part.fieldname in fields) throw wrong(part.fieldname, 'invalid');
    if (part.type === 'file') file = { name: nameOf(part), bytes: await readFile(part, mine) };
    else fields[part.fieldname] = part.value;
  }
  return { fields, file };
}

/** Stops at the limit, where the library would read on to the end before it says so. */
async function readFile({ file }: MultipartFile, mine: { bytes: number }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(fileProblem('file-too-large', 'file-too-large'));
    // What came in one piece has passed the limit before anyone could listen.
    if (file.truncated) tooLarge();
    // Nor does a file that was cut before anyone could listen say so again.
    if (file.destroyed) reject(file.errored ?? new Error('cut'));
    file.on('limit', tooLarge);
    file.on('error', reject);
    file.on('data', (chunk: Buffer) => {
      if (heldBytes + chunk.length > MAX_HELD_BYTES)
        reject(new Problem({ code: 'busy', retryAfterSeconds: 2 }));
      mine.bytes += chunk.length;
      heldBytes += chunk.length;
      chunks.push(chunk);
    });
    file.on('end', () => resolve(Buffer.concat(chunks)));
  });
}

/** Data, never a path: NFC, without controls and marks that turn the direction of writing. */
function nameOf({ filename }: MultipartFile): string {
  const clean = (filename ?? '')
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '_');
  return Array.from(clean).slice(0, MAX_NAME_LENGTH).join('');
}

function unexpected(name: string, fieldNames: string[]): Problem {
  const known = name === 'file' || fieldNames.includes(name);
  return wrong(name, known ? 'invalid' : 'unknown-field');
}

function wrong(name: string, code: string): Problem {
  const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return new Problem({ code: 'form-invalid', errors: [{ pointer, code }] });
}

function fileProblem(code: string, fieldCode: string): Problem {
  return new Problem({ code, errors: [{ pointer: '/file', code: fieldCode }] });
}

/** What the parser throws is about the bytes that came: never a fault of ours. */
function problemOf(error: unknown): ProblemSpec {
  if (!(error instanceof Error && 'statusCode' in error && error.statusCode === 413))
    return { code: 'malformed' };
  // The library may see the limit in the same chunk in which we would.
  const tooLarge = 'code' in error && error.code === 'FST_REQ_FILE_TOO_LARGE';
  return { code: tooLarge ? 'file-too-large' : 'payload-too-large' };
}

/** RFC 6266: shown in place, under the name it came with. */
export function dispositionOf(name: string): string {
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `inline; filename*=UTF-8''${encoded}`;
}
