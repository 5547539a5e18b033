import { EVENTS_A_WALK, factsOf, STEPS } from '../walk.ts';
import { type Dialect, post, refuse, type Walk } from './requests.ts';

/** The state in which an event's own work is done: until then Restate is asked to wait. */
const waits: Record<string, string> = {
  'identity.submit': 'faceVerification.consenting',
  'face.begin': 'faceVerification.capturing',
  'face.finish': 'notice.reading',
  'form.submit': 'submitted.awaitingEnterprise',
};

/** Restate's own ingress, straight to the virtual object: there is nothing between that would check a session or a form. */
export const restate: Dialect = {
  events: EVENTS_A_WALK,
  request({ index, person, headers, done }: Walk) {
    const key = `case-${index}`;
    const step = STEPS[done - 1];
    if (!step) return post(`/case/${key}/create`, headers, '{"input":{}}');
    const event = {
      ...step.body(person, `face-${key}`),
      ...factsOf(step.event),
      at: new Date().toISOString(),
      type: step.event,
    };
    const state = waits[step.event];
    if (state === undefined) return post(`/case/${key}/send`, headers, JSON.stringify({ event }));
    return post(`/case/${key}/waitFor`, headers, JSON.stringify({ condition: `hasTag:${state}`, event }));
  },
  take(walk, status, body) {
    if (status !== 200 || !body.includes('"status":"active"')) refuse(walk, status, body);
    if (walk.done === EVENTS_A_WALK - 1 && !body.includes('awaitingEnterprise')) refuse(walk, status, body);
    walk.done++;
    return true;
  },
};
