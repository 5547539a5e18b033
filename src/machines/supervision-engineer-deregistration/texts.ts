import type { ProblemCatalogue, Text } from '../../engine/types.ts';
import { field, leading, own, stepsMessages, stepsProblems } from '../shared/steps/texts.ts';
import type { Clause, DeregistrationContext } from './machine.ts';

export const title: Text = {
  zh: '监理工程师执业资格认定(注销注册)',
  en: 'Supervision engineer, recognition of professional qualification (deregistration)',
};

/** Figures 8 to 10: the stepper. */
export const stepTitles: Text[] = [
  { zh: '申报须知', en: 'Notice' },
  { zh: '申报信息', en: 'Information' },
  { zh: '申报告知', en: 'Result' },
];

/** Figure 8. */
export const noticeTexts = {
  heading: {
    zh: '申请人有下列情形之一的,不予注册,请逐条确认',
    en: 'An applicant to whom one of the following applies is not registered. Confirm each clause.',
  },
  declaration: {
    zh: '本人已认真阅读以上条款,不存在以上情形',
    en: 'I have read the clauses above carefully; none of them applies to me.',
  },
  materials: { zh: '收取材料', en: 'Documents' },
  materialsNormal: {
    zh: '第一种情况:正常注销',
    en: 'First case: normal deregistration (no document)',
  },
  materialsForced: {
    zh: '第二种情况:强制注销,与企业有纠纷、劳动仲裁:1、与企业有纠纷的,需要提交劳动仲裁结果;2、申请法院判决的,需要提交法院判决书',
    en: 'Second case: forced deregistration, in a dispute with the enterprise or labour arbitration: 1. with a dispute, the arbitration award; 2. with a judgment, the written court judgment.',
  },
  materialsNote: {
    zh: '注:1、本人对办理该事项所提交的申报材料的真实性负责 2、所有材料均以原件扫描件形式上传',
    en: 'Note: 1. I am responsible for the truth of what I submit. 2. All documents are uploaded as scans of the originals.',
  },
  footer: {
    zh: '本服务由住房和城乡建设部提供',
    en: 'This service is provided by the Ministry of Housing and Urban-Rural Development.',
  },
};

export const clauses: { id: Clause; text: Text }[] = [
  {
    id: 'c1',
    text: { zh: '(一)不具有完全民事行为能力的;', en: '(1) does not have full capacity for civil conduct;' },
  },
  {
    id: 'c2',
    text: {
      zh: '(二)刑事处罚尚未执行完毕或者因从事工程监理或者相关业务受到刑事处罚,自刑事处罚执行完毕之日起至申请注册之日止不满2年的;',
      en: '(2) a criminal penalty has not been served in full, or less than 2 years have passed since one imposed for supervision work or related business was served;',
    },
  },
  {
    id: 'c3',
    text: {
      zh: '(三)未达到监理工程师继续教育要求的;',
      en: '(3) has not met the continuing education requirements for supervision engineers;',
    },
  },
  {
    id: 'c4',
    text: {
      zh: '(四)在两个或者两个以上单位申请注册的;',
      en: '(4) has applied for registration with two or more employers;',
    },
  },
  { id: 'c5', text: { zh: '(五)年龄超过65周岁的;', en: '(5) is older than 65;' } },
  {
    id: 'c6',
    text: {
      zh: '(六)法律、法规规定不予注册的其他情形。',
      en: '(6) another circumstance in which laws or regulations rule out registration.',
    },
  },
];

export const kindTitles = {
  normal: { zh: '正常注销', en: 'Normal deregistration' },
  forced: { zh: '强制注销', en: 'Forced deregistration' },
};

/** Figure 9: 查看承诺书. The guide shows the link, not the letter; the declaration in it is figure 8's note 1. */
export const pledge = {
  title: { zh: '承诺书', en: 'Commitment letter' },
  text: {
    zh: '本人对办理该事项所提交的申报材料的真实性负责。所有材料均以原件扫描件形式上传。',
    en: 'I am responsible for the truth of all material submitted for this matter. All documents are uploaded as scans of the originals.',
  },
};

/** Figure 10. */
export const submittedToast: Text = {
  zh: '您所申请的事项已经提交成功!',
  en: 'Your application was submitted successfully!',
};

export const messages: Record<string, (context: DeregistrationContext) => Text> = {
  ...stepsMessages,
  submitted: () => ({
    zh: '您所申请的事项已经提交成功,请通知企业尽快上报注册数据。',
    en: 'Your application was submitted successfully. Please ask the enterprise to report the registration data soon.',
  }),
  'not-eligible': ({ ineligible }) => ineligibleMessage(ineligible),
  withdrawn: () => ({ zh: '申请已撤回', en: 'The application was withdrawn.' }),
};

function ineligibleMessage(reason: DeregistrationContext['ineligible']): Text {
  if (reason === 'already-deregistered') {
    return { zh: '已注销,无需重复办理', en: 'Already deregistered: there is nothing more to do.' };
  }
  if (reason === 'open-elsewhere') {
    return { zh: '您已有正在办理的注销申请', en: 'You already have an open application for deregistration.' };
  }
  return { zh: '未查询到有效注册信息', en: 'No valid registration was found.' };
}

export const problems: ProblemCatalogue = {
  ...stepsProblems,
  'clause-invalid': field('未知的条款', 'There is no such clause: c1 to c6.'),
  'notice-incomplete': leading(
    'notice-incomplete',
    '请选择正常注销或强制注销',
    'Choose normal or forced deregistration.',
  ),
  'clause-missing': {
    code: 'notice-incomplete',
    status: 422,
    title: { zh: '请逐条确认', en: 'Confirm each clause.' },
    detail: { zh: '请逐条确认第({n})项', en: 'Confirm clause {n} first: every clause has its own tick.' },
  },
  'declaration-missing': {
    code: 'notice-incomplete',
    status: 422,
    title: { zh: '请确认声明', en: 'Confirm the declaration.' },
    detail: {
      zh: '请勾选“本人已认真阅读以上条款,不存在以上情形”',
      en: 'Confirm that you have read the clauses and none applies (notice.declare).',
    },
  },
  'ethnicity-invalid': field('请选择民族', 'Choose an ethnicity from the list.'),
  'specialty-invalid': field('请选择申请注册专业', 'Choose a specialty from the list.'),
  'specialty-not-registered': field(
    '申请注册专业2与注册信息不一致',
    'The second specialty must be the one in the register (data.register.specialty2).',
  ),
  'reason-invalid': field('请选择注销原因', 'Choose a reason from the list.'),
  'reason-mismatch': leading(
    'reason-mismatch',
    '注销原因与注销方式不符',
    'The reason does not belong to this kind of deregistration.',
  ),
  'material-invalid': field('请选择材料类型', 'Choose the kind of document.'),
  'material-required': leading(
    'material-required',
    '强制注销须上传证明材料',
    'A forced deregistration needs a document that proves its reason.',
  ),
  'material-required.arbitration': needed(
    '劳动仲裁结果',
    'a labour arbitration award (material=arbitration)',
  ),
  'material-required.court-judgment': needed('法院判决书', 'a court judgment (material=court-judgment)'),
  'material-required.death': needed('死亡证明', 'a death certificate (material=death)'),
  'pledge-required': own(
    422,
    '请先查看并同意承诺书',
    'Read and accept the commitment letter first (pledge.accept).',
  ),
  'attachment-not-found': {
    code: 'not-found',
    status: 404,
    title: { zh: '未找到该附件', en: 'This document was not found.' },
  },
  'too-many-files': own(422, '附件数量超过上限', 'At most 9 documents a case: remove one first.'),
};

function needed(zh: string, en: string) {
  return {
    code: 'material-required',
    status: 422,
    title: {
      zh: '强制注销须上传证明材料',
      en: 'A forced deregistration needs a document that proves its reason.',
    },
    detail: { zh: `强制注销须上传证明材料:${zh}`, en: `This reason needs ${en}.` },
    leads: true as const,
  };
}
