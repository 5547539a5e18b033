import '../shared/base.css';
import { createApp } from 'vue';
import { createRouter, createWebHistory, RouterView } from 'vue-router';
import { loadFonts } from '../shared/load-fonts.ts';
import { HomePage } from './home-page.tsx';

const router = createRouter({
  history: createWebHistory(),
  routes: [{ path: '/', component: HomePage }],
});

createApp(RouterView).use(router).mount('#app');
loadFonts();
