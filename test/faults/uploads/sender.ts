import { type Connection, connect, type Reply } from '../../load/connection.ts';
import { inventPeople } from '../../load/people.ts';
import { must, newWalker, nextEvent, openCase } from '../../load/walker.ts';
import type { Sample, Verdict } from './corpus.ts';

/** Somebody whose case asks for evidence. */
export interface Sender {
  connection: Connection;
  token: string;
  attachments: string;
}

export async function newSender(url: string): Promise<Sender> {
  const connection = connect(url);
  const [person] = inventPeople(1);
  if (!person) throw new Error('nobody there');
  const walker = await newWalker(connection, person);
  const { token } = walker;
  let view = (await must(openCase(connection, walker))).body;
  while (!view.states.includes('form.forced')) {
    const next = nextEvent(view, person, 'forced');
    if (!next) throw new Error(`stuck in ${view.states.join(' ')}`);
    if (next.before) await must(connection.call({ method: 'POST', ...next.before }));
    const path = `/v1/cases/${view.id}/events/${next.event}`;
    view = (await must(connection.call({ method: 'POST', path, token, body: next.body }))).body;
  }
  return { connection, token, attachments: `/v1/cases/${view.id}/attachments` };
}

export interface Part {
  disposition: string;
  type?: string;
  content: Buffer | string;
}

const EDGE = 'banjian-uploads';

export function sendForm({ connection, token, attachments }: Sender, parts: Part[]): Promise<Reply> {
  return connection.call({ method: 'POST', path: attachments, token, raw: writeForm(parts) });
}

export function writeForm(parts: Part[]): { type: string; bytes: Buffer } {
  const written = parts.flatMap(({ disposition, type, content }) => [
    `--${EDGE}\r\nContent-Disposition: form-data; ${disposition}\r\n`,
    type === undefined ? '\r\n' : `Content-Type: ${type}\r\n\r\n`,
    content,
    '\r\n',
  ]);
  const bytes = Buffer.concat([...written, `--${EDGE}--\r\n`].map((each) => Buffer.from(each)));
  return { type: `multipart/form-data; boundary=${EDGE}`, bytes };
}

/** A field and a file, as a page sends them. The name goes as it is, in UTF-8. */
export function evidence(bytes: Buffer, name = 'picture.jpg', type = 'image/jpeg'): Part[] {
  return [
    { disposition: 'name="material"', content: 'death' },
    { disposition: `name="file"; filename="${name}"`, type, content: bytes },
  ];
}

/** Makes room again: a case takes nine. */
export async function takeOut({ connection, token }: Sender, { body }: Reply): Promise<void> {
  await must(connection.call({ method: 'DELETE', path: body.href, token }));
}

const ANSWERS: Record<Verdict, string> = {
  taken: '201',
  'other-type': '415 unsupported-media-type /file 仅支持 jpg、jpeg、png 格式',
  broken: '422 file-broken /file 文件为空或已损坏',
  'too-large': '413 payload-too-large /file 文件大小不能超过10MB',
  'too-many-pixels': '422 image-too-large /file 图片尺寸过大',
};

/** Samples that were answered in another way than the service says. */
export async function findWrong(sender: Sender, samples: Sample[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const { what, verdict, bytes, name, type } of samples) {
    const reply = await sendForm(sender, evidence(await bytes(), name, type));
    const answer = describe(reply);
    if (answer !== ANSWERS[verdict]) wrong.push(`${what}: ${answer}`);
    if (reply.status === 201) await takeOut(sender, reply);
  }
  return wrong;
}

export function describe({ status, body }: Reply): string {
  if (status < 300) return String(status);
  return [status, body?.code, body?.errors?.[0]?.pointer, body?.detail].filter(Boolean).join(' ');
}
