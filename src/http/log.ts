import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import type { Log } from '../engine/runtime.ts';

/** The only fields a line may hold: names and numbers of ours, nothing anybody typed. */
const FIELDS = [
  'method',
  'route',
  'statusCode',
  'ms',
  'faultId',
  'fault',
  'stack',
  'task',
  'attempt',
  'matter',
  'version',
  'signal',
];

export interface LogOptions {
  level: string;
  stream?: { write(line: string): void };
}

/** Structured lines, by an allow-list: a field that is not named above is not written, whoever logs it. */
export function loggerOptions({ level, stream }: LogOptions): FastifyServerOptions['logger'] {
  return {
    level,
    ...(stream ? { stream } : {}),
    base: null,
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => Object.fromEntries(Object.entries(fields).filter(([name]) => FIELDS.includes(name))),
    },
    hooks: {
      // A line made from an error takes the error's message for its text: that may quote what somebody typed.
      logMethod([first, second, ...rest], method) {
        const error = errorIn(first);
        if (!error) return method.apply(this, [first, second, ...rest] as Parameters<typeof method>);
        method.apply(this, [{ fault: error.name }, typeof second === 'string' ? second : 'error']);
      },
    },
  };
}

function errorIn(first: unknown): Error | undefined {
  if (first instanceof Error) return first;
  const inside = typeof first === 'object' && first !== null && 'err' in first ? first.err : undefined;
  return inside instanceof Error ? inside : undefined;
}

/** One line a request: its route's pattern, never the address that was called. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        statusCode: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    );
    done();
  });
}

/** A log that can be handed out before the app that writes it is there. */
export function createLog(): Log & { writeTo(log: Log): void } {
  let target: Log | undefined;
  return {
    warn: (fields, message) => target?.warn(fields, message),
    error: (fields, message) => target?.error(fields, message),
    writeTo(log) {
      target = log;
    },
  };
}
