import { connect, type Socket } from 'node:net';

/** One keep-alive connection, as cheap as it can be: the load must cost less than the server it is for. */
export interface Wire {
  /** One request at a time. */
  send(message: string): void;
  isOpen(): boolean;
  close(): void;
}

export interface WireHandlers {
  onAnswer(status: number, body: Buffer): void;
  onEnd(error: Error | undefined): void;
}

const BUFFER_BYTES = 64 * 1024;
const HEAD_END = '\r\n\r\n';

export function openWire(url: URL, handlers: WireHandlers): Promise<Wire> {
  let kept: Buffer | undefined;
  let socket: Socket;
  const take = (bytes: number, buffer: Uint8Array) => {
    const chunk = Buffer.from(buffer.buffer, buffer.byteOffset, bytes);
    const all = kept ? Buffer.concat([kept, chunk]) : chunk;
    const answer = readAnswer(all);
    kept = answer ? undefined : Buffer.from(all);
    if (answer) handlers.onAnswer(answer.status, answer.body);
    return true;
  };
  return new Promise((resolve, reject) => {
    const onread = { buffer: Buffer.allocUnsafe(BUFFER_BYTES), callback: take };
    socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true, onread });
    socket.once('connect', () =>
      resolve({
        send: (message) => void socket.write(message),
        isOpen: () => socket.readyState === 'open',
        close: () => socket.destroy(),
      }),
    );
    let fault: Error | undefined;
    socket.once('error', (error) => {
      fault = error;
      reject(error);
    });
    socket.once('close', () => handlers.onEnd(fault));
  });
}

/** Undefined while the answer is not there yet, whole. The body is only good until the next read. */
export function readAnswer(bytes: Buffer): { status: number; body: Buffer } | undefined {
  const headEnd = bytes.indexOf(HEAD_END, 0, 'latin1');
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const from = headEnd + HEAD_END.length;
  const length = lengthIn(head);
  if (bytes.length < from + length) return undefined;
  return { status: Number(head.slice(9, 12)), body: bytes.subarray(from, from + length) };
}

function lengthIn(head: string): number {
  const length = /\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return Number(length);
  if (/\ntransfer-encoding:/i.test(head)) throw new Error(`an answer in chunks: ${head}`);
  return 0;
}
