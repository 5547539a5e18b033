import fc from 'fast-check';
import { png } from '../../helpers.ts';
import { oddName, oddText } from './odd.ts';

/** A multipart body, fitting or not. */
export interface FormPlan {
  /** As the header says it; the body is written with `edge`. */
  said: string;
  parts: readonly PartPlan[];
  /** What follows the last part. */
  end: 'closed' | 'cut' | 'missing';
  /** How the lines end. */
  newline: '\r\n' | '\n';
}

interface PartPlan {
  disposition: string;
  type?: string | undefined;
  content: string | Buffer;
}

const EDGE = 'banjian-edge';

export const fittingForm: FormPlan = {
  said: `multipart/form-data; boundary=${EDGE}`,
  parts: [field('material', 'arbitration'), file('file', '裁决.png', png())],
  end: 'closed',
  newline: '\r\n',
};

const content = fc.oneof(
  fc.constant(png()),
  fc.constantFrom(
    '',
    'x',
    'GIF89a',
    '\u0000',
    '{"a":1}',
    '"arbitration"',
    '{"__proto__":1}',
    'x'.repeat(300),
  ),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);

const part: fc.Arbitrary<PartPlan> = fc.record({
  disposition: fc.oneof(
    fc.constantFrom('material', 'file', 'extra').map((name) => `form-data; name="${name}"`),
    fc.constantFrom('file', 'material', 'x').map((name) => `form-data; name="${name}"; filename="a.png"`),
    oddName.map((name) => `form-data; name="${oneLine(name)}"`),
    oddText.map((name) => `form-data; name="file"; filename="${oneLine(name)}"`),
    oddText.map(
      (name) => `form-data; name="file"; filename*=UTF-8''${encodeURIComponent(name.toWellFormed())}`,
    ),
    fc.constantFrom(
      '',
      'form-data',
      'attachment; name=file',
      'form-data; name',
      'form-data; name=""',
      ';;;',
      '"',
    ),
  ),
  type: fc.option(
    fc.constantFrom(
      'image/png',
      'application/json',
      'multipart/mixed; boundary=inner',
      'text/plain; charset=utf-16',
      'text/plain; charset=nonsense',
      '',
    ),
    { nil: undefined },
  ),
  content,
});

export const formPlan: fc.Arbitrary<FormPlan> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(fittingForm) },
  {
    weight: 3,
    arbitrary: fc.array(part, { maxLength: 6 }).map((parts) => ({ ...fittingForm, parts })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      said: fc.constantFrom(
        fittingForm.said,
        'multipart/form-data',
        'multipart/form-data; boundary=other',
        'multipart/form-data; boundary=""',
        `multipart/form-data; boundary=${'x'.repeat(400)}`,
        `Multipart/Form-Data; boundary="${EDGE}"`,
      ),
      parts: fc.array(part, { maxLength: 3 }).map((parts) => [...fittingForm.parts, ...parts]),
      end: fc.constantFrom('closed' as const, 'cut' as const, 'missing' as const),
      newline: fc.constantFrom('\r\n' as const, '\n' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(5, 50, 1_001).map((count) => ({
      ...fittingForm,
      parts: Array.from({ length: count }, (_, n) => field(`f${n}`, 'x')),
    })),
  },
  {
    weight: 1,
    arbitrary: fc.constant({ ...fittingForm, parts: [...fittingForm.parts, ...fittingForm.parts] }),
  },
);

/** The bytes of it. */
export function writeForm({ parts, end, newline }: FormPlan): Buffer {
  const written = parts.map(({ disposition, type, content: inside }) => {
    const lines = [`--${EDGE}`, `Content-Disposition: ${disposition}`];
    if (type !== undefined) lines.push(`Content-Type: ${type}`);
    return Buffer.concat([
      Buffer.from([...lines, '', ''].join(newline)),
      Buffer.from(inside),
      Buffer.from(newline),
    ]);
  });
  const whole = Buffer.concat([...written, Buffer.from(end === 'missing' ? '' : `--${EDGE}--${newline}`)]);
  return end === 'cut' ? whole.subarray(0, Math.floor(whole.length / 2)) : whole;
}

function field(name: string, value: string): PartPlan {
  return { disposition: `form-data; name="${name}"`, content: value };
}

function file(name: string, filename: string, bytes: Buffer): PartPlan {
  return {
    disposition: `form-data; name="${name}"; filename="${filename}"`,
    type: 'image/png',
    content: bytes,
  };
}

/** A name must not end its own line. */
function oneLine(name: string): string {
  return name.replace(/[\r\n"]/g, '_');
}
