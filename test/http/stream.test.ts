import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../helpers.ts';
import { smallMatter } from './small-matter.ts';

let kit: TestApp;
let person: TestClient;
let id: string;
beforeEach(async () => {
  kit = await startTestApp({ matters: [smallMatter()] });
  person = await kit.person();
  id = (await person.post('/v1/matters/small/cases', {})).json().id;
});
afterEach(() => kit.close());

interface Message {
  id: number;
  event: string;
  data: { seq: number; states: string[] };
}

function read(text: string): Message[] {
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('id: '))
    .map((block) => {
      const [, seq = '', event = '', data = ''] = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      return { id: Number(seq), event, data: JSON.parse(data) };
    });
}

const walk = async () => {
  await person.post(`/v1/cases/${id}/events/note.send`, { text: '你好', colour: 'red' });
  await person.post(`/v1/cases/${id}/events/note.close`);
};
const follow = (headers?: Record<string, string>) => person.get(`/v1/cases/${id}/stream`, headers);

describe('a stream', () => {
  it('begins with the case as it stands, tells every entry, and ends with the case', async () => {
    const streaming = follow();
    await walk();
    const answer = await streaming;
    expect(answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    const messages = read(answer.body);
    expect(messages.map((message) => message.id)).toEqual([1, 2, 3, 4]);
    expect(messages.map(({ data }) => data.states[0])).toEqual(['writing', 'checking', 'sent', 'closed']);
    expect(messages.every((message) => message.event === 'case' && message.data.seq === message.id)).toBe(
      true,
    );
  });

  it('tells the same case as reading it then did', async () => {
    const streaming = follow();
    await walk();
    for (const message of read((await streaming).body)) {
      expect(message.data).toEqual((await person.get(`/v1/cases/${id}?asOf=${message.id}`)).json());
    }
  });

  it('goes on where it was left, without a gap', async () => {
    await walk();
    const answer = await follow({ 'last-event-id': '2' });
    expect(read(answer.body).map((message) => message.id)).toEqual([3, 4]);
  });

  it('of a case that is done and read says so, for an EventSource would ask for ever', async () => {
    await walk();
    expect((await follow({ 'last-event-id': '4' })).statusCode).toBe(204);
    expect((await follow({ 'last-event-id': 'x' })).json().code).toBe('malformed');
  });

  it('shows signs of life', async () => {
    const streaming = follow();
    await new Promise((resolve) => setImmediate(resolve));
    kit.clock.move(45_000);
    await walk();
    expect((await streaming).body.match(/^: still here$/gm)?.length).toBe(3);
  });

  it('is opened eight times by one person, and not nine', async () => {
    const streaming = Array.from({ length: 8 }, () => follow());
    await new Promise((resolve) => setImmediate(resolve));
    await kit.until(async () => (await follow()).statusCode === 429);
    await walk();
    await Promise.all(streaming);
    expect((await follow({ 'last-event-id': '3' })).statusCode).toBe(200);
  });

  it('ends when the server stops', async () => {
    const streaming = follow();
    await new Promise((resolve) => setImmediate(resolve));
    await kit.app.close();
    expect(read((await streaming).body)).toHaveLength(1);
  });
});
