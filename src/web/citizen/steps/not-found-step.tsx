import { defineComponent, ref } from 'vue';
import { GuideCard } from '../guide-card.tsx';
import { Ask } from '../ui/ask.tsx';
import { type StepProps, stepProps } from './step-props.ts';

/** Figure 5: 未查询到该用户,是否前往注册? */
export const NotFoundStep = defineComponent(
  (props: StepProps) => {
    const busy = ref(false);
    const answer = async (event: string) => {
      busy.value = true;
      await props.live.send(event);
      busy.value = false;
    };
    return () => (
      <>
        <GuideCard matter={props.matter} />
        <Ask
          text={props.view.message ?? ''}
          busy={busy.value}
          onYes={() => void answer('registration.begin')}
          onNo={() => void answer('identity.retry')}
        />
      </>
    );
  },
  { props: [...stepProps] },
);
