import { computed, defineComponent, onScopeDispose, ref, watch } from 'vue';
import { say } from '../../shared/language.ts';
import { dataOf, findAllowed } from '../case-types.ts';
import { readFields } from '../form/fields.ts';
import { FormFields } from '../form/form-fields.tsx';
import { bodyOf, useForm } from '../form/use-form.ts';
import { Action } from '../ui/action.tsx';
import { Alert } from '../ui/alert.tsx';
import { Facts } from '../ui/facts.tsx';
import { registerLabels, registerValues, words } from '../words.ts';
import { MatterHead } from './matter-head.tsx';
import { PledgeRow } from './pledge-row.tsx';
import { type StepProps, stepProps } from './step-props.ts';
import { UploadField } from './upload-field.tsx';

/** Typing is over when nothing was typed for so long. */
const SAVE_AFTER_MS = 500;

/** Figures 9-1 and 9-2: what the register knows, and the form of whichever branch was chosen. */
export const FormStep = defineComponent(
  (props: StepProps) => {
    // Until everything that a submission needs is there, only the draft's form is handed out; the fields are the same.
    const schema = () => findAllowed(props.view, 'form.submit') ?? findAllowed(props.view, 'form.save');
    const all = computed(() => readFields(schema()?.form ?? {}));
    const register = computed(() => dataOf(props.view).register ?? {});
    const typed = computed(() => all.value.filter(({ name }) => !(name in register.value)));
    const form = useForm(props.live, 'form.submit', () => all.value);
    const saved = ref(false);
    let pending: ReturnType<typeof setTimeout> | undefined;

    // What the register holds is sent as it stands there, and shown as what cannot be typed.
    watch(
      register,
      (known) => {
        for (const { name } of all.value) if (known[name]) form.values[name] = known[name];
      },
      { immediate: true },
    );
    // The draft that the case keeps: of this device earlier, or of another one now.
    watch(
      () => dataOf(props.view).form?.draft ?? {},
      (draft, before = {}) => {
        for (const [name, value] of Object.entries(draft)) {
          const isNews = value !== before[name] && value !== null && form.values[name] !== value;
          const isMine = pending && form.values[name] !== undefined;
          if (isNews && !isMine && !(name in register.value)) form.values[name] = value;
        }
      },
      { immediate: true },
    );

    const save = async () => {
      clearTimeout(pending);
      pending = undefined;
      const body = bodyOf(form.values, typed.value);
      const sent = Object.keys(body).length > 0 && (await props.live.send('form.save', body));
      saved.value = sent !== false && sent.ok;
    };
    const saveSoon = () => {
      saved.value = false;
      clearTimeout(pending);
      pending = setTimeout(() => void save(), SAVE_AFTER_MS);
    };
    onScopeDispose(() => clearTimeout(pending));
    const submit = (event: Event) => {
      event.preventDefault();
      clearTimeout(pending);
      pending = undefined;
      void form.submit();
    };
    const back = async () => {
      if (pending) await save();
      await props.live.send('form.back');
    };

    const known = () => {
      const titles = Object.fromEntries(all.value.map(({ name, title }) => [name, title]));
      const labels: Record<string, string> = {
        ...titles,
        ...Object.fromEntries(Object.entries(registerLabels).map(([name, text]) => [name, say(text)])),
      };
      return Object.entries(register.value).flatMap(([name, value]) => {
        const text = registerValues[`${name}.${value}`];
        return value === null ? [] : [{ label: labels[name] ?? name, value: text ? say(text) : value }];
      });
    };
    return () => {
      const { form: shown, attachments } = dataOf(props.view);
      return (
        <form novalidate onSubmit={submit}>
          <MatterHead view={props.view} />
          <section class="card">
            <Facts facts={known()} />
          </section>
          <section class="card" onInput={saveSoon} onChange={saveSoon}>
            <FormFields
              live={props.live}
              form={form}
              fields={typed.value}
              documents={props.matter.agreements}
            />
          </section>
          {attachments && (
            <UploadField
              live={props.live}
              attachments={attachments}
              material={String(form.values.forcedReason ?? '')}
              error={form.errors.materials}
              onMissing={(text) => {
                form.errors.forcedReason = text;
              }}
              onChanged={() => delete form.errors.materials}
            />
          )}
          {shown && <PledgeRow live={props.live} pledge={shown.pledge} />}
          <Alert text={form.problem.value} />
          <p class="field-hint" role="status">
            {saved.value ? say(words.saved) : ''}
          </p>
          <div class="foot two">
            <Action title={say(words.previous)} plain onClick={() => void back()} />
            <Action title={say(words.next)} submit busy={form.busy.value} />
          </div>
        </form>
      );
    };
  },
  { props: [...stepProps] },
);
