import { createRouter, createWebHistory } from 'vue-router';
import { CasePage } from './pages/case-page.tsx';
import { CasesPage } from './pages/cases-page.tsx';
import { HomePage } from './pages/home-page.tsx';
import { MatterPage } from './pages/matter-page.tsx';
import { ProfilePage } from './pages/profile-page.tsx';
import { ProgressPage } from './pages/progress-page.tsx';
import { UnknownPage } from './pages/unknown-page.tsx';
import { me, signIn } from './session.ts';

/** The server knows these addresses too: src/http/routes/pages.ts. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', component: HomePage },
    { path: '/profile', component: ProfilePage },
    { path: '/matters/:matter', component: MatterPage },
    { path: '/cases', component: CasesPage },
    { path: '/cases/:id', component: CasePage },
    { path: '/cases/:id/progress', component: ProgressPage },
    { path: '/:rest(.*)*', component: UnknownPage },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

/** Figure 2 comes first for whoever comes first: nothing can be started without it. */
router.beforeEach(async ({ path, fullPath }) => {
  if (!me.value) await signIn();
  if (!me.value?.profileComplete && path !== '/profile')
    return { path: '/profile', query: { next: fullPath } };
});
