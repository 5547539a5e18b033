import { defineComponent, ref } from 'vue';
import { say } from '../../shared/language.ts';
import { api } from '../session.ts';
import { words } from '../words.ts';

/** The phone in the simulation: without it nobody could read the code that was sent. */
export const SimulatedMessage = defineComponent(
  (props: { mobile: string }) => {
    const text = ref<string>();
    const read = async () => {
      const { data } = await api.GET('/simulator/sms', { params: { query: { mobile: props.mobile } } });
      text.value = data?.messages[0]?.text ?? say(words.noMessage);
    };
    return () => (
      <div class="simulated" aria-live="polite">
        <button type="button" onClick={read}>
          {say(words.showMessage)}
        </button>
        {text.value && (
          <p>
            {say(words.simulatedMessage)}:{text.value}
          </p>
        )}
      </div>
    );
  },
  { props: ['mobile'] },
);
