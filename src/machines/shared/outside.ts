import { fromPromise, type PromiseActorLogic } from 'xstate';

/** Work outside the machine: its place and its result's shape. The worker does it; run in a plain actor it says so. */
export function outside<Output, Input = undefined>(): PromiseActorLogic<Output, Input> {
  return fromPromise<Output, Input>(() => Promise.reject(new Error('this effect is run by the worker')));
}
