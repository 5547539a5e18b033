import { defineComponent } from 'vue';
import { say } from '../../shared/language.ts';
import { words } from '../words.ts';

/** No bare function: a router takes one for what fetches a page. */
export const UnknownPage = defineComponent(() => () => (
  <main id="page">
    <h1>{say(words.notFound)}</h1>
  </main>
));
