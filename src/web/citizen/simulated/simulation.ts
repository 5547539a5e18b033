import { ref } from 'vue';
import { api } from '../session.ts';

/** Whether simulators stand where the world outside would. */
export const isSimulated = ref(false);

export function askWhetherSimulated(): void {
  api.GET('/simulator/people').then(
    ({ data }) => {
      isSimulated.value = data !== undefined;
    },
    () => {},
  );
}
