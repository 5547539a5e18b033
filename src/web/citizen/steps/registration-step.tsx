import { computed, defineComponent, ref } from 'vue';
import { say } from '../../shared/language.ts';
import { dataOf, findAllowed } from '../case-types.ts';
import { Reader } from '../form/documents.tsx';
import { readFields } from '../form/fields.ts';
import { FormFields } from '../form/form-fields.tsx';
import { useForm } from '../form/use-form.ts';
import { SimulatedMessage } from '../simulated/message.tsx';
import { isSimulated } from '../simulated/simulation.ts';
import { Action } from '../ui/action.tsx';
import { Alert } from '../ui/alert.tsx';
import { Facts } from '../ui/facts.tsx';
import { words } from '../words.ts';
import { type StepProps, stepProps } from './step-props.ts';

/** Figure 6. */
export const RegistrationStep = defineComponent(
  (props: StepProps) => {
    const allowed = computed(() => findAllowed(props.view, 'registration.submit'));
    const fields = computed(() => readFields(allowed.value?.form ?? {}));
    const form = useForm(props.live, 'registration.submit', () => fields.value);
    const guideOpen = ref(false);
    const submit = (event: Event) => {
      event.preventDefault();
      void form.submit();
    };
    const known = () => {
      const { name = '', idNumber = '' } = dataOf(props.view);
      return [
        { label: say(words.idType), value: say(words.residentIdCard) },
        { label: say(words.name), value: name },
        { label: say(words.idNumberShort), value: idNumber },
      ];
    };
    const back = () => findAllowed(props.view, 'identity.retry');
    return () => (
      <form class="card" novalidate onSubmit={submit}>
        <button
          type="button"
          class="link"
          onClick={() => {
            guideOpen.value = true;
          }}
        >
          {say(words.registrationGuide)}
        </button>
        <Facts facts={known()} />
        <FormFields live={props.live} form={form} fields={fields.value} documents={props.matter.agreements} />
        <p class="field-hint" aria-live="polite">
          {props.view.message}
        </p>
        {isSimulated.value && /^1\d{10}$/.test(String(form.values.mobile ?? '')) && (
          <SimulatedMessage mobile={String(form.values.mobile)} />
        )}
        <Alert text={form.problem.value} />
        <Action title={allowed.value?.title ?? say(words.registration)} submit busy={form.busy.value} />
        {back() && (
          <Action title={back()?.title ?? ''} plain onClick={() => void props.live.send('identity.retry')} />
        )}
        {guideOpen.value && (
          <Reader
            document={{
              id: 'guide',
              title: say(words.registrationGuide),
              text: say(words.registrationGuideText),
            }}
            onClose={() => {
              guideOpen.value = false;
            }}
          />
        )}
      </form>
    );
  },
  { props: [...stepProps] },
);
