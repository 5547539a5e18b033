import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A connection that takes its time. */
export interface Slow {
  kind: string;
  /** Sent at once. */
  first: string;
  /** Sent now and then. */
  drip?: string;
}

export interface Lasted {
  kind: string;
  /** From the first byte until the server closed it; undefined when it never did. */
  ms: number | undefined;
}

/** What a request may take, and the second in which that is noticed. */
export const MOST_MS = 12_000;
const DRIP_MS = 700;

const POST = 'POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const GET = 'GET /health/live HTTP/1.1\r\nHost: x\r\n';

/** A picture of which nothing has come yet. */
export function beginUpload(token: string): string {
  return [
    'PUT /v1/me/avatar HTTP/1.1\r\nHost: x',
    `Authorization: Bearer ${token}`,
    'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9000\r\n',
    '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n',
  ].join('\r\n');
}

/** Every way to be slow. `token` is for those that must get past the door. */
export function slowKinds(token: string): Slow[] {
  return [
    { kind: 'nothing at all', first: '' },
    { kind: 'half a first line', first: 'GET /hea' },
    { kind: 'empty lines', first: '\r\n', drip: '\r\n' },
    { kind: 'headers that never end', first: POST },
    { kind: 'a header now and then', first: GET, drip: 'a: b\r\n' },
    { kind: 'a byte of a header now and then', first: `${GET}a: `, drip: 'b' },
    { kind: 'a body that never comes', first: `${POST}Content-Length: 17\r\n\r\n` },
    { kind: 'a byte of a body now and then', first: `${POST}Content-Length: 9000\r\n\r\n{`, drip: ' ' },
    { kind: 'a chunk now and then', first: `${POST}Transfer-Encoding: chunked\r\n\r\n`, drip: '1\r\n \r\n' },
    { kind: 'a file that never comes', first: beginUpload(token) },
    { kind: 'a byte of a file now and then', first: beginUpload(token), drip: 'x' },
    { kind: 'a body that nobody asked for', first: `${GET}Content-Length: 9000\r\n\r\n`, drip: 'x' },
    {
      kind: 'a body to nowhere',
      first: 'POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n',
      drip: ' ',
    },
    {
      kind: 'an expectation, and then nothing',
      first: `${POST}Expect: 100-continue\r\nContent-Length: 9\r\n\r\n`,
    },
    { kind: 'an answered request, and then nothing', first: `${GET}\r\n` },
    { kind: 'an answered request, and then empty lines', first: `${GET}\r\n`, drip: '\r\n' },
    { kind: 'an answered request, and then half of one', first: `${GET}\r\n${GET}` },
    {
      kind: 'an upgrade that nobody offers',
      first: `${GET}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    },
  ];
}

/** Holds on to a connection for as long as it is let, or a little longer than it should be. */
export function holdOn(url: string, { kind, first, drip }: Slow): Promise<Lasted> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.on('data', () => {});
    socket.on('error', () => {});
    socket.on('connect', () => {
      const began = performance.now();
      socket.write(first);
      const dripping = drip === undefined ? undefined : setInterval(() => socket.write(drip), DRIP_MS);
      const patience = setTimeout(() => finish(undefined), MOST_MS);
      const finish = (ms: number | undefined) => {
        clearInterval(dripping);
        clearTimeout(patience);
        socket.destroy();
        resolve({ kind, ms });
      };
      socket.on('close', () => finish(performance.now() - began));
    });
  });
}

/** Asks for something, and is gone as soon as that is sent. */
export function hangUp(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    const body = '{"channel":"web"}';
    socket.write(`${POST}Content-Length: ${body.length}\r\n\r\n${body}`, () => socket.resetAndDestroy());
  });
}

/** Longer than a server should wait for somebody to take what is theirs: Node sees it at its second look, after 60 s. */
const LATE_MS = 75_000;

/** Asks for so many answers and takes none of them for a long time; then says how many bytes were still to be had. */
export async function readLate(url: string, path: string, count: number): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).pause();
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(count));
  await pause(LATE_MS);
  let bytes = 0;
  socket.on('data', (chunk) => (bytes += chunk.length));
  const closed = once(socket, 'close');
  socket.setTimeout(5_000, () => socket.destroy()).resume();
  if (!socket.closed) await closed;
  return bytes;
}

/** Kinds of which one was not closed in time. */
export function leftOpen(lasted: Lasted[]): string[] {
  return [...new Set(lasted.filter(({ ms }) => ms === undefined).map(({ kind }) => kind))];
}
