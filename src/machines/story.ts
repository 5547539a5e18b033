import type { JsonObject } from '../engine/types.ts';

/** What happens to a case: someone sends an event, an effect answers or gives up, a timer runs out. */
export type Happening =
  | { event: string; facts?: JsonObject }
  | { result: string; output: JsonObject; facts?: JsonObject }
  | { fails: string }
  | { runsOut: string };

/**
 * A sentence of the regulation or the guide, as something that happens and what is true then. Written before the
 * machine; every story is a test, and together they reach every state.
 */
export interface Story {
  title: string;
  /** The story this one goes on from. */
  given?: Story;
  when: Happening[];
  expect: {
    /** Active leaves. */
    states: string[];
    /** What the last event is answered with although it was accepted. */
    problem?: string;
    /** Effects and timers that are then under way. */
    waitsFor?: string[];
    /** Work without a result that the last happening started. */
    does?: string[];
    ends?: true;
  };
}
