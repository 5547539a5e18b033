import { talk } from '../fuzz/wire.ts';
import { type Device, send } from './device.ts';

/** Each sends its event at the same time as all others, over so many connections. */
export async function sendAll(
  url: string,
  over: 'many connections' | 'one connection',
  event: string,
  sent: { device: Device; body: object }[],
): Promise<{ status: number; retryAfter: number }[]> {
  if (over === 'many connections') {
    const replies = await Promise.all(sent.map(({ device, body }) => send(device, event, body)));
    return replies.map(({ status, headers }) => ({ status, retryAfter: Number(headers['retry-after']) }));
  }
  const requests = sent.map(({ device, body }, at) => write(device, event, body, at === sent.length - 1));
  const { answers } = await talk(url, { pieces: [Buffer.concat(requests)] });
  return answers.map(({ status, headers }) => ({ status, retryAfter: Number(headers['retry-after']) }));
}

/** Written one behind the other, without waiting for an answer: the server works on all of them at once. */
function write({ token, caseId }: Device, event: string, body: object, isLast: boolean): Buffer {
  const text = JSON.stringify(body);
  const lines = [
    `POST /v1/cases/${caseId}/events/${event} HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    `Connection: ${isLast ? 'close' : 'keep-alive'}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`);
}
