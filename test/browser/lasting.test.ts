import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canRunBrowser } from './chromium.ts';
import { type Citizen, citizenOn, codeOf, PASSWORD } from './citizen.ts';
import { createPeople } from './people.ts';
import { type Rig, startRig } from './rig.ts';

describe.skipIf(!canRunBrowser)(
  'nothing typed is lost, and the page is where the case is (Linux on x64 only)',
  () => {
    const people = createPeople();
    let rig: Rig;
    beforeAll(async () => {
      rig = await startRig({ people: people.all });
    });
    afterAll(() => rig?.close());

    const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
    const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
    const applying = async (): Promise<Citizen> => {
      const citizen = citizenOn(await rig.page());
      await citizen.signIn();
      await citizen.apply();
      return citizen;
    };
    /** Another device of the same person: only who they are is carried over. */
    const otherDevice = async (page: Page): Promise<Page> => {
      const token = await page.evaluate(() => localStorage.getItem('banjian.session'));
      const other = await rig.page();
      await other.addInitScript((value) => localStorage.setItem('banjian.session', String(value)), token);
      await other.goto(page.url());
      return other;
    };
    const caseOf = async (page: Page): Promise<{ seq: number; states: string[] }> => {
      const token = await page.evaluate(() => localStorage.getItem('banjian.session'));
      const address = `/v1${new URL(page.url()).pathname}`;
      const answer = await page.request.get(address, { headers: { authorization: `Bearer ${token}` } });
      return answer.json();
    };
    const offline = async (context: BrowserContext, off: boolean) => context.setOffline(off);

    it('without a network: it says so, keeps what was typed, and sends it by itself when the network is back', async () => {
      const citizen = await applying();
      const { page } = citizen;
      await offline(page.context(), true);
      await citizen.identify(people.take('registered'));
      await page.getByRole('status').getByText('网络已断开').waitFor();
      await offline(page.context(), false);
      await heading(page, '人脸识别');
      expect(await page.getByText('网络已断开').count()).toBe(0);
      await page.context().close();
    });

    it('with an answer that got lost: it is asked for again under the same key, and done once', async () => {
      const citizen = await applying();
      const { page } = citizen;
      const keys: (string | undefined)[] = [];
      await page.route('**/events/identity.submit', async (route) => {
        keys.push(route.request().headers()['idempotency-key']);
        if (keys.length > 1) return route.continue();
        await route.fetch();
        await route.abort('connectionreset');
      });
      await citizen.identify(people.take('registered'));
      await page.getByRole('status').getByText('正在重试').waitFor();
      await heading(page, '人脸识别');
      await expect.poll(() => keys.length).toBe(2);
      expect(keys[0]).toMatch(/^[\w-]{36}$/);
      expect(keys[1]).toBe(keys[0]);
      // Opened, submitted, found: a second submission would be a fourth entry.
      expect((await caseOf(page)).seq).toBe(3);
      await page.context().close();
    });

    it('over a reload in every state', async () => {
      const citizen = await applying();
      const { page } = citizen;
      const { name, idNumber, mobile } = people.take('new');
      await page.getByLabel('姓名').fill(name);
      await page.getByLabel('身份证号码').fill(idNumber);
      await page.reload();
      expect(await page.getByLabel('姓名').inputValue()).toBe(name);
      expect(await page.getByLabel('身份证号码').inputValue()).toBe(idNumber);
      await press(page, '确定');
      await page.getByText('未查询到该用户').waitFor();
      await page.reload();
      await page.getByText('未查询到该用户').waitFor();
      await press(page, '确定');

      await page.getByLabel('身份证有效期开始时间').fill('2010-01-01');
      await press(page, '长期有效');
      await page.getByLabel('手机号').fill(mobile);
      await press(page, '获取验证码');
      await page.getByText('验证码已发送').waitFor();
      await page.getByLabel('登陆密码').fill(PASSWORD);
      await page.reload();
      await page.getByText('验证码已发送').waitFor();
      expect(await page.getByLabel('手机号').inputValue()).toBe(mobile);
      expect(await page.getByRole('button', { name: '长期有效' }).getAttribute('aria-pressed')).toBe('true');
      await page.getByRole('button', { name: /^\d+s$/ }).waitFor();
      expect(await page.getByLabel('登陆密码').inputValue()).toBe('');
      await page.getByLabel('短信验证码').fill(await codeOf(page, mobile));
      await page.getByLabel('登陆密码').fill(PASSWORD);
      await page.getByLabel('确认密码').fill(PASSWORD);
      await page.getByRole('checkbox').check();
      await press(page, '注册');
      await heading(page, '人脸识别');

      await page.reload();
      await page.getByRole('checkbox').check();
      await press(page, '下一步');
      await page.waitForURL('**/simulator/faces/**');
      await page.reload();
      await page.getByRole('button', { name: '通过' }).click();
      await heading(page, '申报须知');
      await page.getByRole('checkbox').first().check();
      await page.getByRole('radio', { name: '正常注销' }).check();
      await page
        .getByRole('button', { name: '下一步' })
        .and(page.locator(':not([aria-busy=true])'))
        .waitFor();
      await expect.poll(async () => (await caseOf(page)).seq).toBeGreaterThan(9);
      await page.reload();
      await heading(page, '申报须知');
      expect(await page.getByRole('checkbox').first().isChecked()).toBe(true);
      expect(await page.getByRole('radio', { name: '正常注销' }).isChecked()).toBe(true);
      await citizen.acknowledge('正常注销');
      await heading(page, '申报信息');
      await page.getByLabel('民族').selectOption('满族');
      await page.reload();
      await heading(page, '申报信息');
      expect(await page.getByLabel('民族').inputValue()).toBe('满族');
      await citizen.fill('正常注销');
      await citizen.submit();
      await page.reload();
      await page.getByText('请通知企业尽快上报注册数据').waitFor();
      await page.context().close();
    });

    it('keeps neither a password nor a code anywhere, and an ID number only in the tab, until it is checked', async () => {
      const citizen = await applying();
      const { page } = citizen;
      const person = people.take('new');
      const kept = () =>
        page.evaluate(() => ({ lasting: JSON.stringify(localStorage), tab: JSON.stringify(sessionStorage) }));
      await citizen.identify(person);
      await page.getByText('未查询到该用户').waitFor();
      expect((await kept()).tab).toContain(person.idNumber);
      await press(page, '确定');
      await page.getByLabel('手机号').fill(person.mobile);
      await page.getByLabel('短信验证码').fill('314159');
      await page.getByLabel('登陆密码').fill(PASSWORD);
      await page.getByLabel('确认密码').fill(PASSWORD);
      const { lasting, tab } = await kept();
      expect(tab).toContain(person.mobile);
      for (const secret of [PASSWORD, '314159', person.idNumber, person.name]) {
        expect(lasting + tab).not.toContain(secret);
      }
      expect(lasting).not.toContain(person.mobile);
      await page.context().close();
    });

    it('on two devices at once: what is done on one is seen on the other, draft included', async () => {
      const citizen = await applying();
      const { page } = citizen;
      const other = await otherDevice(page);
      await other.getByLabel('身份证号码').waitFor();
      await citizen.identify(people.take('registered'));
      await heading(other, '人脸识别');
      await citizen.face();
      await heading(other, '申报须知');
      await page.getByRole('checkbox').first().check();
      await expect.poll(() => other.getByRole('checkbox').first().isChecked()).toBe(true);
      await citizen.acknowledge('正常注销');
      await heading(other, '申报信息');
      await page.getByLabel('民族').selectOption('回族');
      await expect.poll(() => other.getByLabel('民族').inputValue()).toBe('回族');
      await other.getByLabel('注销原因').selectOption('年龄超过65周岁');
      await expect.poll(() => page.getByLabel('注销原因').inputValue()).toBe('over-65');
      await citizen.fill('正常注销');
      await citizen.submit();
      await other.getByText('请通知企业尽快上报注册数据').waitFor();
      await page.context().close();
      await other.context().close();
    });

    it('on a screen that is behind: it is told so, and shown where the case is', async () => {
      const citizen = await applying();
      const { page } = citizen;
      await citizen.identify(people.take('registered'));
      await heading(page, '人脸识别');
      const other = await rig.page();
      await other.route('**/stream', (route) => route.abort());
      await other.addInitScript(
        (value) => localStorage.setItem('banjian.session', String(value)),
        await page.evaluate(() => localStorage.getItem('banjian.session')),
      );
      await other.goto(page.url());
      await heading(other, '人脸识别');
      await citizen.face('不符');
      await page.getByText('剩余4次').waitFor();
      await other.getByRole('checkbox').check();
      await press(other, '下一步');
      await other.getByText('剩余4次').waitFor();
      await other.getByText('数据已被其他设备更新,请刷新后重试').waitFor();
      await page.context().close();
      await other.context().close();
    });

    it('over a restart of the server, in the middle of a form', async () => {
      const citizen = await applying();
      const { page } = citizen;
      await citizen.identify(people.take('registered'));
      await citizen.face();
      await citizen.acknowledge('正常注销');
      await heading(page, '申报信息');
      await page.getByLabel('民族').selectOption('苗族');
      await rig.restart();
      await page.getByLabel('注销原因').selectOption('聘用单位破产');
      await press(page, '查看承诺书');
      await press(page, '我已阅读并同意');
      await page.getByText('已同意承诺书').waitFor();
      expect(await page.getByLabel('民族').inputValue()).toBe('苗族');
      await citizen.submit();
      await page.context().close();
    });
  },
);
