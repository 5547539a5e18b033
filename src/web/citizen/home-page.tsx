import 'vant/es/cell/index.css';
import { Cell } from 'vant';
import { defineComponent, shallowRef } from 'vue';
import { createApi } from '../shared/client.ts';

const api = createApi({ token: () => undefined, language: () => 'zh-CN' });

export const HomePage = defineComponent(() => {
  const professions = shallowRef<{ id: string; title: string }[]>([]);
  void api.GET('/v1/professions').then(({ data }) => {
    professions.value = data?.items ?? [];
  });
  return () => (
    <main>
      <h1>住房和城乡建设部政务服务平台</h1>
      <h2>事项办理</h2>
      {professions.value.map(({ id, title }) => (
        <Cell key={id} title={title} />
      ))}
    </main>
  );
});
