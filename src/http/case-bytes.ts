import type { CaseView } from '../engine/present.ts';
import type { JsonObject } from '../engine/types.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

const OPENING = Buffer.from(',"allowed":[');
const END = Buffer.from('}');
const CLOSING = Buffer.from(']}');
const forms = new WeakMap<JsonObject, Buffer>();

/**
 * A case in JSON. Most of an answer are the schemas of its forms, and those are the same every time, so their bytes are
 * kept instead of written and encoded anew.
 */
export function caseBytes({ allowed, ...rest }: CaseView): Buffer {
  const parts: Buffer[] = [Buffer.from(JSON.stringify(rest).slice(0, -1)), OPENING];
  for (const [index, { form, ...event }] of allowed.entries()) {
    const head = JSON.stringify(event).slice(0, -1);
    parts.push(Buffer.from(`${index > 0 ? ',' : ''}${head},"form":`), formBytes(form), END);
  }
  parts.push(CLOSING);
  return Buffer.concat(parts);
}

function formBytes(form: JsonObject): Buffer {
  let bytes = forms.get(form);
  if (!bytes) {
    bytes = Buffer.from(JSON.stringify(form));
    forms.set(form, bytes);
  }
  return bytes;
}
