import '../shared/base.css';
import { createApp, defineComponent } from 'vue';
import { loadFonts } from '../shared/load-fonts.ts';

const Audit = defineComponent(() => () => (
  <main>
    <h1>办件审计</h1>
  </main>
));

createApp(Audit).mount('#app');
loadFonts();
