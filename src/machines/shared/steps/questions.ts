import type { MatterQuestions } from '../../../engine/types.ts';

/** What auditors ask about figures 6 and 7: codes typed wrong before the right one, faces that did not match before one that did. */
export const stepsQuestions: MatterQuestions = {
  // A face token of another case, or an invented one, claims a pass that this case never had.
  skips: ['face-token-rejected'],
  trials: {
    sms: {
      title: { zh: '短信验证码', en: 'SMS code' },
      failed: [{ type: 'registration.submit', data: { smsCode: 'wrong' } }],
      passed: [{ type: 'registration.submit', data: { smsCode: 'right' } }],
    },
    face: {
      title: { zh: '人脸识别', en: 'Face verification' },
      failed: [{ type: 'xstate.done.actor.checkFace', data: { output: { outcome: 'mismatch' } } }],
      passed: [
        {
          type: 'xstate.done.actor.checkFace',
          data: { output: { outcome: 'pass' } },
          // Too late: a pass after five failures of the day locks, and does not pass.
          without: ['limitReached'],
        },
      ],
    },
  },
};
