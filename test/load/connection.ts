import { Agent, type IncomingMessage, request } from 'node:http';

export interface Reply {
  status: number;
  headers: IncomingMessage['headers'];
  bytes: Buffer;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server says; each test says what it expects
  body: any;
}

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  token?: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** The body as it is, instead of one to be written as JSON. */
  raw?: { type: string; bytes: Buffer };
}

/** One keep-alive connection to a server in another process. What it throws came from the socket, not from an answer. */
export interface Connection {
  call(call: Call): Promise<Reply>;
  close(): void;
}

export function connect(url: string): Connection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { hostname, port } = new URL(url);
  return {
    call: (call) =>
      new Promise((resolve, reject) => {
        const bytes = call.raw?.bytes ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
        const headers: Record<string, string> = { ...call.headers };
        if (bytes !== undefined) {
          headers['content-type'] = call.raw?.type ?? 'application/json';
          headers['content-length'] = String(Buffer.byteLength(bytes));
        }
        if (call.token !== undefined) headers.authorization = `Bearer ${call.token}`;
        const sent = request({ agent, hostname, port, method: call.method, path: call.path, headers });
        sent.once('response', (response) => void readReply(response).then(resolve, reject));
        sent.once('error', reject);
        sent.end(bytes);
      }),
    close: () => agent.destroy(),
  };
}

async function readReply(response: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString();
  const isJson = /json/.test(response.headers['content-type'] ?? '');
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    bytes,
    text,
    body: isJson ? JSON.parse(text) : undefined,
  };
}
