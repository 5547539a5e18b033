import { defineComponent } from 'vue';
import { RouterLink } from 'vue-router';
import { say } from '../../shared/language.ts';
import { Frame } from '../ui/frame.tsx';
import { words } from '../words.ts';

export const UnknownPage = defineComponent(() => () => (
  <Frame title={say(words.unknownPage)} back="/">
    <RouterLink class="button" to="/">
      {say(words.home)}
    </RouterLink>
  </Frame>
));
