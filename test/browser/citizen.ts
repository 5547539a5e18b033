import type { Page } from 'playwright-core';
import type { PersonSample } from '../../src/providers/simulator/people-samples.ts';
import { png } from '../helpers.ts';

export const PASSWORD = 'banjian2026';

type Outcome = '通过' | '不符' | '未完成' | '服务不可用';

/** What a citizen does, figure by figure, as a hand would do it. `look` is called where a page is complete. */
export interface Citizen {
  page: Page;
  /** Figures 1 and 2, from the first visit on. */
  signIn(): Promise<void>;
  /** Figures 1, 3 and 4, up to 在线办理. */
  apply(): Promise<void>;
  /** Figure 5. */
  identify(person: Pick<PersonSample, 'name' | 'idNumber'>): Promise<void>;
  /** Figure 6, from the question on. */
  register(person: Pick<PersonSample, 'mobile'>, look?: () => Promise<void>): Promise<void>;
  /** Figure 7: the consent, the camera, and back. */
  face(outcome?: Outcome, look?: () => Promise<void>): Promise<void>;
  /** Figure 8. */
  acknowledge(kind: '正常注销' | '强制注销'): Promise<void>;
  /** Figure 9, up to 下一步. */
  fill(kind: '正常注销' | '强制注销'): Promise<void>;
  /** Figure 9, 下一步. */
  submit(): Promise<void>;
}

export function citizenOn(page: Page): Citizen {
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  return {
    page,
    async signIn() {
      await page.goto('/');
      await page.getByLabel('点击此处设置头像').setInputFiles(picture('avatar.png'));
      await page.getByLabel('昵称').fill('小办');
      await press('登录');
      await page.getByRole('heading', { name: '事项办理' }).waitFor();
    },
    async apply() {
      await press('监理工程师');
      await page
        .getByRole('dialog')
        .getByRole('button', { name: '监理工程师执业资格认定(注销注册)' })
        .click();
      await press('在线办理');
      await page.getByLabel('身份证号码').waitFor();
    },
    async identify({ name, idNumber }) {
      await page.getByLabel('姓名').fill(name);
      await page.getByLabel('身份证号码').fill(idNumber);
      await press('确定');
    },
    async register({ mobile }, look) {
      await page.getByText('未查询到该用户,是否前往注册?').waitFor();
      await press('确定');
      await page.getByLabel('身份证有效期开始时间').fill('2020-01-01');
      await press('长期有效');
      await page.getByLabel('手机号').fill(mobile);
      await press('获取验证码');
      await page.getByText('验证码已发送,5分钟内有效').waitFor();
      await page.getByLabel('短信验证码').fill(await codeOf(page, mobile));
      await page.getByLabel('登陆密码').fill(PASSWORD);
      await page.getByLabel('确认密码').fill(PASSWORD);
      await page.getByRole('checkbox').check();
      await look?.();
      await press('注册');
    },
    async face(outcome = '通过', look) {
      await page.getByRole('checkbox').check();
      await press('下一步');
      await page.waitForURL('**/simulator/faces/**');
      await look?.();
      await page.getByRole('button', { name: outcome }).click();
      await page.waitForURL('**/cases/**');
    },
    async acknowledge(kind) {
      await page.getByRole('heading', { level: 1, name: '申报须知' }).waitFor();
      for (const box of await page.getByRole('checkbox').all()) await box.check();
      await page.getByRole('radio', { name: kind }).check();
      await press('下一步');
    },
    async fill(kind) {
      await page.getByRole('heading', { level: 1, name: '申报信息' }).waitFor();
      await page.getByLabel('民族').selectOption('汉族');
      if (kind === '正常注销') {
        await page.getByLabel('注销原因').selectOption('聘用单位破产');
      } else {
        await page.getByLabel('强制注销原因').selectOption('劳动仲裁');
        await page.getByLabel('从相册选择').setInputFiles(picture('award.png'));
        await page.getByRole('button', { name: '删除 award.png' }).waitFor();
      }
      await press('查看承诺书');
      await press('我已阅读并同意');
      await page.getByText('已同意承诺书').waitFor();
    },
    async submit() {
      await press('下一步');
      await page.getByText('您所申请的事项已经提交成功,请通知企业尽快上报注册数据。').waitFor();
    },
  };
}

export function picture(name: string) {
  return { name, mimeType: 'image/png', buffer: png() };
}

/** What stands in the last message to a phone. */
export async function codeOf(page: Page, mobile: string): Promise<string> {
  const answer = await page.request.get(`/simulator/sms?mobile=${mobile}`);
  const { messages } = (await answer.json()) as { messages: { text: string }[] };
  const code = /\d{6}/.exec(messages[0]?.text ?? '')?.[0];
  if (code === undefined) throw new Error('no code came');
  return code;
}
