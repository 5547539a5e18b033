/** Why a registration ends without a dispute: decree 147 (建设部令第147号), article 14, and figure 9-1. */
export const REASONS = [
  { id: 'employer-bankrupt', zh: '聘用单位破产', en: 'The employer is bankrupt' },
  {
    id: 'employer-licence-revoked',
    zh: '聘用单位被吊销营业执照',
    en: "The employer's business licence has been revoked",
  },
  {
    id: 'employer-qualification-revoked',
    zh: '聘用单位被吊销相应资质证书',
    en: "The employer's qualification certificate has been revoked",
  },
  {
    id: 'employment-ended',
    zh: '已与聘用单位解除劳动关系',
    en: 'The employment with the employer has ended',
  },
  {
    id: 'expired-not-renewed',
    zh: '注册有效期满且未延续注册',
    en: 'The registration has expired and was not renewed',
  },
  { id: 'over-65', zh: '年龄超过65周岁', en: 'Older than 65' },
  { id: 'incapacity-or-death', zh: '死亡或者丧失行为能力', en: 'Death or loss of capacity to act' },
  {
    id: 'other',
    zh: '其他导致注册失效的情形',
    en: 'Another circumstance that makes the registration lapse',
  },
  { id: 'voluntary', zh: '本人申请注销注册', en: 'Deregistration at my own request' },
] as const;

/** Figure 9-2: why a registration ends against the employer's will, and the document that proves it. */
export const FORCED_REASONS = [
  {
    id: 'arbitration',
    zh: '劳动仲裁',
    en: 'Labour arbitration',
    evidence: { zh: '劳动仲裁结果', en: 'Labour arbitration award' },
  },
  {
    id: 'court-judgment',
    zh: '法院判决',
    en: 'Court judgment',
    evidence: { zh: '法院判决书', en: 'Written court judgment' },
  },
  {
    id: 'death',
    zh: '死亡证明',
    en: 'Certificate of death',
    evidence: { zh: '死亡证明', en: 'Certificate of death' },
  },
] as const;
