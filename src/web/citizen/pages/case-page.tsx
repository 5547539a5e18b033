import { defineComponent, shallowRef, watch } from 'vue';
import { useRoute } from 'vue-router';
import { say } from '../../shared/language.ts';
import type { Case, Matter } from '../case-types.ts';
import { keepDraft } from '../drafts.ts';
import { useLiveCase } from '../live-case.ts';
import { CapturingStep } from '../steps/capturing-step.tsx';
import { FaceStep } from '../steps/face-step.tsx';
import { FormStep } from '../steps/form-step.tsx';
import { IdentityStep } from '../steps/identity-step.tsx';
import { NotFoundStep } from '../steps/not-found-step.tsx';
import { NoticeStep } from '../steps/notice-step.tsx';
import { OpenStep } from '../steps/open-step.tsx';
import { pickStep, type StepName } from '../steps/pick-step.ts';
import { RegistrationStep } from '../steps/registration-step.tsx';
import { ResultStep } from '../steps/result-step.tsx';
import { Alert } from '../ui/alert.tsx';
import { Frame } from '../ui/frame.tsx';
import { useMatter } from '../use-matter.ts';
import { stateTitles, words } from '../words.ts';

const steps = {
  identity: IdentityStep,
  notFound: NotFoundStep,
  registration: RegistrationStep,
  face: FaceStep,
  capturing: CapturingStep,
  notice: NoticeStep,
  form: FormStep,
  result: ResultStep,
  open: OpenStep,
} satisfies Record<StepName, unknown>;

/** Figures 5 to 10: whatever figure the case is at. */
export const CasePage = defineComponent(() => {
  const route = useRoute();
  const live = useLiveCase(String(route.params.id));
  const { matter } = useMatter(() => live.current.value?.matter);
  const shown = shallowRef<{ step: StepName; view: Case }>();
  watch([live.current, live.sending], ([view, sending]) => {
    const step = view && pickStep(view);
    if (!view || !step) return;
    // While what was sent from here is worked on, the figure it was sent from stays.
    if (sending && step === 'open' && shown.value) return;
    shown.value = { step, view };
    // Whose name and number it is, is settled: what was typed for that is kept no longer.
    if (!['identity', 'notFound', 'open'].includes(step)) keepDraft(`${live.id}.identity.submit`, {});
  });
  return () => {
    if (!shown.value || !matter.value) {
      const missing = live.lost.value?.detail;
      return (
        <Frame title={missing === undefined ? say(words.loading) : say(words.myCases)} back="/">
          <Alert text={missing} />
        </Frame>
      );
    }
    const { step, view } = shown.value;
    const Step = steps[step];
    return (
      <Frame key={step} title={titleOf(step, view.states, matter.value)} back={backOf(step, view.matter)}>
        <Step live={live} view={view} matter={matter.value} />
      </Frame>
    );
  };
});

/** Each figure has its own name at the top; those over the guide have its. */
function titleOf(step: StepName, states: string[], matter: Matter): string {
  if (step === 'identity' || step === 'notFound') return say(words.guide);
  if (step === 'result') return say(stateTitles.result ?? words.progress);
  const [outermost = ''] = (states[0] ?? '').split('.');
  const known = stateTitles[outermost];
  return known ? say(known) : matter.title;
}

function backOf(step: StepName, matter: string): string {
  return step === 'identity' || step === 'notFound' ? `/matters/${matter}` : '/cases';
}
