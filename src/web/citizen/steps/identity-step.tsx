import { computed, defineComponent } from 'vue';
import { useRouter } from 'vue-router';
import { say } from '../../shared/language.ts';
import { findAllowed } from '../case-types.ts';
import { readFields } from '../form/fields.ts';
import { FormFields } from '../form/form-fields.tsx';
import { useForm } from '../form/use-form.ts';
import { GuideCard } from '../guide-card.tsx';
import { SamplePeople } from '../simulated/sample-people.tsx';
import { Action } from '../ui/action.tsx';
import { Alert } from '../ui/alert.tsx';
import { Modal } from '../ui/modal.tsx';
import { words } from '../words.ts';
import { type StepProps, stepProps } from './step-props.ts';

/** Figure 5, over the guide. What was typed stays until somebody was found by it. */
export const IdentityStep = defineComponent(
  (props: StepProps) => {
    const router = useRouter();
    const allowed = computed(() => findAllowed(props.view, 'identity.submit'));
    const fields = computed(() => readFields(allowed.value?.form ?? {}));
    const form = useForm(props.live, 'identity.submit', () => fields.value, { keep: true });
    const submit = (event: Event) => {
      event.preventDefault();
      void form.submit();
    };
    const leave = () => void router.push(`/matters/${props.matter.id}`);
    return () => (
      <>
        <GuideCard matter={props.matter} />
        <Modal title={say(words.identity)} onCancel={leave}>
          <form novalidate onSubmit={submit}>
            <FormFields live={props.live} form={form} fields={fields.value} documents={[]} />
            <Alert text={form.problem.value} />
            <div class="two">
              <Action title={say(words.cancel)} plain onClick={leave} />
              <Action title={allowed.value?.title ?? say(words.confirm)} submit busy={form.busy.value} />
            </div>
          </form>
          <SamplePeople
            onPick={(person) => {
              form.set('name', person.name);
              form.set('idNumber', person.idNumber);
            }}
          />
        </Modal>
      </>
    );
  },
  { props: [...stepProps] },
);
