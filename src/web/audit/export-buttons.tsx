import { computed, defineComponent, shallowRef } from 'vue';
import type { Problem } from '../shared/client.ts';
import { say } from '../shared/language.ts';
import { apiDocument, loadApiDocument } from './api-document.ts';
import { count } from './format.ts';
import { save } from './save.ts';
import { ask } from './session.ts';
import { ProblemNote } from './ui/problem-note.tsx';
import { words } from './words.ts';

const EXPORT = '/v1/audit/export';

interface Run {
  format: string;
  bytes: number;
  isDone: boolean;
  stop: AbortController;
}

/** A button for each format that the service exports to; none where it exports nothing. */
export const ExportButtons = defineComponent(() => {
  void loadApiDocument();
  const formats = computed(() => {
    const parameters = apiDocument.value?.paths[EXPORT]?.get?.parameters ?? [];
    return parameters.find(({ name }) => name === 'format')?.schema?.enum ?? [];
  });
  const run = shallowRef<Run>();
  const problem = shallowRef<Problem>();

  async function start(format: string): Promise<void> {
    const stop = new AbortController();
    const mine: Run = { format, bytes: 0, isDone: false, stop };
    run.value = mine;
    problem.value = undefined;
    const tell = (bytes: number) => {
      if (run.value?.stop === stop) run.value = { ...mine, bytes };
    };
    try {
      const answer = await ask(`${EXPORT}?format=${format}`, { signal: stop.signal });
      if ('problem' in answer) {
        problem.value = answer.problem;
        run.value = undefined;
        return;
      }
      const parts = await readParts(answer.response, tell);
      save(new Blob(parts), nameOf(answer.response, format));
      run.value = { ...mine, bytes: parts.reduce((sum, part) => sum + part.byteLength, 0), isDone: true };
    } catch {
      run.value = undefined;
      // A stream that breaks off was not finished: what came of it is no export.
      if (!stop.signal.aborted) problem.value = brokenOff();
    }
  }

  return () =>
    formats.value.length > 0 && (
      <div class="exports">
        <span class="soft">{say(words.export)}</span>
        {formats.value.map((format) => (
          <button
            key={format}
            type="button"
            disabled={run.value !== undefined && !run.value.isDone}
            onClick={() => void start(format)}
          >
            {format}
          </button>
        ))}
        <span role="status">{run.value && tellRun(run.value)}</span>
        {run.value && !run.value.isDone && (
          <button type="button" onClick={() => run.value?.stop.abort()}>
            {say(words.cancel)}
          </button>
        )}
        {problem.value && <ProblemNote problem={problem.value} />}
      </div>
    );
});

function brokenOff(): Problem {
  const detail = say(words.brokenOff);
  return { type: 'about:blank', title: detail, status: 0, detail, code: 'broken-off' };
}

function tellRun({ format, bytes, isDone }: Run): string {
  const size =
    bytes < 1024 ** 2 ? `${count(Math.ceil(bytes / 1024))} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
  return `${say(isDone ? words.exported : words.exporting)} ${format} · ${size}`;
}

async function readParts(
  response: Response,
  tell: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  let bytes = 0;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) return parts;
    parts.push(value);
    bytes += value.byteLength;
    tell(bytes);
  }
}

function nameOf(response: Response, format: string): string {
  const given = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  return given ?? `banjian.${format}`;
}
