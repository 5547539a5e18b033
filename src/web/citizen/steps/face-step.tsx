import { computed, defineComponent, ref } from 'vue';
import { say } from '../../shared/language.ts';
import { dataOf, findAllowed } from '../case-types.ts';
import { Reader } from '../form/documents.tsx';
import { readFields } from '../form/fields.ts';
import { FormFields } from '../form/form-fields.tsx';
import { useForm } from '../form/use-form.ts';
import { Action } from '../ui/action.tsx';
import { Alert } from '../ui/alert.tsx';
import { FaceDrawing } from '../ui/face-drawing.tsx';
import { words } from '../words.ts';
import { leaveForCamera } from './face-visit.ts';
import { type StepProps, stepProps } from './step-props.ts';

/** Figure 7: a consent of its own, then off to the camera. Also where a failed or locked check comes back to. */
export const FaceStep = defineComponent(
  (props: StepProps) => {
    const allowed = computed(() => findAllowed(props.view, 'face.begin'));
    const fields = computed(() => readFields(allowed.value?.form ?? {}));
    const form = useForm(props.live, 'face.begin', () => fields.value);
    const feedbackOpen = ref(false);
    const submit = async (event: Event) => {
      event.preventDefault();
      if (!(await form.submit())) return;
      const view = props.live.current.value;
      const url = view && dataOf(view).face?.url;
      if (url !== undefined) leaveForCamera(props.view.id, url);
    };
    const warnings = () => dataOf(props.view).warnings ?? [];
    return () => (
      <form class="card face" novalidate onSubmit={submit}>
        <FaceDrawing />
        {warnings().map(({ code, message }) => (
          <p key={code} class="note">
            {message}
          </p>
        ))}
        <p class="face-notice">{dataOf(props.view).face?.notice}</p>
        <Alert text={props.view.message} />
        <Alert text={form.problem.value} />
        <FormFields live={props.live} form={form} fields={fields.value} documents={props.matter.agreements} />
        {allowed.value && <Action title={allowed.value.title} submit busy={form.busy.value} />}
        <button
          type="button"
          class="link"
          onClick={() => {
            feedbackOpen.value = true;
          }}
        >
          {say(words.feedback)}
        </button>
        {feedbackOpen.value && (
          <Reader
            document={{ id: 'feedback', title: say(words.feedback), text: say(words.feedbackText) }}
            onClose={() => {
              feedbackOpen.value = false;
            }}
          />
        )}
      </form>
    );
  },
  { props: [...stepProps] },
);
