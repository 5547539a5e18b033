import type { FunctionalComponent } from 'vue';
import { say } from '../../shared/language.ts';
import { type Case, dataOf } from '../case-types.ts';
import { Stepper } from '../ui/stepper.tsx';
import { stateTitles, words } from '../words.ts';

const STEPS = ['notice', 'form', 'result'];

/** Figures 8 and 9: which matter it is, and where one is in it. */
export const MatterHead: FunctionalComponent<{ view: Case }> = ({ view }) => {
  const { matter } = dataOf(view);
  return (
    <>
      {view.step && (
        <Stepper
          current={view.step.current}
          titles={STEPS.slice(0, view.step.of).map((name) => say(stateTitles[name] ?? words.notice))}
        />
      )}
      {matter && (
        <section class="card matter-head">
          <h2>{matter.title}</h2>
          <p>
            {say(words.itemCode)}:<span class="code-text">{matter.itemCode}</span>
          </p>
        </section>
      )}
    </>
  );
};
MatterHead.props = ['view'];
