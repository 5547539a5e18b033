import { defineComponent, onScopeDispose, ref, shallowRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { type Problem, problemOf } from '../../shared/client.ts';
import { say } from '../../shared/language.ts';
import { untilAnswered } from '../network.ts';
import { api, me, ownHeaders, signIn } from '../session.ts';
import { Action } from '../ui/action.tsx';
import { Frame } from '../ui/frame.tsx';
import { words } from '../words.ts';

/** Figure 2. */
export const ProfilePage = defineComponent(() => {
  const route = useRoute();
  const router = useRouter();
  const nickname = ref(me.value?.nickname ?? '');
  const avatar = shallowRef<File>();
  const preview = ref<string>();
  const busy = ref(false);
  const errors = ref<{ avatar?: string; nickname?: string }>({});
  const dropPreview = () => preview.value !== undefined && URL.revokeObjectURL(preview.value);
  onScopeDispose(dropPreview);

  const choose = (event: Event) => {
    const [file] = (event.target as HTMLInputElement).files ?? [];
    if (!file) return;
    dropPreview();
    avatar.value = file;
    preview.value = URL.createObjectURL(file);
    errors.value = {};
  };
  const save = async () => {
    if (avatar.value) {
      const problem = await putAvatar(avatar.value);
      if (problem) return { avatar: problem.detail };
    } else if (!me.value?.avatar) return { avatar: say(words.avatarMissing) };
    const { error } = await untilAnswered(() =>
      api.PUT('/v1/me/profile', { body: { nickname: nickname.value } }),
    );
    return error && { nickname: error.detail };
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    const found = await save();
    if (!found) await signIn();
    busy.value = false;
    errors.value = found ?? {};
    if (!found) await router.replace(String(route.query.next ?? '/'));
  };

  const avatarField = () => (
    <div class="avatar">
      <label>
        {preview.value ? (
          <img src={preview.value} alt={say(words.avatar)} />
        ) : (
          <span class="avatar-empty" aria-hidden="true" />
        )}
        <span>{say(words.avatarSet)}</span>
        <input
          type="file"
          class="hidden"
          accept="image/jpeg,image/png"
          aria-invalid={errors.value.avatar !== undefined}
          aria-describedby="avatar-error"
          onChange={choose}
        />
      </label>
      <p id="avatar-error" class="field-error" aria-live="polite">
        {errors.value.avatar}
      </p>
    </div>
  );
  const nicknameField = () => (
    <div class="field">
      <label for="nickname">{say(words.nickname)}</label>
      <div class="field-control">
        <input
          id="nickname"
          value={nickname.value}
          maxlength={30}
          autocomplete="nickname"
          placeholder={say(words.nicknameEnter)}
          aria-invalid={errors.value.nickname !== undefined}
          aria-describedby="nickname-hint nickname-error"
          onInput={(event: Event) => {
            nickname.value = (event.target as HTMLInputElement).value;
          }}
        />
      </div>
      <p id="nickname-hint" class="field-hint">
        {say(words.nicknameSet)}
      </p>
      <p id="nickname-error" class="field-error" aria-live="polite">
        {errors.value.nickname}
      </p>
    </div>
  );

  return () => (
    <Frame title={say(words.login)}>
      <form class="card profile" novalidate onSubmit={submit}>
        {avatarField()}
        {nicknameField()}
        <Action title={say(words.loginDo)} submit busy={busy.value} />
      </form>
    </Frame>
  );
});

async function putAvatar(file: File): Promise<Problem | undefined> {
  const body = new FormData();
  body.set('file', file);
  const { status, answer } = await untilAnswered(async () => {
    const response = await fetch('/v1/me/avatar', { method: 'PUT', headers: ownHeaders(), body });
    return { status: response.status, answer: await response.json().catch(() => undefined) };
  });
  return status < 300 ? undefined : problemOf(status, answer);
}
