import { defineComponent, shallowRef } from 'vue';
import { say } from '../../shared/language.ts';
import type { paths } from '../../shared/openapi.ts';
import { api } from '../session.ts';
import { words } from '../words.ts';

type Person =
  paths['/simulator/people']['get']['responses'][200]['content']['application/json']['people'][number];

/** Where simulators stand, the people they know are offered; where real providers do, there is nothing here. */
export const SamplePeople = defineComponent(
  (props: { onPick: (person: Person) => void }) => {
    const people = shallowRef<Person[]>([]);
    api.GET('/simulator/people').then(
      ({ data }) => {
        people.value = data?.people ?? [];
      },
      () => {},
    );
    return () =>
      people.value.length > 0 && (
        <details class="simulated">
          <summary>{say(words.samplesTitle)}</summary>
          <p>{say(words.samplesHint)}</p>
          <ul class="rows">
            {people.value.map((person) => (
              <li key={person.idNumber}>
                <button type="button" onClick={() => props.onPick(person)}>
                  {person.name}{' '}
                  <small>{say(person.registered ? words.registered : words.notRegistered)}</small>
                </button>
              </li>
            ))}
          </ul>
        </details>
      );
  },
  { props: ['onPick'] },
);
