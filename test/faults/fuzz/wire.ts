import { connect, type Socket } from 'node:net';
import type { Answer } from './contract.ts';

/** What came of bytes written to a connection of their own. */
export interface Exchange {
  /** Final answers in their order; a 100 Continue is none. */
  answers: Answer[];
  /** Bytes that are no answer. */
  rest: string;
  /** By the server, within patience. */
  closed: boolean;
}

export interface Talk {
  /** Written one after the other, each once the one before is with the system. */
  pieces: Buffer[];
  /** Hangs up when all is written, without a farewell. */
  aborts?: boolean;
  /** Says so after a silence that nothing more will come; nobody does when left out. */
  quietMs?: number;
  /** Sent on the same connection once all before it is answered: shows that both sides agree where one ends. */
  afterwards?: string;
}

/** Longer than anything is left open: 10 s for a request, and the second in which that is noticed. */
const PATIENCE_MS = 15_000;

export async function talk(
  url: string,
  { pieces, aborts = false, quietMs = 0, afterwards }: Talk,
): Promise<Exchange> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const heard: Buffer[] = [];
  let next = afterwards;
  return new Promise((resolve) => {
    const finish = (closed: boolean) => {
      clearTimeout(patience);
      socket.destroy();
      resolve({ ...readAnswers(Buffer.concat(heard)), closed });
    };
    const patience = setTimeout(() => finish(false), PATIENCE_MS);
    socket.on('error', () => {});
    socket.on('close', () => finish(true));
    socket.on('data', (chunk) => {
      heard.push(chunk);
      if (next === undefined || socket.writableLength > 0 || !isWhole(heard)) return;
      socket.write(next);
      next = undefined;
    });
    // A half-open end: whatever the server waits for will not come.
    socket.setTimeout(quietMs, () => socket.end());
    void say(socket, pieces).then(() => aborts && socket.resetAndDestroy());
  });
}

async function say(socket: Socket, pieces: Buffer[]): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed || socket.writableEnded) return;
    await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
  }
}

function isWhole(heard: Buffer[]): boolean {
  const { answers, rest } = readAnswers(Buffer.concat(heard));
  return answers.length > 0 && rest === '';
}

/** HTTP/1.1 answers one behind the other, framed by Content-Length or in chunks. */
function readAnswers(bytes: Buffer): { answers: Answer[]; rest: string } {
  const answers: Answer[] = [];
  let text = bytes.toString('latin1');
  for (let read = readOne(text); read; read = readOne(text)) {
    if (read.answer.status >= 200) answers.push(read.answer);
    text = read.rest;
  }
  return { answers, rest: text };
}

function readOne(text: string): { answer: Answer; rest: string } | undefined {
  const head = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n/.exec(text);
  if (!head) return undefined;
  const [whole, status, lines = ''] = head;
  const headers = readHeaders(lines);
  const body = readBody(text.slice(whole.length), headers, Number(status));
  if (!body) return undefined;
  const utf8 = Buffer.from(body.text, 'latin1').toString();
  return { answer: { status: Number(status), headers, text: utf8 }, rest: body.rest };
}

function readHeaders(lines: string): Record<string, string> {
  const pairs = lines
    .split('\r\n')
    .filter(Boolean)
    .map((line) => line.split(/: ?(.*)/s, 2));
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name.toLowerCase(), value]));
}

function readBody(text: string, headers: Record<string, string>, status: number) {
  if (status < 200 || status === 204 || status === 304) return { text: '', rest: text };
  if (headers['transfer-encoding'] === 'chunked') return readChunks(text);
  const length = Number(headers['content-length'] ?? 0);
  return text.length < length ? undefined : { text: text.slice(0, length), rest: text.slice(length) };
}

function readChunks(text: string): { text: string; rest: string } | undefined {
  let body = '';
  let rest = text;
  for (;;) {
    const size = /^([0-9a-f]+)\r\n/i.exec(rest);
    if (!size) return undefined;
    const length = Number.parseInt(size[1] ?? '', 16);
    const start = size[0].length;
    if (rest.length < start + length + 2) return undefined;
    body += rest.slice(start, start + length);
    rest = rest.slice(start + length + 2);
    if (length === 0) return { text: body, rest };
  }
}
