import type { Matter, TimerState } from '../../../engine/types.ts';

/** For a guard of the shared steps that stands in the way: when it will no longer. */
export const stepsWhy: Matter['why'] = {
  mayRequestCode: (_context, timers, at) => waiting('sms-too-frequent', timers, 'sms.resume', at),
  faceUnlocked: (_context, timers, at) => waiting('face-locked', timers, 'faceLockEnds', at),
};

function waiting(code: string, timers: TimerState[], event: string, at: string) {
  const dueAt = timers.find((timer) => timer.event === event)?.dueAt ?? at;
  const seconds = Math.max(1, Math.ceil((Date.parse(dueAt) - Date.parse(at)) / 1000));
  return { code, params: { seconds }, retryAfterSeconds: seconds };
}
