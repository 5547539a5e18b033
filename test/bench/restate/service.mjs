/** The same machine as a Restate virtual object: `@restatedev/xstate` runs it, in a process of its own beside Restate's server. */
import { serve } from '@restatedev/restate-sdk';
import { xstate } from '@restatedev/xstate';
import { fromPromise } from '@restatedev/xstate/promise';
import { StateMachine } from 'xstate';
import { machine } from '../../../src/machines/supervision-engineer-deregistration/machine.ts';
import { inventPeople } from '../../load/people.ts';
import { createBenchProviders } from '../servers/providers.ts';

const { SERVICE_PORT, BENCH_PEOPLE = '64' } = process.env;
const people = inventPeople(Number(BENCH_PEOPLE));
const providers = createBenchProviders(people);

/** The machine gives its effects no personal values: the object's key says who it is, which costs less than to keep them. */
function personOf({ key }) {
  return people[Number(key.slice('case-'.length))];
}

const { signal } = new AbortController();
const call = (ctx) => ({ key: ctx.key, signal });

const actors = {
  findPerson: fromPromise(({ ctx }) => providers.people.find(personOf(ctx), call(ctx))),
  startFace: fromPromise(async ({ ctx }) => {
    const { expiresAt } = await providers.faces.start({ ...personOf(ctx), subject: ctx.key }, call(ctx));
    return { expiresAt };
  }),
  checkFace: fromPromise(async ({ ctx }) => {
    const { outcome } = await providers.faces.check(
      { token: `face-${ctx.key}`, subject: ctx.key },
      call(ctx),
    );
    return { outcome };
  }),
  readRegister: fromPromise(async ({ ctx }) => {
    const { status, specialties } = await providers.register.read(personOf(ctx), call(ctx));
    return { status, specialties };
  }),
  fileDeregistration: fromPromise(({ ctx, input }) =>
    providers.register.file({ ...personOf(ctx), ...input, caseId: ctx.key }, call(ctx)),
  ),
};

/** The machine reads times from its events; results that XState brings by itself carry none. */
const delays = {
  faceTokenExpires: ({ context }) => Math.max(0, Date.parse(context.face.expiresAt) - Date.now()),
};

/** Restate waits for tags only: each state is given its own path as one. Nothing else of the machine changes. */
function tagged(state, path = []) {
  const states = Object.entries(state.states ?? {}).map(([name, child]) => [
    name,
    tagged(child, [...path, name]),
  ]);
  return {
    ...state,
    tags: [path.join('.')],
    ...(states.length > 0 ? { states: Object.fromEntries(states) } : {}),
  };
}

const provided = new StateMachine(tagged(machine.config), machine.implementations).provide({
  actors,
  delays,
});
await serve({ services: [xstate('case', provided)], port: Number(SERVICE_PORT) });
console.log(`listening http://127.0.0.1:${SERVICE_PORT}`);

// Its parent holds the other end: a service must not outlive the bench.
process.stdin.on('end', () => process.exit(1)).resume();
process.stdin.unref();
