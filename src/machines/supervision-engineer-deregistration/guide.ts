import type { Catalogue } from '../../engine/types.ts';
import { FORCED_REASONS, REASONS } from '../shared/reasons.ts';
import { agreements, FACE_CONSENT_VERSION, faceTexts } from '../shared/steps/texts.ts';
import { PLEDGE_VERSION } from './policy.ts';
import { clauses, kindTitles, noticeTexts, pledge, title } from './texts.ts';

/** Printed on figures 8 and 9: 31 characters, opaque; the first 18 pass GB 32100. */
export const itemCode = '11100000000013338W1000117040000';

/** Figure 4. The telephone number for questions is illegible in the guide, so none is given here. */
const guide = [
  {
    tab: { zh: '基本信息', en: 'Basic information' },
    items: [
      item(
        '实施主体',
        '中华人民共和国住房和城乡建设部',
        'Authority',
        'Ministry of Housing and Urban-Rural Development of the People’s Republic of China',
      ),
      item('承诺办结时限', '20个工作日', 'Promised time limit', '20 working days'),
      item('法定办结时限', '20个工作日', 'Statutory time limit', '20 working days'),
      item('是否收费', '否', 'Fee', 'none'),
      item('到办事现场次数', '0次', 'Visits in person', '0'),
    ],
  },
  {
    tab: { zh: '办理流程', en: 'Procedure' },
    items: [
      item('1', '身份核验', '1', 'Identity check'),
      item('2', '人脸识别', '2', 'Face verification'),
      item('3', '申报须知', '3', 'Notice'),
      item('4', '申报信息', '4', 'Information'),
      item('5', '申报告知', '5', 'Result'),
    ],
  },
  {
    tab: { zh: '办理材料目录', en: 'Documents' },
    items: [
      item('第一种情况:正常注销', '无需材料', 'Normal deregistration', 'no document'),
      item(
        '第二种情况:强制注销',
        '与企业有纠纷、劳动仲裁: 1、与企业有纠纷的,需要提交劳动仲裁结果; 2、申请法院判决的,需要提交法院判决书',
        'Forced deregistration',
        'Dispute with the enterprise or labour arbitration: the arbitration award, or the court judgment',
      ),
      item(
        '注',
        '1、本人对办理该事项所提交的申报材料的真实性负责 2、所有材料均以原件扫描件形式上传',
        'Note',
        '1. I am responsible for the truth of what I submit. 2. All documents are uploaded as scans of the originals.',
      ),
    ],
  },
  {
    tab: { zh: '受理条件', en: 'Conditions' },
    items: [item('适用对象', '已注册的监理工程师', 'Who may apply', 'registered supervision engineers')],
  },
  {
    tab: { zh: '收费标准', en: 'Fees' },
    items: [item('收费', '不收费', 'Fee', 'free of charge')],
  },
];

function item(zhLabel: string, zh: string, enLabel: string, en: string) {
  return { label: { zh: zhLabel, en: enLabel }, text: { zh, en } };
}

export const catalogue: Catalogue = {
  profession: 'supervision-engineer',
  kind: 'deregistration',
  title,
  itemCode,
  guide,
  clauses,
  materials: FORCED_REASONS.map(({ id, evidence }) => ({
    material: id,
    title: evidence,
    kind: 'forced',
    mediaTypes: ['image/jpeg', 'image/png'],
    maxBytes: 10 * 1024 * 1024,
  })),
  agreements: [
    ...agreements,
    {
      id: 'face-consent',
      version: FACE_CONSENT_VERSION,
      title: { zh: '个人信息处理规则', en: 'Personal Information Processing Rules' },
      text: faceTexts.consent,
    },
    { id: 'pledge', version: PLEDGE_VERSION, ...pledge },
  ],
  notice: noticeTexts,
  choices: {
    kind: Object.entries(kindTitles).map(([id, label]) => ({ id, label })),
    reason: REASONS.map(({ id, zh, en }) => ({ id, label: { zh, en } })),
    forcedReason: FORCED_REASONS.map(({ id, zh, en }) => ({ id, label: { zh, en } })),
  },
};
