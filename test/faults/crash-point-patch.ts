import { ServerResponse } from 'node:http';
import Database from 'better-sqlite3';
import type { Call, Providers } from '../../src/providers/types.ts';
import { around, type Points } from './crash-point-points.ts';

type Statement = Database.Statement<unknown[], unknown>;
type Work = (...given: unknown[]) => unknown;

/** As it stands on a prototype, to be called with the object in hand. */
export function methodOf<Method>(prototype: object, name: string): Method {
  return Reflect.get(prototype, name) as Method;
}

/** One line, small letters, no quotes: the same statement has the same name however it was written. */
function nameStatement(text: string): string {
  return text.replaceAll(/["`]/g, '').replaceAll(/\s+/g, ' ').trim().replace(/;$/, '').toLowerCase();
}

/** Stands in a statement's place and runs it. What it does to `params` the statement is run with. */
export type OnStatement = (
  name: string,
  params: unknown[],
  run: () => unknown,
  database: Database.Database,
) => unknown;

/**
 * Each statement of the store, BEGIN and COMMIT included, gets a point before and after it. The simulators' database is
 * the world outside: there, the call is the point. `seen` is told of each that is prepared. The answer undoes it.
 */
export function watchStatements(on: OnStatement, seen: (name: string) => void = () => {}): () => void {
  const prepare = methodOf<(text: string) => Statement>(Database.prototype, 'prepare');
  const exec = methodOf<(text: string) => Database.Database>(Database.prototype, 'exec');
  const pragma = methodOf<(text: string, options?: object) => unknown>(Database.prototype, 'pragma');
  const transaction = methodOf<(work: Work) => unknown>(Database.prototype, 'transaction');
  Database.prototype.prepare = function (this: Database.Database, text: string) {
    const statement = prepare.call(this, text);
    if (!isStore(this)) return statement;
    const name = nameStatement(text);
    seen(name);
    return watch(statement, (params, run) => on(name, params, run, this));
  } as Database.Database['prepare'];
  Database.prototype.exec = function (this: Database.Database, text: string) {
    if (!isStore(this)) return exec.call(this, text);
    on(nameStatement(text), [], () => exec.call(this, text), this);
    return this;
  };
  Database.prototype.pragma = function (this: Database.Database, text: string, options) {
    if (!isStore(this)) return pragma.call(this, text, options);
    return on(nameStatement(`pragma ${text}`), [], () => pragma.call(this, text, options), this);
  };
  function watchedTransaction(this: Database.Database, work: Work): unknown {
    return isStore(this) ? writtenOut(this, work) : transaction.call(this, work);
  }
  Object.assign(Database.prototype, { transaction: watchedTransaction });
  return () => void Object.assign(Database.prototype, { prepare, exec, pragma, transaction });
}

function isStore(database: Database.Database): boolean {
  return database.name === ':memory:' || database.name.endsWith('banjian.db');
}

function watch(statement: Statement, on: (params: unknown[], run: () => unknown) => unknown): Statement {
  for (const method of ['run', 'get', 'all'] as const) {
    const original = statement[method].bind(statement) as (...params: unknown[]) => unknown;
    Object.assign(statement, {
      [method]: (...given: unknown[]) =>
        on(Array.isArray(given[0]) ? given[0] : given, () => original(...given)),
    });
  }
  return statement;
}

/** What better-sqlite3 does with statements that nobody can see, done with ones that are. */
function writtenOut(database: Database.Database, work: Work): unknown {
  const begun =
    (begin: string) =>
    (...given: unknown[]) => {
      database.prepare(begin).run();
      try {
        const result = work(...given);
        database.prepare('COMMIT').run();
        return result;
      } catch (error) {
        if (database.inTransaction) database.prepare('ROLLBACK').run();
        throw error;
      }
    };
  const kinds = { deferred: 'BEGIN DEFERRED', immediate: 'BEGIN IMMEDIATE', exclusive: 'BEGIN EXCLUSIVE' };
  const ways = Object.fromEntries(Object.entries(kinds).map(([kind, begin]) => [kind, begun(begin)]));
  return Object.assign(begun('BEGIN'), ways, { default: begun('BEGIN'), database });
}

/** Before and after each answer, by what it answers. */
export function watchAnswers(points: Points): void {
  const end = methodOf<(...given: unknown[]) => ServerResponse>(ServerResponse.prototype, 'end');
  ServerResponse.prototype.end = function (this: ServerResponse, ...given: unknown[]) {
    const name = nameAnswer(this);
    return name === undefined ? end.apply(this, given) : around(points, name, () => end.apply(this, given));
  } as typeof ServerResponse.prototype.end;
}

/** Asked by the test itself, beside the service. */
export const CONTROL = '/crash-points/';

function nameAnswer({ req }: ServerResponse): string | undefined {
  const { method = '', url = '' } = req;
  if (url.startsWith(CONTROL)) return undefined;
  // Reading changes nothing, so all reads are one.
  if (method === 'GET') return 'answer to a GET';
  const path = url.replace(/^\/v1\/cases\/[^/]+/, '').replace(/^\/v1/, '');
  return `answer to ${method} ${path}`;
}

type Method = (input: never, call: Call) => Promise<unknown>;
/** A call on its way to a provider. */
export type OnCall = (
  name: string,
  call: Call,
  send: (call: Call) => Promise<unknown>,
  input: never,
) => Promise<unknown>;

export function watchProviders(providers: Providers, on: OnCall): Providers {
  const watched = Object.entries(providers).map(([provider, methods]) => [
    provider,
    Object.fromEntries(
      Object.entries(methods as Record<string, Method>).map(([method, send]) => [
        method,
        (input: never, call: Call) => on(`${provider}.${method}`, call, (given) => send(input, given), input),
      ]),
    ),
  ]);
  return Object.fromEntries(watched) as Providers;
}
