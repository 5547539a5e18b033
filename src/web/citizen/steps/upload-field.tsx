import { defineComponent, reactive, useId } from 'vue';
import { say } from '../../shared/language.ts';
import type { CaseData } from '../case-types.ts';
import type { LiveCase } from '../live-case.ts';
import { AttachmentPicture } from '../ui/attachment-picture.tsx';
import { removeFile, uploadFile } from '../upload.ts';
import { words } from '../words.ts';

interface Props {
  live: LiveCase;
  attachments: NonNullable<CaseData['attachments']>;
  /** Which of the materials asked for the next file is; '' until that is chosen. */
  material: string;
  error: string | undefined;
  /** A file was chosen before it was said what it proves. */
  onMissing: (text: string) => void;
  onChanged: () => void;
}

interface Running {
  name: string;
  part: number;
  problem: string | undefined;
}

/** Figure 9-2: from the camera or the album, with a preview, a bar while it is on its way, and taken out again. */
export const UploadField = defineComponent(
  (props: Props) => {
    const id = useId();
    const running = reactive(new Map<string, Running>());
    const choose = (event: Event) => {
      const input = event.target as HTMLInputElement;
      const files = [...(input.files ?? [])];
      // So that the same file can be chosen once more.
      input.value = '';
      if (props.material === '') return props.onMissing(say(words.pleaseChoose));
      for (const file of files) void send(file);
    };
    const send = async (file: File) => {
      const key = crypto.randomUUID();
      running.set(key, { name: file.name, part: 0, problem: undefined });
      const { problem } = await uploadFile({
        caseId: props.live.id,
        material: props.material,
        file,
        key,
        onProgress: (part) => running.set(key, { name: file.name, part, problem: undefined }),
      });
      if (problem) return running.set(key, { name: file.name, part: 0, problem: problem.detail });
      await props.live.refresh();
      running.delete(key);
      props.onChanged();
    };
    const remove = async (attachment: string) => {
      await removeFile(props.live.id, attachment);
      await props.live.refresh();
    };

    const picker = (title: string, camera: boolean) => (
      <label class="upload">
        {title}
        <input
          type="file"
          class="hidden"
          accept="image/jpeg,image/png"
          multiple={!camera}
          {...(camera ? { capture: 'environment' } : {})}
          aria-describedby={`${id}-error`}
          onChange={choose}
        />
      </label>
    );
    const runningRow = ([key, { name, part, problem }]: [string, Running]) => (
      <li key={key}>
        <span>{name}</span>
        {problem === undefined ? (
          <progress value={part} max={1} aria-label={`${say(words.uploading)} ${name}`} />
        ) : (
          <span class="field-error">{problem}</span>
        )}
        {problem !== undefined && (
          <button
            type="button"
            class="link"
            aria-label={`${say(words.close)} ${name}`}
            onClick={() => running.delete(key)}
          >
            {say(words.close)}
          </button>
        )}
      </li>
    );
    return () => (
      <section class="card" aria-labelledby={`${id}-title`}>
        <h2 id={`${id}-title`}>{say(words.files)}</h2>
        <ul class="attachments" aria-live="polite">
          {props.attachments.map(({ id: attachment, name = '' }) => (
            <li key={attachment}>
              <AttachmentPicture caseId={props.live.id} attachment={attachment} name={name} />
              <span>{name}</span>
              <button
                type="button"
                class="link"
                aria-label={`${say(words.remove)} ${name}`}
                onClick={() => void remove(attachment)}
              >
                {say(words.remove)}
              </button>
            </li>
          ))}
          {[...running].map(runningRow)}
        </ul>
        <fieldset class="two uploads">
          <legend class="hidden">{say(words.upload)}</legend>
          {picker(say(words.takePhoto), true)}
          {picker(say(words.fromAlbum), false)}
        </fieldset>
        <p id={`${id}-error`} class="field-error" aria-live="polite">
          {props.error}
        </p>
      </section>
    );
  },
  { props: ['live', 'attachments', 'material', 'error', 'onMissing', 'onChanged'] },
);
