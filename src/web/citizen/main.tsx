import '../shared/base.css';
import './citizen.css';
import { createApp, defineComponent, watchEffect } from 'vue';
import { RouterView, useRoute } from 'vue-router';
import { say } from '../shared/language.ts';
import { loadFonts } from '../shared/load-fonts.ts';
import { router } from './router.ts';
import { askWhetherSimulated } from './simulated/simulation.ts';
import { words } from './words.ts';

const Citizen = defineComponent(() => {
  const route = useRoute();
  watchEffect(() => {
    document.title = say(words.platform);
  });
  // Another case, or another matter, is another page: nothing of the one before may stay in it.
  return () => <RouterView key={route.path} />;
});

createApp(Citizen).use(router).mount('#app');
askWhetherSimulated();
loadFonts();
