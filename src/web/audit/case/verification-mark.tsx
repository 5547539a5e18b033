import { defineComponent } from 'vue';
import { say } from '../../shared/language.ts';
import { load } from '../load.ts';
import { api } from '../session.ts';
import { words } from '../words.ts';

/** Chains, replay, current row, open work and vault, compared by the service; the first thing that does not hold is named. */
export const VerificationMark = defineComponent(
  (props: { id: string }) => {
    const { data } = load(
      () => props.id,
      (id) => api.GET('/v1/audit/cases/{id}/verification', { params: { path: { id } } }),
    );
    return () => {
      if (!data.value) return undefined;
      const { holds, firstBreak, entries } = data.value;
      return (
        <span class={`mark ${holds ? 'holds' : 'broken'}`} role="status">
          <span aria-hidden="true">{holds ? '✓' : '✕'}</span> {say(words.verification)} ({entries}):{' '}
          {say(holds ? words.allHolds : words.breaks)}
          {firstBreak && ` · ${firstBreak.check} ${firstBreak.seq}: ${firstBreak.what}`}
        </span>
      );
    };
  },
  { props: ['id'] },
);
