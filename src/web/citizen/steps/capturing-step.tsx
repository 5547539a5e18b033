import { defineComponent, onMounted, onScopeDispose, ref } from 'vue';
import { say } from '../../shared/language.ts';
import { dataOf } from '../case-types.ts';
import { Action } from '../ui/action.tsx';
import { Alert } from '../ui/alert.tsx';
import { FaceDrawing } from '../ui/face-drawing.tsx';
import { words } from '../words.ts';
import { isBackFromCamera, leaveForCamera } from './face-visit.ts';
import { type StepProps, stepProps } from './step-props.ts';

/** Figure 7, before the camera and back from it. */
export const CapturingStep = defineComponent(
  (props: StepProps) => {
    const busy = ref(false);
    const problem = ref<string>();
    const url = () => dataOf(props.view).face?.url ?? '';
    const finish = async () => {
      busy.value = true;
      const sent = await props.live.send('face.finish', { token: dataOf(props.view).face?.token });
      busy.value = false;
      problem.value = sent.ok ? undefined : sent.problem.detail;
    };
    const finishIfBack = () => {
      if (isBackFromCamera(props.view.id, url())) void finish();
    };
    onMounted(finishIfBack);
    // Browsers may have kept this page as it was, and only show it again.
    addEventListener('pageshow', finishIfBack);
    onScopeDispose(() => removeEventListener('pageshow', finishIfBack));
    return () => (
      <section class="card face">
        <FaceDrawing />
        <p class="face-notice" role="status">
          {props.view.message}
        </p>
        <Alert text={problem.value} />
        <Action title={say(words.faceOpen)} onClick={() => leaveForCamera(props.view.id, url())} />
        <Action title={say(words.faceDone)} plain busy={busy.value} onClick={() => void finish()} />
      </section>
    );
  },
  { props: [...stepProps] },
);
