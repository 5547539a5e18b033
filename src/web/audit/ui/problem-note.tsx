import type { FunctionalComponent } from 'vue';
import type { Problem } from '../../shared/client.ts';
import { say } from '../../shared/language.ts';
import { words } from '../words.ts';

/** What went wrong, in the service's own words, and a way out. */
export const ProblemNote: FunctionalComponent<{ problem: Problem; onAgain?: () => void }> = ({
  problem,
  onAgain,
}) => (
  <div class="problem" role="alert">
    <p>
      {problem.detail} <code>{problem.code}</code>
    </p>
    {problem.errors?.map(({ pointer, message }) => (
      <p key={pointer}>
        <code>{pointer}</code> {message}
      </p>
    ))}
    {onAgain && (
      <button type="button" onClick={onAgain}>
        {say(words.again)}
      </button>
    )}
  </div>
);
ProblemNote.props = ['problem', 'onAgain'];
