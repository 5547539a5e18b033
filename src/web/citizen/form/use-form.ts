import { type Ref, reactive, ref } from 'vue';
import type { Problem } from '../../shared/client.ts';
import { keepDraft, readDraft, type Values } from '../drafts.ts';
import type { LiveCase, Sent } from '../live-case.ts';
import type { Field } from './fields.ts';

export interface FormState {
  values: Values;
  /** By the field they stand at. */
  errors: Record<string, string>;
  /** What is wrong with no field in particular. */
  problem: Ref<string | undefined>;
  busy: Ref<boolean>;
  set(name: string, value: string | boolean): void;
  /** Sends what was filled in; what is wrong with it stands at its fields then. */
  submit(): Promise<boolean>;
  /** Shows a refusal of another event that this form's fields were sent with. */
  show(problem: Problem, at?: string): void;
}

/** A form of an event: typed values outlive a reload of the page, and leave with the event unless they are kept. */
export function useForm(
  live: LiveCase,
  event: string,
  fields: () => Field[],
  options: { keep?: boolean } = {},
): FormState {
  const place = `${live.id}.${event}`;
  const values = reactive<Values>(readDraft(place));
  const errors = reactive<Record<string, string>>({});
  const problem = ref<string>();
  const busy = ref(false);
  const show = (found: Problem, at?: string) => {
    for (const { pointer, message } of found.errors ?? []) errors[pointer.slice(1)] = message;
    if (found.errors) return;
    if (at === undefined) problem.value = found.detail;
    else errors[at] = found.detail;
  };
  return {
    values,
    errors,
    problem,
    busy,
    show,
    set(name, value) {
      values[name] = value;
      delete errors[name];
      problem.value = undefined;
      keepDraft(place, keepable(values, fields()));
    },
    async submit() {
      if (busy.value) return false;
      busy.value = true;
      problem.value = undefined;
      for (const name of Object.keys(errors)) delete errors[name];
      const sent: Sent = await live.send(event, bodyOf(values, fields()));
      busy.value = false;
      if (!sent.ok) show(sent.problem);
      else if (!options.keep) keepDraft(place, {});
      return sent.ok;
    },
  };
}

/** What was left empty is left out: the service says what it misses. */
export function bodyOf(values: Values, fields: Field[]): Values {
  const all = fields.map(({ name, kind, options }) => [
    name,
    kind === 'fixed' ? options[0]?.value : values[name],
  ]);
  return Object.fromEntries(
    all.filter(([, value]) => value !== undefined && value !== '' && value !== false),
  );
}

function keepable(values: Values, fields: Field[]): Values {
  const kept = fields.filter(({ secret }) => !secret).map(({ name }) => name);
  return Object.fromEntries(Object.entries(values).filter(([name]) => kept.includes(name)));
}
