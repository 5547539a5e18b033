import type { BodyPlan, Change } from './plan.ts';

/** The fitting body, or what was planned to become of it. */
export function writeBody(plan: BodyPlan, fitting: unknown): string | Buffer | undefined {
  switch (plan.kind) {
    case 'none':
      return undefined;
    case 'raw':
      return plan.text;
    case 'fitting':
      return JSON.stringify(fitting);
    case 'changed':
      return JSON.stringify(plan.changes.reduce(applyChange, fitting));
    case 'doubled':
      return writeTwice(fitting, plan.value);
  }
}

function applyChange(body: unknown, change: Change): unknown {
  if (typeof body !== 'object' || body === null) return 'value' in change ? change.value : body;
  const fields = Object.entries(body);
  const [name = 'a', value] = 'field' in change ? (fields[change.field % fields.length] ?? []) : [];
  switch (change.how) {
    case 'replace':
      return change.value;
    case 'set':
      return withField(body, name, change.value);
    case 'insert':
      return withField(body, name, insert(String(value), change.text, change.at));
    case 'drop':
      return Object.fromEntries(fields.filter(([each]) => each !== name));
    case 'add':
      return withField(body, change.name, change.value);
  }
}

function insert(text: string, odd: string, thousandths: number): string {
  const at = Math.round((text.length * thousandths) / 1_000);
  return `${text.slice(0, at)}${odd}${text.slice(at)}`;
}

/** As JSON.parse does it: `__proto__` is a field like any other. */
function withField(body: object, name: string, value: unknown): object {
  const copy = { ...body };
  Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

function writeTwice(fitting: unknown, value: unknown): string {
  const [first] = Object.entries(fitting ?? {});
  const text = JSON.stringify(fitting ?? {});
  if (!first) return `{"a":1,"a":${JSON.stringify(value)}}`;
  return `${text.slice(0, -1)},${JSON.stringify(first[0])}:${JSON.stringify(value)}}`;
}
