import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { canRunBrowser } from './chromium.ts';
import { citizenOn, picture } from './citizen.ts';
import { expectFits } from './fits.ts';
import { createHands } from './keyboard.ts';
import { createPeople } from './people.ts';
import { DESKTOP, type Rig, SMALL_PHONE, startRig } from './rig.ts';

describe.skipIf(!canRunBrowser)('a citizen walks figures 1 to 10 (Linux on x64 only)', () => {
  const people = createPeople();
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ people: people.all });
  });
  afterAll(() => rig?.close());

  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();

  it('known to the platform, without a dispute', async () => {
    const citizen = citizenOn(await rig.page());
    const { page } = citizen;
    await citizen.signIn();
    await citizen.apply();
    await citizen.identify(people.take('registered'));
    await heading(page, '人脸识别');
    await citizen.face();
    await citizen.acknowledge('正常注销');
    await citizen.fill('正常注销');
    await citizen.submit();
    expect(await page.getByRole('listitem').and(page.locator('[aria-current=step]')).textContent()).toContain(
      '申报告知',
    );

    await page.getByRole('link', { name: '办理进度' }).click();
    await page.getByRole('heading', { level: 3, name: '已提交' }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: '下载回执 已提交' }).click();
    const receipt = await download;
    expect(receipt.suggestedFilename()).toMatch(/\.tlog-proof$/);
    expect(readFileSync(await receipt.path(), 'utf8')).toMatch(/^c2sp\.org\/tlog-proof@v1\n/);
    await page.getByRole('button', { name: '撤回申请' }).click();
    await page.getByText('确定撤回本次申请吗?').waitFor();
    await page.getByRole('button', { name: '确定' }).click();
    await page.getByRole('heading', { level: 3, name: '已撤回' }).waitFor();
    await page.getByRole('button', { name: '返回' }).click();
    await page.getByRole('listitem').getByText('已撤回').waitFor();
    await page.context().close();
  });

  it('new and against the employer, on a small screen: every page fits, and axe-core finds nothing', async () => {
    const citizen = citizenOn(await rig.page({ viewport: SMALL_PHONE, reducedMotion: 'reduce' }));
    const { page } = citizen;
    const person = people.take('new');
    const look = async () => {
      await expectFits(page);
      await expectAccessible(page);
    };
    await page.goto('/');
    await heading(page, '用户登录');
    await look();
    await citizen.signIn();
    await look();
    await page.getByRole('button', { name: '监理工程师', exact: true }).click();
    await look();
    await page.getByRole('button', { name: '监理工程师执业资格认定(注销注册)' }).click();
    await heading(page, '办事指南');
    await look();
    await page.getByRole('button', { name: '在线办理' }).click();
    await page.getByLabel('身份证号码').waitFor();
    await look();
    await citizen.identify(person);
    await page.getByText('未查询到该用户,是否前往注册?').waitFor();
    await look();
    await citizen.register(person, look);
    await heading(page, '人脸识别');
    await look();
    await citizen.face('通过', look);
    await heading(page, '申报须知');
    await look();
    await citizen.acknowledge('强制注销');
    await heading(page, '申报信息');
    await look();
    expect(await page.getByLabel('申请注册专业2').count()).toBe(0);
    await page.getByText('申请注册专业2').waitFor();
    await citizen.fill('强制注销');
    await look();
    await citizen.submit();
    await look();
    await page.getByRole('link', { name: '办理进度' }).click();
    await page.getByRole('heading', { level: 3, name: '已提交' }).waitFor();
    await look();
    await page.goto('/cases');
    await page.getByRole('listitem').first().waitFor();
    await look();
    await page.context().close();
  });

  it('in English with the keyboard alone, on a desktop', async () => {
    const page = await rig.page({ viewport: DESKTOP });
    const hands = createHands(page);
    const { name, idNumber } = people.take('registered');
    await page.goto('/');
    await hands.press('English');
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    const chooser = page.waitForEvent('filechooser');
    await hands.press('Tap here to set an avatar');
    await (await chooser).setFiles(picture('avatar.png'));
    await hands.type('Nickname', 'Xiaoban');
    await hands.press('Sign in');
    await page.getByRole('heading', { name: 'Services' }).waitFor();
    await hands.press('Supervision engineer');
    await hands.press(/\(deregistration\)/);
    await heading(page, 'Service guide');
    await hands.reach('Basic information');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tabpanel', { name: 'Procedure' }).waitFor();
    await hands.press('Apply online');
    await page.getByLabel('ID number').waitFor();
    await hands.type('Name', name);
    await hands.type('ID number', idNumber);
    await page.keyboard.press('Enter');
    await heading(page, 'Face verification');
    await hands.tick(/You know and agree/);
    await hands.press('Next');
    await page.waitForURL('**/simulator/faces/**');
    await hands.press(/Pass/);
    await heading(page, 'Notice');
    for (const clause of [1, 2, 3, 4, 5, 6]) await hands.tick(new RegExp(`^\\(${clause}\\)`));
    await hands.tick(/none of them applies/);
    await hands.tick('Normal deregistration');
    await hands.press('Next');
    await heading(page, 'Information');
    await hands.pick('Ethnicity', 'Han');
    await hands.pick('Reason for deregistration', 'Older than 65');
    await hands.press(/Read the commitment letter/);
    await hands.press('I have read and accept it');
    await page.getByText('Commitment letter accepted').waitFor();
    await hands.press('Next');
    await page.getByText('Your application was submitted successfully. Please ask the enterprise').waitFor();
    await expectAccessible(page);
    await page.context().close();
  });

  it('with text of twice the size, without losing anything off the screen', async () => {
    const citizen = citizenOn(await rig.page());
    const { page } = citizen;
    // What a browser's own setting for larger text does.
    await page.addInitScript(() =>
      addEventListener('DOMContentLoaded', () =>
        document.documentElement.style.setProperty('font-size', '200%'),
      ),
    );
    await citizen.signIn();
    await expectFits(page);
    await citizen.apply();
    await expectFits(page);
    await citizen.identify(people.take('registered'));
    await heading(page, '人脸识别');
    await expectFits(page);
    await citizen.face();
    await heading(page, '申报须知');
    await expectFits(page);
    await citizen.acknowledge('强制注销');
    await heading(page, '申报信息');
    await expectFits(page);
    await page.context().close();
  });
});
