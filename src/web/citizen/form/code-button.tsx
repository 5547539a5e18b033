import { computed, defineComponent, onScopeDispose, ref, watchEffect } from 'vue';
import { say } from '../../shared/language.ts';
import { findAllowed } from '../case-types.ts';
import type { LiveCase } from '../live-case.ts';
import { words } from '../words.ts';
import { type Field, readFields } from './fields.ts';
import { bodyOf, type FormState } from './use-form.ts';

interface Props {
  live: LiveCase;
  form: FormState;
  field: Field;
  code: { event: string; again: string };
}

/** 获取验证码: sends for a code with what the form holds, and counts down until it may be sent again. */
export const CodeButton = defineComponent(
  (props: Props) => {
    const now = ref(Date.now());
    const busy = ref(false);
    const waitMs = computed(() => waitOf(props, now.value));
    // While it must not be sent yet, the case does not say what goes with it.
    let fields: Field[] = [];
    watchEffect(() => {
      const view = props.live.current.value;
      const allowed = view && findAllowed(view, props.code.event);
      if (allowed) fields = readFields(allowed.form);
    });
    let timer: ReturnType<typeof setInterval> | undefined;
    watchEffect(() => {
      clearInterval(timer);
      if (waitMs.value > 0) timer = setInterval(() => (now.value = Date.now()), 1000);
    });
    onScopeDispose(() => clearInterval(timer));
    const send = async () => {
      if (busy.value || waitMs.value > 0) return;
      busy.value = true;
      const { event } = props.code;
      const sent = await props.live.send(event, bodyOf(props.form.values, fields));
      now.value = Date.now();
      busy.value = false;
      if (!sent.ok) props.form.show(sent.problem, props.field.name);
      else delete props.form.errors[props.field.name];
    };
    return () => (
      <button type="button" class="code" aria-disabled={waitMs.value > 0 || busy.value} onClick={send}>
        {waitMs.value > 0 ? `${Math.ceil(waitMs.value / 1000)}s` : say(words.sendCode)}
      </button>
    );
  },
  { props: ['live', 'form', 'field', 'code'] },
);

/** This device's clock may be wrong: it never makes the wait longer than it was when the case said so. */
function waitOf({ live, code }: Props, now: number): number {
  const view = live.current.value;
  const due = view?.deadlines.find(({ event }) => event === code.again)?.dueAt;
  if (!view || due === undefined || findAllowed(view, code.event)) return 0;
  return Math.min(Date.parse(due) - now, Date.parse(due) - Date.parse(view.updatedAt));
}
