import type { ProblemCatalogue, ProblemKind, Text } from '../../../engine/types.ts';
import { faceAttemptsLeft, type StepsContext } from './machine.ts';

const PLATFORM = {
  zh: '住房和城乡建设部政务服务平台',
  en: 'Government Service Platform of the Ministry of Housing and Urban-Rural Development',
};

/** Figure 6: one tick, two documents, the version of each kept. The documents themselves are the ministry's. */
export const agreements: { id: string; version: string; title: Text; text: Text }[] = [
  {
    id: 'user-service-agreement',
    version: '1',
    title: { zh: `《${PLATFORM.zh}用户服务协议》`, en: `User Service Agreement of the ${PLATFORM.en}` },
    text: {
      zh: '正文由平台运营方提供,注册时记录所接受的版本。',
      en: 'The text is supplied by the operator of the platform; the version accepted is recorded at registration.',
    },
  },
  {
    id: 'user-privacy-policy',
    version: '1',
    title: { zh: `《${PLATFORM.zh}用户隐私政策》`, en: `User Privacy Policy of the ${PLATFORM.en}` },
    text: {
      zh: '正文由平台运营方提供,注册时记录所接受的版本。',
      en: 'The text is supplied by the operator of the platform; the version accepted is recorded at registration.',
    },
  },
];

/** Figure 7: a consent of its own under the Personal Information Protection Law, articles 14, 28 and 29. */
export const FACE_CONSENT_VERSION = '1';
export const faceTexts = {
  notice: {
    zh: `${PLATFORM.zh} 申请使用 人脸识别功能验证你的身份信息,请确保为本人操作`,
    en: `The ${PLATFORM.en} asks to use face recognition to verify your identity. Make sure that it is you who does this.`,
  },
  consent: {
    zh: '您知悉并同意服务提供者授权腾讯按照《个人信息处理规则》实施个人信息处理并用于身份核验',
    en: 'You know and agree that the service provider authorises Tencent to process personal information under the Personal Information Processing Rules for verifying your identity.',
  },
};

/** A state's message, by the name in its `meta`. Some depend on what happened. */
export const stepsMessages: Record<string, (context: StepsContext) => Text> = {
  'person-not-found': () => ({
    zh: '未查询到该用户,是否前往注册?',
    en: 'This user was not found. Go to registration?',
  }),
  'service-busy': () => ({
    zh: '核验服务繁忙,请稍后再试',
    en: 'The service we depend on is busy: try again later. Nothing you typed is lost.',
  }),
  'sms-sent': () => ({ zh: '验证码已发送,5分钟内有效', en: 'The code was sent and is valid for 5 minutes.' }),
  'sms-failed': () => ({
    zh: '验证码发送失败,请稍后再试',
    en: 'The code could not be sent: try again later.',
  }),
  'face-capturing': ({ face }) =>
    face.failure === 'unfinished'
      ? {
          zh: '尚未完成人脸识别,请完成后继续',
          en: 'The face check is not finished yet: finish it, then continue.',
        }
      : { zh: '请完成人脸识别', en: 'Complete the face check.' },
  'face-failed': ({ face }) => faceFailedMessage(face),
  'face-locked': () => ({
    zh: '今日人脸识别失败次数过多,请明日再试',
    en: 'Too many failed face checks today: try again tomorrow.',
  }),
  'face-passed': () => ({ zh: '已通过', en: 'Passed' }),
};

function faceFailedMessage(face: StepsContext['face']): Text {
  if (face.failure === 'unavailable') {
    return {
      zh: '核验服务繁忙,请稍后再试',
      en: 'The verification service is busy: try again later. This cost no attempt.',
    };
  }
  if (face.failure === 'expired') {
    return { zh: '人脸识别已超时,请重试', en: 'The face check timed out: try again. This cost no attempt.' };
  }
  const left = faceAttemptsLeft(face);
  return {
    zh: `人脸与身份信息不一致,请重试(剩余${left}次)`,
    en: `The face does not match the identity: try again (${left} attempts left).`,
  };
}

/** Refusals of figures 5, 6 and 7: SERVICE.md's last table. */
export const stepsProblems: ProblemCatalogue = {
  'name-invalid': field('姓名填写有误,请按身份证填写', 'The name is not valid: write it as on the ID card.'),
  'id-number-invalid': leading('id-number-invalid', '身份证号不正确', 'The ID number is not valid.'),
  'id-number-invalid.fifteen': leading(
    'id-number-invalid',
    '请输入18位身份证号',
    'Enter the 18-digit ID number.',
  ),
  'id-number-invalid.length': leading(
    'id-number-invalid',
    '身份证号长度不正确,应为18位',
    'The ID number must have 18 characters.',
  ),
  'id-number-invalid.characters': leading(
    'id-number-invalid',
    '身份证号包含无效字符',
    'The ID number has characters that cannot be in one.',
  ),
  'id-number-invalid.region': leading(
    'id-number-invalid',
    '身份证号地区代码不正确',
    'The region code of the ID number is not valid.',
  ),
  'id-number-invalid.date': leading(
    'id-number-invalid',
    '身份证号出生日期不正确',
    'The birth date in the ID number does not exist.',
  ),
  'id-number-invalid.future': leading(
    'id-number-invalid',
    '身份证号出生日期不能晚于今天',
    'The birth date in the ID number is in the future.',
  ),
  'id-number-invalid.check-digit': leading(
    'id-number-invalid',
    '身份证号校验位不正确',
    'The check digit of the ID number is wrong: check each digit.',
  ),
  'id-type-invalid': field('请选择证件类型', 'Choose the kind of ID.'),
  'date-invalid': field('日期不正确,格式为 YYYY-MM-DD', 'The date is not valid: write YYYY-MM-DD.'),
  'id-validity': leading('id-validity', '身份证有效期不正确', 'The validity of the ID card is not right.'),
  'id-validity.order': leading(
    'id-validity',
    '身份证有效期结束时间须晚于开始时间',
    'The end of validity must be after its start.',
  ),
  'id-validity.not-yet': leading(
    'id-validity',
    '身份证有效期开始时间不能晚于今天',
    'The ID card is not valid yet.',
  ),
  'id-validity.expired': leading(
    'id-validity',
    '身份证已过期,请使用有效身份证',
    'The ID card has expired: use a valid one.',
  ),
  'id-validity.before-birth': leading(
    'id-validity',
    '身份证有效期开始时间不能早于出生日期',
    'The validity cannot start before the birth date.',
  ),
  'mobile-invalid': field('手机号格式不正确', 'The mobile number is not valid: 11 digits, beginning with 1.'),
  'password-invalid': field(
    '请输入8-16位字符,必须由数字、字母组成',
    'Enter 8–16 characters, digits and letters, at least one of each.',
  ),
  'password-mismatch': field('两次输入的密码不一致', 'The two passwords differ.'),
  'agreements-required': field(
    '请先阅读并同意用户服务协议和隐私政策',
    'Read and accept the service agreement and the privacy policy first.',
  ),
  'already-registered': own(
    409,
    '该身份证号已注册,请直接登录',
    'This ID number is registered already: go back and enter it with the name it is registered under.',
  ),
  'sms-code-wrong': leading('sms-code-wrong', '验证码错误', 'The code is wrong.'),
  'sms-code-missing': leading('sms-code-wrong', '请先获取验证码', 'Ask for a code first.'),
  'sms-code-expired': leading(
    'sms-code-expired',
    '验证码已过期,请重新获取',
    'The code has expired: ask for a new one.',
  ),
  'sms-code-used': leading(
    'sms-code-used',
    '验证码已失效,请重新获取',
    'The code is no longer valid: ask for a new one.',
  ),
  'sms-too-frequent': {
    ...own(429, '获取过于频繁', 'Too many codes were asked for.'),
    detail: {
      zh: '获取过于频繁,请{seconds}秒后再试',
      en: 'Too many codes were asked for: try again in {seconds} seconds.',
    },
  },
  'face-consent-required': leading(
    'face-consent-required',
    '请先勾选同意个人信息处理规则',
    'Tick the consent to the processing rules first.',
  ),
  'face-token-rejected': own(
    403,
    '身份核验未通过',
    'The identity check is not passed: this token is not of this case.',
  ),
  'face-locked': own(
    429,
    '今日人脸识别失败次数过多,请明日再试',
    'Too many failed face checks today: try again tomorrow.',
  ),
};

/** Stands at a field; the answer is form-invalid. */
export function field(zh: string, en: string): ProblemKind {
  return { status: 422, title: { zh, en } };
}

/** Stands at a field and gives the answer its code. */
export function leading(code: string, zh: string, en: string): ProblemKind {
  return { code, status: 422, title: { zh, en }, leads: true };
}

export function own(status: number, zh: string, en: string): ProblemKind {
  return { status, title: { zh, en } };
}
