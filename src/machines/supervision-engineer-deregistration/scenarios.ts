import type { Happening, Story } from '../story.ts';
import { CLAUSES, type Material } from './machine.ts';

const answersOf = {
  found: { result: 'findPerson', output: { registered: true } },
  unknown: { result: 'findPerson', output: { registered: false } },
  codeSent: { result: 'sendCode', output: { sentKey: 'case:5:sendCode' } },
  created: { result: 'createAccount', output: { created: true } },
  exists: { result: 'createAccount', output: { created: false } },
  faceStarted: { result: 'startFace', output: { expiresAt: '2026-09-01T02:30:00.000Z' } },
  pass: { result: 'checkFace', output: { outcome: 'pass' } },
  mismatch: { result: 'checkFace', output: { outcome: 'mismatch' } },
  unfinished: { result: 'checkFace', output: { outcome: 'unfinished' } },
  valid: { result: 'readRegister', output: { status: 'valid', specialties: ['房屋建筑工程'] } },
  deregistered: { result: 'readRegister', output: { status: 'deregistered', specialties: [] } },
  noEntry: { result: 'readRegister', output: { status: 'none', specialties: [] } },
  filed: { result: 'fileDeregistration', output: { filingNumber: 'ZX20260901000001' } },
} satisfies Record<string, Happening>;

const submit = (smsCode: 'right' | 'wrong'): Happening => ({
  event: 'registration.submit',
  facts: { smsCode, agreements: [{ id: 'user-service-agreement', version: '1' }], unusualPeriod: false },
});
const faceBegin: Happening = { event: 'face.begin', facts: { consentVersion: '1', channel: 'web' } };
const faceFails: Happening[] = [
  faceBegin,
  answersOf.faceStarted,
  { event: 'face.finish' },
  answersOf.mismatch,
];
const allClauses: Happening[] = CLAUSES.map((clause) => ({ event: 'notice.acknowledge', facts: { clause } }));
const pledge: Happening = { event: 'pledge.accept', facts: { pledgeVersion: '1' } };
const award: Material = {
  id: 'award',
  material: 'arbitration',
  digest: `sha256:${'0'.repeat(64)}`,
  size: 1000,
  mediaType: 'image/png',
  width: 10,
  height: 10,
};
const addAward: Happening = { event: 'material.add', facts: { attachment: { ...award } } };

// ── figure 5 ────────────────────────────────────────────────────────────────

const opened: Story = {
  title: 'A new case asks for name and ID number (figure 5)',
  when: [],
  expect: { states: ['identity.entering'] },
};
const checking: Story = {
  title: 'What was typed is looked up',
  given: opened,
  when: [{ event: 'identity.submit' }],
  expect: { states: ['identity.checking'], waitsFor: ['findPerson'] },
};
const registered: Story = {
  title: 'A registered person goes on to face verification',
  given: checking,
  when: [answersOf.found],
  expect: { states: ['faceVerification.consenting'], waitsFor: [] },
};
const notFound: Story = {
  title: '未查询到该用户,是否前往注册? for an unknown person',
  given: checking,
  when: [answersOf.unknown],
  expect: { states: ['identity.notFound'] },
};
const corrected: Story = {
  title: '取消 leads back to figure 5',
  given: notFound,
  when: [{ event: 'identity.retry' }],
  expect: { states: ['identity.entering'] },
};
const lookUpDown: Story = {
  title: 'A look-up that keeps failing says so and can be tried again',
  given: checking,
  when: [{ fails: 'findPerson' }],
  expect: { states: ['identity.unavailable'], waitsFor: [] },
};
const lookUpAgain: Story = {
  title: 'Trying again looks up what was typed before',
  given: lookUpDown,
  when: [{ event: 'case.retry' }],
  expect: { states: ['identity.checking'], waitsFor: ['findPerson'] },
};

// ── figure 6 ────────────────────────────────────────────────────────────────

const registering: Story = {
  title: '确定 opens the registration (figure 6)',
  given: notFound,
  when: [{ event: 'registration.begin' }],
  expect: { states: ['registration.form.filling', 'registration.smsCode.none'] },
};
const codeRequested: Story = {
  title: '获取验证码 sends a code and pauses the button for 60 seconds',
  given: registering,
  when: [{ event: 'sms.request' }],
  expect: {
    states: ['registration.form.filling', 'registration.smsCode.sending'],
    waitsFor: ['sendCode', 'sms.resume'],
  },
};
const codeSent: Story = {
  title: 'A sent code lives 5 minutes',
  given: codeRequested,
  when: [answersOf.codeSent],
  expect: {
    states: ['registration.form.filling', 'registration.smsCode.sent'],
    waitsFor: ['sms.resume', 'smsCodeExpires'],
  },
};
const codeNotSent: Story = {
  title: 'A code that could not be sent says so',
  given: codeRequested,
  when: [{ fails: 'sendCode' }],
  expect: { states: ['registration.form.filling', 'registration.smsCode.failed'] },
};
const codeAgain: Story = {
  title: 'After 60 seconds another code can be asked for',
  given: codeSent,
  when: [{ runsOut: 'sms.resume' }, { event: 'sms.request' }, answersOf.codeSent],
  expect: { states: ['registration.form.filling', 'registration.smsCode.sent'] },
};
const codeExpired: Story = {
  title: 'After 5 minutes the code is of no use',
  given: codeSent,
  when: [{ runsOut: 'smsCodeExpires' }],
  expect: { states: ['registration.form.filling', 'registration.smsCode.expired'] },
};
const codeWrong: Story = {
  title: 'A wrong code is answered 验证码错误 and counted',
  given: codeSent,
  when: [submit('wrong')],
  expect: { states: ['registration.form.filling', 'registration.smsCode.sent'], problem: 'sms-code-wrong' },
};
const codeDead: Story = {
  title: 'After 5 wrong tries the code is dead',
  given: codeWrong,
  when: [submit('wrong'), submit('wrong'), submit('wrong'), submit('wrong')],
  expect: { states: ['registration.form.filling', 'registration.smsCode.used'], problem: 'sms-code-wrong' },
};
const creating: Story = {
  title: 'With the right code the account is made, and the code is used',
  given: codeSent,
  when: [submit('right')],
  expect: { states: ['registration.form.creating', 'registration.smsCode.used'] },
};
const newlyRegistered: Story = {
  title: 'Success goes straight to figure 7',
  given: creating,
  when: [answersOf.created],
  expect: { states: ['faceVerification.consenting'], waitsFor: [] },
};
const alreadyRegistered: Story = {
  title: '该身份证号已注册 only after the SMS proof',
  given: creating,
  when: [answersOf.exists],
  expect: {
    states: ['registration.form.filling', 'registration.smsCode.used'],
    problem: 'already-registered',
  },
};
const accountDown: Story = {
  title: 'An account that could not be made is tried again without a new code',
  given: creating,
  when: [{ fails: 'createAccount' }],
  expect: { states: ['registration.form.unavailable', 'registration.smsCode.used'] },
};
const accountAgain: Story = {
  title: 'Trying again makes the account',
  given: accountDown,
  when: [{ event: 'case.retry' }, answersOf.created],
  expect: { states: ['faceVerification.consenting'] },
};
const leftRegistration: Story = {
  title: 'Leaving the registration ends its code, not the pause: that would be a way around it',
  given: codeSent,
  when: [{ event: 'identity.retry' }],
  expect: { states: ['identity.entering'], waitsFor: ['sms.resume'] },
};
const cameBack: Story = {
  title: 'After the pause another code can be asked for on coming back',
  given: leftRegistration,
  when: [
    { runsOut: 'sms.resume' },
    { event: 'identity.submit' },
    answersOf.unknown,
    { event: 'registration.begin' },
    { event: 'sms.request' },
  ],
  expect: {
    states: ['registration.form.filling', 'registration.smsCode.sending'],
    waitsFor: ['sendCode', 'sms.resume'],
  },
};

// ── figure 7 ────────────────────────────────────────────────────────────────

const starting: Story = {
  title: 'With consent a face check is asked for',
  given: registered,
  when: [faceBegin],
  expect: { states: ['faceVerification.starting'], waitsFor: ['startFace'] },
};
const capturing: Story = {
  title: 'The person stands before the camera',
  given: starting,
  when: [answersOf.faceStarted],
  expect: { states: ['faceVerification.capturing'], waitsFor: ['faceTokenExpires'] },
};
const faceChecking: Story = {
  title: 'The provider is asked, not the client',
  given: capturing,
  when: [{ event: 'face.finish' }],
  expect: { states: ['faceVerification.checking'], waitsFor: ['checkFace'] },
};
const passed: Story = {
  title: '已通过: the register is read next',
  given: faceChecking,
  when: [answersOf.pass],
  expect: { states: ['eligibility.checking'], waitsFor: ['readRegister'] },
};
const faceFailed: Story = {
  title: '人脸与身份信息不一致 can be tried again',
  given: faceChecking,
  when: [answersOf.mismatch],
  expect: { states: ['faceVerification.failed'] },
};
const faceUnfinished: Story = {
  title: 'Not yet before the camera: nothing is counted',
  given: faceChecking,
  when: [answersOf.unfinished],
  expect: { states: ['faceVerification.capturing'] },
};
const faceDown: Story = {
  title: 'The provider being down costs no attempt',
  given: faceChecking,
  when: [{ fails: 'checkFace' }],
  expect: { states: ['faceVerification.failed'] },
};
const faceNotStarted: Story = {
  title: 'A face check that cannot be started says so',
  given: starting,
  when: [{ fails: 'startFace' }],
  expect: { states: ['faceVerification.failed'] },
};
const faceTimedOut: Story = {
  title: 'A face check left alone for 10 minutes is over',
  given: capturing,
  when: [{ runsOut: 'faceTokenExpires' }],
  expect: { states: ['faceVerification.failed'] },
};
const faceLocked: Story = {
  title: 'The fifth failure of a day locks the step',
  given: faceFailed,
  when: [...faceFails, ...faceFails, ...faceFails, ...faceFails],
  expect: { states: ['faceVerification.locked'], waitsFor: ['faceLockEnds'] },
};
const faceUnlocked: Story = {
  title: 'The next day the step is open again, with all its tries',
  given: faceLocked,
  when: [{ runsOut: 'faceLockEnds' }, ...faceFails],
  expect: { states: ['faceVerification.failed'] },
};

// ── the register ────────────────────────────────────────────────────────────

const reading: Story = {
  title: 'A valid entry leads to the notice (figure 8)',
  given: passed,
  when: [answersOf.valid],
  expect: { states: ['notice.reading'], waitsFor: [] },
};
const noEntry: Story = {
  title: '未查询到有效注册信息 ends the case',
  given: passed,
  when: [answersOf.noEntry],
  expect: { states: ['notEligible'], ends: true },
};
const deregistered: Story = {
  title: '已注销,无需重复办理 ends the case',
  given: passed,
  when: [answersOf.deregistered],
  expect: { states: ['notEligible'], ends: true },
};
const openElsewhere: Story = {
  title: '您已有正在办理的注销申请: another open case of the same person has the right of way',
  given: passed,
  when: [{ ...answersOf.valid, facts: { claimTaken: true } }],
  expect: { states: ['notEligible'], problem: 'case-open-already', ends: true },
};
const registerDown: Story = {
  title: 'A register that cannot be read says so',
  given: passed,
  when: [{ fails: 'readRegister' }],
  expect: { states: ['eligibility.unavailable'] },
};
const registerAgain: Story = {
  title: 'Trying again reads the register; the face stays proven',
  given: registerDown,
  when: [{ event: 'case.retry' }, answersOf.valid],
  expect: { states: ['notice.reading'] },
};

// ── figure 8 ────────────────────────────────────────────────────────────────

const declared: Story = {
  title: 'Seven ticks, each with its time',
  given: reading,
  when: [...allClauses, { event: 'notice.declare' }],
  expect: { states: ['notice.reading'] },
};
const normalForm: Story = {
  title: 'Normal leads to figure 9-1',
  given: declared,
  when: [{ event: 'notice.proceed', facts: { kind: 'normal' } }],
  expect: { states: ['form.normal'] },
};
const forcedForm: Story = {
  title: 'Forced leads to figure 9-2',
  given: declared,
  when: [{ event: 'notice.proceed', facts: { kind: 'forced' } }],
  expect: { states: ['form.forced'] },
};

// ── figure 9 ────────────────────────────────────────────────────────────────

const draftKept: Story = {
  title: 'A draft is kept',
  given: normalForm,
  when: [{ event: 'form.save', facts: { reason: 'voluntary' } }],
  expect: { states: ['form.normal'] },
};
const branchChanged: Story = {
  title: 'Going back and choosing the other branch clears what only the left branch had',
  given: draftKept,
  when: [{ event: 'form.back' }, { event: 'notice.proceed', facts: { kind: 'forced' } }, addAward],
  expect: { states: ['form.forced'] },
};
const branchBack: Story = {
  title: 'And back again: documents of the forced branch are gone',
  given: branchChanged,
  when: [{ event: 'form.back' }, { event: 'notice.proceed', facts: { kind: 'normal' } }],
  expect: { states: ['form.normal'] },
};
const normalSubmitting: Story = {
  title: 'With the letter accepted the normal form is filed',
  given: draftKept,
  when: [pledge, { event: 'form.submit', facts: { reason: 'voluntary' } }],
  expect: { states: ['submitting'], waitsFor: ['fileDeregistration'] },
};
const forcedSubmitting: Story = {
  title: 'With evidence and letter the forced form is filed',
  given: forcedForm,
  when: [addAward, pledge, { event: 'form.submit', facts: { forcedReason: 'arbitration' } }],
  expect: { states: ['submitting'], waitsFor: ['fileDeregistration'] },
};
const removed: Story = {
  title: 'A document can be taken away again',
  given: forcedForm,
  when: [addAward, addAward, { event: 'material.remove', facts: { attachment: 'award' } }],
  expect: { states: ['form.forced'] },
};
const notFiled: Story = {
  title: 'A filing that keeps failing says so',
  given: normalSubmitting,
  when: [{ fails: 'fileDeregistration' }],
  expect: { states: ['submissionFailed'] },
};
const filedAgain: Story = {
  title: 'Trying again files it',
  given: notFiled,
  when: [{ event: 'case.retry' }, answersOf.filed],
  expect: { states: ['submitted.awaitingEnterprise'] },
};

// ── figure 10 and withdrawal ────────────────────────────────────────────────

const awaiting: Story = {
  title: 'A normal case waits for the enterprise to report (figure 10)',
  given: normalSubmitting,
  when: [answersOf.filed],
  expect: { states: ['submitted.awaitingEnterprise'], waitsFor: [], does: [] },
};
const received: Story = {
  title: 'A forced case does not wait for the enterprise, which is told',
  given: forcedSubmitting,
  when: [answersOf.filed],
  expect: { states: ['submitted.received'], does: ['tellEnterprise'] },
};
const withdrawnEarly: Story = {
  title: 'A case can be withdrawn before anything is filed',
  given: codeSent,
  when: [{ event: 'case.withdraw' }],
  expect: { states: ['withdrawn'], waitsFor: [], does: [], ends: true },
};
const withdrawnWhileFiling: Story = {
  title: 'Withdrawn while being filed: the filing is waited for',
  given: normalSubmitting,
  when: [{ event: 'case.withdraw' }],
  expect: { states: ['submitting'], waitsFor: ['fileDeregistration'], does: [] },
};
const takenBack: Story = {
  title: 'and taken back once it has arrived',
  given: withdrawnWhileFiling,
  when: [answersOf.filed],
  expect: { states: ['withdrawn'], waitsFor: [], does: ['withdrawFiling'], ends: true },
};
const takenBackUnknown: Story = {
  title: 'or when nobody can say whether it has',
  given: withdrawnWhileFiling,
  when: [{ fails: 'fileDeregistration' }],
  expect: { states: ['withdrawn'], waitsFor: [], does: ['withdrawFiling'], ends: true },
};
const withdrawnUnfiled: Story = {
  title: 'Withdrawn after a filing of unknown outcome: it is taken back too',
  given: notFiled,
  when: [{ event: 'case.withdraw' }],
  expect: { states: ['withdrawn'], does: ['withdrawFiling'], ends: true },
};
const withdrawnLate: Story = {
  title: 'A submitted case can be withdrawn until the decision',
  given: awaiting,
  when: [{ event: 'case.withdraw' }],
  expect: { states: ['withdrawn'], does: ['withdrawFiling'], ends: true },
};

export const stories: Story[] = [
  opened,
  checking,
  registered,
  notFound,
  corrected,
  lookUpDown,
  lookUpAgain,
  registering,
  codeRequested,
  codeSent,
  codeNotSent,
  codeAgain,
  codeExpired,
  codeWrong,
  codeDead,
  creating,
  newlyRegistered,
  alreadyRegistered,
  accountDown,
  accountAgain,
  leftRegistration,
  cameBack,
  starting,
  capturing,
  faceChecking,
  passed,
  faceFailed,
  faceUnfinished,
  faceDown,
  faceNotStarted,
  faceTimedOut,
  faceLocked,
  faceUnlocked,
  reading,
  noEntry,
  deregistered,
  openElsewhere,
  registerDown,
  registerAgain,
  declared,
  normalForm,
  forcedForm,
  draftKept,
  branchChanged,
  branchBack,
  normalSubmitting,
  forcedSubmitting,
  removed,
  notFiled,
  filedAgain,
  awaiting,
  received,
  withdrawnEarly,
  withdrawnWhileFiling,
  takenBack,
  takenBackUnknown,
  withdrawnUnfiled,
  withdrawnLate,
];
