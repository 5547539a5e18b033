import type { Disclosable } from '../../engine/types.ts';
import { maskDate, maskIdNumber, maskMobile, maskName } from '../shared/mask.ts';

/** What an auditor may have to compare with papers. Passwords, codes and the camera's tokens are never among it. */
export const discloses: Record<string, Disclosable> = {
  name: { title: { zh: '姓名', en: 'Name' }, mask: maskName },
  idNumber: { title: { zh: '身份证号码', en: 'ID number' }, mask: maskIdNumber },
  idValidFrom: { title: { zh: '身份证有效期开始时间', en: 'ID card valid from' }, mask: maskDate },
  idValidTo: { title: { zh: '身份证有效期结束时间', en: 'ID card valid to' }, mask: maskDate },
  mobile: { title: { zh: '手机号', en: 'Mobile number' }, mask: maskMobile },
  registeredName: { title: { zh: '注册姓名', en: 'Registered name' }, mask: maskName },
  registeredMobile: { title: { zh: '注册手机号', en: 'Registered mobile number' }, mask: maskMobile },
  birthDate: { title: { zh: '出生日期', en: 'Date of birth' }, mask: maskDate },
  employerName: { title: { zh: '聘用单位', en: 'Employer' }, mask: maskName },
  ethnicity: { title: { zh: '民族', en: 'Ethnicity' }, mask: maskName },
};
