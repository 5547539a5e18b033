/** The smallest picture there is: one white pixel, as PNG. */
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export function samplePng(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(PIXEL, 'base64'));
}
