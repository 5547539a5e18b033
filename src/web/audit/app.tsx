import { defineComponent, type FunctionalComponent } from 'vue';
import { RouterLink, RouterView, useRoute } from 'vue-router';
import { language, say } from '../shared/language.ts';
import { SignInPage } from './pages/sign-in-page.tsx';
import { purposes } from './purposes.ts';
import { isSignedIn, purpose, signOut } from './session.ts';
import { words } from './words.ts';

/** The frame of every page. Nothing of a page is there before somebody has signed in. */
export const App = defineComponent(() => () => (
  <>
    <a class="skip" href="#page">
      {say(words.skip)}
    </a>
    <header class="top">
      <span class="brand">
        <span aria-hidden="true" class="seal">
          审
        </span>
        {say(words.title)}
      </span>
      {isSignedIn() && <Menu />}
      <span class="own">
        {isSignedIn() && <PurposeChoice />}
        <button type="button" lang={language.value === 'en' ? 'zh-CN' : 'en'} onClick={changeLanguage}>
          {say(words.otherLanguage)}
        </button>
        {isSignedIn() && (
          <button type="button" onClick={signOut}>
            {say(words.signOut)}
          </button>
        )}
      </span>
    </header>
    {isSignedIn() ? <RouterView /> : <SignInPage />}
  </>
));

const PurposeChoice: FunctionalComponent = () => (
  <label>
    {say(words.purpose)}
    <select
      value={purpose.value}
      onChange={(event) => (purpose.value = (event.target as HTMLSelectElement).value)}
    >
      {Object.entries(purposes).map(([code, title]) => (
        <option key={code} value={code}>
          {say(title)}
        </option>
      ))}
    </select>
  </label>
);

const PLACES = [
  { to: '/', title: words.overview },
  { to: '/cases', title: words.cases },
  { to: '/questions', title: words.questions },
] as const;

const Menu = defineComponent(() => {
  const route = useRoute();
  const isHere = (to: string) => route.path === to || (to !== '/' && route.path.startsWith(`${to}/`));
  return () => (
    <nav aria-label={say(words.menu)}>
      {PLACES.map(({ to, title }) => (
        <RouterLink key={to} to={to} class={{ here: isHere(to) }}>
          {() => say(title)}
        </RouterLink>
      ))}
    </nav>
  );
});

function changeLanguage(): void {
  language.value = language.value === 'en' ? 'zh-CN' : 'en';
}
