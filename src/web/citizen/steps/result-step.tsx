import { defineComponent } from 'vue';
import { RouterLink } from 'vue-router';
import { say } from '../../shared/language.ts';
import { dataOf } from '../case-types.ts';
import { Facts } from '../ui/facts.tsx';
import { words } from '../words.ts';
import { MatterHead } from './matter-head.tsx';
import { type StepProps, stepProps } from './step-props.ts';

/** Figure 10, and wherever else a case stays. */
export const ResultStep = defineComponent(
  (props: StepProps) => {
    const facts = () => {
      const { filing } = dataOf(props.view);
      const number = filing?.number ?? undefined;
      return number === undefined ? [] : [{ label: say(words.filingNumber), value: number }];
    };
    const good = () => props.view.step?.current === props.view.step?.of && props.view.step !== null;
    return () => (
      <>
        <MatterHead view={props.view} />
        <section class="card result">
          <p class={good() ? 'seal seal-good' : 'seal'} aria-hidden="true">
            {good() ? '✓' : '!'}
          </p>
          {dataOf(props.view).toast && (
            <p class="toast" role="status">
              {dataOf(props.view).toast}
            </p>
          )}
          <p class="result-text">{props.view.message}</p>
          <Facts facts={facts()} />
        </section>
        <div class="foot">
          <RouterLink class="button" to={`/cases/${props.view.id}/progress`}>
            {say(words.progress)}
          </RouterLink>
          <RouterLink class="button button-plain" to="/">
            {say(words.home)}
          </RouterLink>
        </div>
      </>
    );
  },
  { props: [...stepProps] },
);
