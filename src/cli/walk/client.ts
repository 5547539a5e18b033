import { randomUUID } from 'node:crypto';

/** A case as the contract answers it; only what a walk looks at. */
export interface Case {
  id: string;
  seq: number;
  status: 'active' | 'done';
  states: string[];
  message: string | null;
  data: { [name: string]: unknown };
  allowed: { event: string; title: string; href: string; form: { [name: string]: unknown } }[];
}
export interface Problem {
  status: number;
  code: string;
  detail: string;
  errors?: { pointer: string; code: string; message: string }[];
}
export interface Person {
  name: string;
  idNumber: string;
  mobile: string;
  registered: boolean;
  register: 'valid' | 'deregistered' | 'none';
  birthDate: string;
}

/** The server said something that this walk has no answer to. */
export class UnexpectedAnswer extends Error {
  override name = 'UnexpectedAnswer';
  readonly problem: Problem;

  constructor(asked: string, problem: Problem) {
    const fields = problem.errors?.map(({ pointer, message }) => `\n  ${pointer}: ${message}`).join('') ?? '';
    super(`${asked} → ${problem.status} ${problem.code}: ${problem.detail}${fields}`);
    this.problem = problem;
  }
}

/** The public API, and nothing else. */
export class Client {
  token: string | undefined;
  readonly #url: string;
  readonly #language: string;

  constructor(url: string, language: string) {
    this.#url = url.replace(/\/+$/, '');
    this.#language = language;
  }

  get<T>(path: string): Promise<T> {
    return this.#ask<T>('GET', path);
  }

  /** Every POST has a key of its own: were it sent twice, it would be done once. */
  post<T>(path: string, body: unknown): Promise<T> {
    return this.#ask<T>('POST', path, body, { 'idempotency-key': randomUUID() });
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#ask<T>('PUT', path, body);
  }

  /** @throws UnexpectedAnswer for every problem; Error when nobody answers. */
  async #ask<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const form = body instanceof FormData;
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        'accept-language': this.#language,
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    }).catch(() => {
      throw new Error(`${this.#url} 没有应答,请先启动服务:npm start · No answer: start the server first.`);
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw new UnexpectedAnswer(`${method} ${path}`, answer as Problem);
    return answer as T;
  }
}
