import '../shared/base.css';
import './audit.css';
import { createApp } from 'vue';
import { loadFonts } from '../shared/load-fonts.ts';
import { App } from './app.tsx';
import { router } from './router.ts';

createApp(App).use(router).mount('#app');
loadFonts();
