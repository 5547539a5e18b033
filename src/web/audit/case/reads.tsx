import { defineComponent } from 'vue';
import { say } from '../../shared/language.ts';
import { moment, shortId } from '../format.ts';
import { load } from '../load.ts';
import { purposeOf } from '../purposes.ts';
import { api } from '../session.ts';
import { DataTable } from '../ui/data-table.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { words } from '../words.ts';
import { type Entry, roleOf } from './history.ts';

/** Who of the staff has read the case, the last first; this look at it among them. */
export const Reads = defineComponent(
  (props: { id: string; turn: number }) => {
    const { data, problem } = load(
      () => ({ id: props.id, turn: props.turn }),
      ({ id }) => api.GET('/v1/audit/cases/{id}/reads', { params: { path: { id } } }),
    );
    return () => (
      <>
        {problem.value && <ProblemNote problem={problem.value} />}
        {data.value && (
          <>
            <p>
              <span class={`mark ${data.value.holds ? 'holds' : 'broken'}`}>
                {say(words.chain)} {say(data.value.holds ? words.holds : words.broken)}
              </span>
            </p>
            <DataTable
              caption={say(words.reads)}
              columns={[{ title: say(words.when) }, { title: say(words.who) }, { title: say(words.purpose) }]}
              rows={data.value.items.toReversed().map(({ entry }) => tellRead(entry as unknown as Entry))}
            />
          </>
        )}
      </>
    );
  },
  { props: ['id', 'turn'] },
);

function tellRead(entry: Entry) {
  const { route, asked, purpose, ref } = entry.data;
  const field = typeof asked === 'object' && asked && 'field' in asked ? String(asked.field) : undefined;
  return [
    moment(entry.at).slice(5),
    <>
      {say(roleOf(entry))} <code>{shortId(entry.actor.id)}</code>
    </>,
    <>
      {say(purposeOf(purpose))} {typeof ref === 'string' && ref}{' '}
      <code class="soft">{field ?? String(route).split('/').at(-1)}</code>
    </>,
  ];
}
