import { createRouter, createWebHistory } from 'vue-router';
import { CasePage } from './pages/case-page.tsx';
import { CasesPage } from './pages/cases-page.tsx';
import { OverviewPage } from './pages/overview-page.tsx';
import { QuestionsPage } from './pages/questions-page.tsx';
import { UnknownPage } from './pages/unknown-page.tsx';

export const router = createRouter({
  history: createWebHistory('/audit'),
  routes: [
    { path: '/', component: OverviewPage },
    { path: '/cases', component: CasesPage },
    // Another case is another page: nothing of the one before may be seen in it.
    { path: '/cases/:id', component: CasePage, props: true },
    { path: '/questions/:name?', component: QuestionsPage, props: true },
    { path: '/:unknown(.*)*', component: UnknownPage },
  ],
});
