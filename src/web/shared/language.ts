import { ref, watchEffect } from 'vue';

export type Language = 'zh-CN' | 'en';
/** A text of the pages themselves; what the service says comes from it in the reader's language already. */
export interface Words {
  zh: string;
  en: string;
}

const PLACE = 'banjian.language';

/** The same for both applications on a device. */
export const language = ref<Language>(localStorage.getItem(PLACE) === 'en' ? 'en' : 'zh-CN');

watchEffect(() => {
  localStorage.setItem(PLACE, language.value);
  document.documentElement.lang = language.value;
});

export function say({ zh, en }: Words): string {
  return language.value === 'en' ? en : zh;
}
