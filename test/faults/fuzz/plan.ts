import fc from 'fast-check';
import { type FormPlan, fittingForm, formPlan } from './form-plan.ts';
import { oddBody, oddHeader, oddName, oddText, oddType, oddValue, oddValueText } from './odd.ts';

/** What is sent, before it is known who there is to send it and where their cases stand. Numbers choose among what there is. */
export interface Plan {
  aim: Aim;
  who: Who;
  /** Which of the cases it is about. */
  subject: number;
  /** Between values that a form leaves open. */
  choice: number;
  /** Takes the place of one part of the path. */
  oddPart?: string | undefined;
  query: QueryPlan;
  /** One of few, so that one key comes with many a request. */
  key?: string | undefined;
  headers: readonly [name: string, value: string | string[]][];
  type?: string | undefined;
  body: BodyPlan;
  form: FormPlan;
}

export type Aim =
  /** What a person would do next, and nothing odd about it: so that every state is come to. */
  | { at: 'onward' }
  /** An event that the case says is allowed now. */
  | { at: 'allowed' }
  | { at: 'described'; operation: number; method?: string | undefined }
  | { at: 'stray'; method: string; path: string };

/** `rightful` is whose case it is, or an auditor where only auditors may ask. */
export type Who =
  | 'rightful'
  | 'stranger'
  | 'nobody'
  | 'forger'
  | 'officer'
  | 'auditor'
  | 'operator'
  | 'enterprise';

export type BodyPlan =
  | { kind: 'fitting' }
  | { kind: 'none' }
  | { kind: 'changed'; changes: Change[] }
  | { kind: 'raw'; text: string | Buffer }
  /** The fitting body with its first field written twice. */
  | { kind: 'doubled'; value: unknown };

export type QueryPlan =
  | { kind: 'none' | 'fitting' | 'twice' }
  /** Every field the query has, with this for a value. */
  | { kind: 'odd'; value: string }
  | { kind: 'pairs'; pairs: [name: string, value: string][] };

export type Change =
  /** The body itself. */
  | { how: 'replace'; value: unknown }
  | { how: 'set'; field: number; value: unknown }
  /** Into a text, so many thousandths from its beginning. */
  | { how: 'insert'; field: number; text: string; at: number }
  | { how: 'drop'; field: number }
  | { how: 'add'; name: string; value: unknown };

const index = fc.nat(9_999);

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ how: fc.constant('set' as const), field: index, value: oddValue }) },
  {
    weight: 4,
    arbitrary: fc.record({
      how: fc.constant('insert' as const),
      field: index,
      text: oddText,
      at: fc.nat(1_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ how: fc.constant('replace' as const), value: oddValue }) },
  { weight: 1, arbitrary: fc.record({ how: fc.constant('drop' as const), field: index }) },
  { weight: 1, arbitrary: fc.record({ how: fc.constant('add' as const), name: oddName, value: oddValue }) },
);

const body: fc.Arbitrary<BodyPlan> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'fitting' as const }) },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant('changed' as const),
      changes: fc.array(change, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('raw' as const), text: oddBody }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('doubled' as const), value: oddValue }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'none' as const }) },
);

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'SEARCH'];
const method = fc.constantFrom(...METHODS);

const stray = fc.oneof(
  fc.constantFrom('/openapi.json', '/docs', '/docs/static/index.html', '/docs/static/..%2f..%2fpackage.json'),
  fc.constantFrom(
    '/',
    '//',
    '/v1',
    '/v1/',
    '/V1/me',
    '/v1/me/',
    '/v1//me',
    '/v1/%6de',
    '/v1/me;a=b',
    '/%',
    '/%ff',
  ),
  fc.constantFrom(
    '/simulator/face.js',
    '/simulator/face.css',
    '/metrics/',
    '/health',
    '/v1/audit',
    '/.git/config',
  ),
  fc
    .array(oddText, { maxLength: 4 })
    .map((parts) => `/${parts.map(encodeLoosely).join('/')}`.slice(0, 8_000)),
);

const aim: fc.Arbitrary<Aim> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ at: 'onward' as const }) },
  { weight: 4, arbitrary: fc.constant({ at: 'allowed' as const }) },
  { weight: 9, arbitrary: fc.record({ at: fc.constant('described' as const), operation: index }) },
  { weight: 1, arbitrary: fc.record({ at: fc.constant('described' as const), operation: index, method }) },
  { weight: 1, arbitrary: fc.record({ at: fc.constant('stray' as const), method, path: stray }) },
);

const who: fc.Arbitrary<Who> = fc.oneof(
  { weight: 12, arbitrary: fc.constant('rightful' as const) },
  { weight: 2, arbitrary: fc.constantFrom('stranger' as const, 'nobody' as const, 'forger' as const) },
  { weight: 4, arbitrary: fc.constantFrom('officer' as const, 'operator' as const, 'enterprise' as const) },
  { weight: 3, arbitrary: fc.constant('auditor' as const) },
);

const query: fc.Arbitrary<QueryPlan> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('none' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('fitting' as const, 'twice' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('odd' as const), value: oddValueText }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('pairs' as const),
      pairs: fc.array(fc.tuple(oddName, oddValueText), { maxLength: 3 }),
    }),
  },
);

const nothingOdd = {
  who: 'rightful' as const,
  oddPart: undefined,
  query: { kind: 'none' as const },
  key: undefined,
  headers: [],
  type: undefined,
  body: { kind: 'fitting' as const },
  form: fittingForm,
};

/** Most of a request makes sense, or nothing would get past the door. */
const anyPlan: fc.Arbitrary<Plan> = fc.record({
  aim,
  who,
  subject: index,
  choice: index,
  oddPart: sometimes(oddValueText, 6),
  query,
  headers: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: fc.array(oddHeader, { maxLength: 3 }) },
  ),
  key: sometimes(fc.constantFrom('k1', 'k2'), 4),
  type: sometimes(oddType, 8),
  body,
  form: formPlan,
});

export const plan: fc.Arbitrary<Plan> = anyPlan.map((each) =>
  each.aim.at === 'onward' ? { ...each, ...nothingOdd } : each,
);

function sometimes<T>(arbitrary: fc.Arbitrary<T>, oneIn: number): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

/** As a client writes it that encodes what it must, and nothing else. */
export function encodeLoosely(text: string): string {
  return Array.from(text, (sign) => (/[\w.~!$&'()*+,;=:@%-]/.test(sign) ? sign : encodeSign(sign))).join('');
}

/** A lone surrogate goes as the three bytes that UTF-8 does not allow. */
function encodeSign(sign: string): string {
  const code = sign.codePointAt(0) ?? 0;
  if (code < 0xd800 || code > 0xdfff) return encodeURIComponent(sign);
  return [0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
    .map((byte) => `%${byte.toString(16)}`)
    .join('');
}
