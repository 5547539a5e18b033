import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { png } from '../helpers.ts';
import { canRunBrowser } from './chromium.ts';
import { type Citizen, citizenOn, PASSWORD, picture } from './citizen.ts';
import { createPeople } from './people.ts';
import { type Rig, startRig } from './rig.ts';

describe.skipIf(!canRunBrowser)('what goes wrong stands where it went wrong (Linux on x64 only)', () => {
  const people = createPeople();
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ people: people.all });
  });
  afterAll(() => rig?.close());

  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  /** What is wrong with a field, as a screen reader reads it with it: the last of the words that describe it. */
  const errorAt = async (page: Page, label: string) => {
    const field = page.getByLabel(label, { exact: true });
    await field.and(page.locator('[aria-invalid=true]')).waitFor();
    return field.evaluate((element) => {
      const last = (element.getAttribute('aria-describedby') ?? '').split(' ').at(-1) ?? '';
      return document.getElementById(last)?.textContent.trim();
    });
  };
  const signedIn = async (): Promise<Citizen> => {
    const citizen = citizenOn(await rig.page());
    await citizen.signIn();
    return citizen;
  };

  it('figures 1 to 4: no avatar, nothing found, not yet offered, a second application', async () => {
    const page = await rig.page();
    await page.goto('/');
    await press(page, '登录');
    expect(await errorAt(page, '点击此处设置头像')).toBe('请设置头像');
    await page
      .getByLabel('点击此处设置头像')
      .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('GIF89a') });
    await press(page, '登录');
    await page.getByText('仅支持 jpg、jpeg、png 格式').waitFor();
    await page.getByLabel('点击此处设置头像').setInputFiles(picture('a.png'));
    await press(page, '登录');
    expect(await errorAt(page, '昵称')).toMatch(/\S/);
    const citizen = citizenOn(page);
    await citizen.signIn();
    await page.getByLabel('请输入关键词进行搜索').fill('没有这样的事项');
    await press(page, '搜索');
    await page.getByText('未找到相关事项').waitFor();
    await page.getByLabel('请输入关键词进行搜索').fill('注销');
    await press(page, '搜索');
    await page.getByRole('button', { name: '监理工程师执业资格认定(注销注册)' }).waitFor();
    await press(page, '建造师');
    await page.getByRole('dialog').getByText('该事项暂未在此开通').waitFor();
    await press(page, '确定');
    await press(page, '监理工程师');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /初始注册/ })
      .click();
    await page.getByRole('dialog', { name: '提示' }).getByText('该事项暂未在此开通').waitFor();
    await press(page, '确定');
    await press(page, '取消');
    await citizen.apply();
    await press(page, '取消');
    await press(page, '在线办理');
    await page.getByText('您已有正在办理的注销申请').waitFor();
    await press(page, '继续办理');
    await page.getByLabel('身份证号码').waitFor();
    await page.context().close();
  });

  it('figures 5 and 6: a number that cannot be, a person nobody knows, and every field of the registration', async () => {
    const citizen = await signedIn();
    const { page } = citizen;
    const person = people.take('new');
    await citizen.apply();
    await press(page, '确定');
    expect(await errorAt(page, '姓名')).toBe('姓名填写有误,请按身份证填写');
    await citizen.identify({ name: person.name, idNumber: '370105198006151233' });
    expect(await errorAt(page, '身份证号码')).toBe('身份证号校验位不正确');
    await citizen.identify(person);
    await page.getByText('未查询到该用户,是否前往注册?').waitFor();
    await press(page, '取消');
    await page.getByLabel('姓名').waitFor();
    expect(await page.getByLabel('姓名').inputValue()).toBe(person.name);
    await press(page, '确定');
    await page.getByText('未查询到该用户,是否前往注册?').waitFor();
    await press(page, '确定');

    await page.getByLabel('身份证有效期开始时间').fill('2010-01-01');
    await press(page, '10年');
    await page.getByLabel('手机号').fill('12345');
    await page.getByLabel('登陆密码').fill('short');
    await page.getByLabel('确认密码').fill('other');
    await press(page, '获取验证码');
    expect(await errorAt(page, '手机号')).toBe('手机号格式不正确');
    await page.getByLabel('短信验证码').fill('000000');
    await press(page, '注册');
    expect(await errorAt(page, '登陆密码')).toBe('请输入8-16位字符,必须由数字、字母组成');
    await page.getByText('请先阅读并同意用户服务协议和隐私政策').waitFor();
    await page.getByLabel('登陆密码').fill(PASSWORD);
    await page.getByLabel('手机号').fill(person.mobile);
    await page.getByRole('checkbox').check();
    await press(page, '注册');
    expect(await errorAt(page, '确认密码')).toBe('两次输入的密码不一致');
    await page.getByLabel('确认密码').fill(PASSWORD);
    await press(page, '注册');
    expect(await errorAt(page, '身份证有效期结束时间')).toBe('身份证已过期,请使用有效身份证');
    await press(page, '20年');
    expect(await page.getByLabel('身份证有效期结束时间').inputValue()).toBe('2030-01-01');
    await press(page, '注册');
    expect(await errorAt(page, '短信验证码')).toBe('请先获取验证码');
    await press(page, '获取验证码');
    await page.getByRole('button', { name: /^\d+s$/ }).waitFor();
    await press(page, '注册');
    expect(await errorAt(page, '短信验证码')).toBe('验证码错误');
    await page.getByRole('link', { name: '《住房和城乡建设部政务服务平台用户隐私政策》' }).click();
    await page.getByRole('dialog').getByText('正文由平台运营方提供').waitFor();
    await page.context().close();
  });

  it('figure 7: no consent, not finished, the service down, another face, and no more of it today', async () => {
    const citizen = await signedIn();
    const { page } = citizen;
    await citizen.apply();
    await citizen.identify(people.take('registered'));
    await press(page, '下一步');
    await page.getByText('请先勾选同意个人信息处理规则').waitFor();
    await citizen.face('未完成');
    await page.getByText('尚未完成人脸识别,请完成后继续').waitFor();
    await press(page, '前往人脸识别');
    await page.waitForURL('**/simulator/faces/**');
    await page.getByRole('button', { name: '服务不可用' }).click();
    await page.getByText('核验服务繁忙,请稍后再试').waitFor();
    for (const left of [4, 3, 2, 1]) {
      await citizen.face('不符');
      await page.getByText(`人脸与身份信息不一致,请重试(剩余${left}次)`).waitFor();
    }
    await citizen.face('不符');
    await page.getByText('今日人脸识别失败次数过多,请明日再试').waitFor();
    await page.context().close();
  });

  it.each([
    ['deregistered', '已注销,无需重复办理'],
    ['none', '未查询到有效注册信息'],
  ] as const)('after figure 7: a register that says %s ends it with %s', async (kind, words) => {
    const citizen = await signedIn();
    await citizen.apply();
    await citizen.identify(people.take(kind));
    await citizen.face();
    await citizen.page.getByText(words).waitFor();
    await citizen.page.context().close();
  });

  it('figures 8 and 9: a clause left out, no branch chosen, no evidence, another file, no letter', async () => {
    const citizen = await signedIn();
    const { page } = citizen;
    await citizen.apply();
    await citizen.identify(people.take('registered'));
    await citizen.face();
    await page.getByRole('heading', { level: 1, name: '申报须知' }).waitFor();
    await press(page, '下一步');
    await page.getByText('请选择正常注销或强制注销').waitFor();
    await page.getByRole('radio', { name: '强制注销' }).check();
    const boxes = await page.getByRole('checkbox').all();
    await boxes[0]?.check();
    await press(page, '下一步');
    await page.getByText('请逐条确认第(2)项').waitFor();
    // A tick that was made stays: it stands in the history with its time.
    await boxes[0]?.click();
    expect(await boxes[0]?.isChecked()).toBe(true);
    await citizen.acknowledge('强制注销');
    await page.getByRole('heading', { level: 1, name: '申报信息' }).waitFor();
    await page.getByLabel('民族').selectOption('汉族');
    await press(page, '下一步');
    expect(await errorAt(page, '强制注销原因')).toBe('请选择注销原因');
    await page.getByLabel('强制注销原因').selectOption('法院判决');
    await press(page, '下一步');
    await page.getByText('强制注销须上传证明材料').waitFor();
    const album = page.getByLabel('从相册选择');
    await album.setInputFiles({ name: 'judgment.png', mimeType: 'image/png', buffer: Buffer.from('<html>') });
    await page.getByText('仅支持 jpg、jpeg、png 格式').waitFor();
    await press(page, '关闭 judgment.png');
    await album.setInputFiles({ name: 'judgment.png', mimeType: 'image/png', buffer: png() });
    await page.getByRole('img', { name: 'judgment.png' }).waitFor();
    await press(page, '删除 judgment.png');
    await page.getByRole('img', { name: 'judgment.png' }).waitFor({ state: 'detached' });
    await page
      .getByLabel('拍照')
      .setInputFiles({ name: 'judgment.png', mimeType: 'image/png', buffer: png() });
    await page.getByRole('img', { name: 'judgment.png' }).waitFor();
    await press(page, '下一步');
    await page.getByRole('alert').getByText('请先查看并同意承诺书').waitFor();
    await press(page, '查看承诺书');
    await press(page, '我已阅读并同意');
    await page.getByText('已同意承诺书').waitFor();
    await citizen.submit();
    await page.context().close();
  });

  it('a service that is down, wherever it stands in the way: a word, and a way on', async () => {
    const citizen = await signedIn();
    const { page } = citizen;
    await citizen.apply();
    await page.request.post('/simulator/faults', { data: { provider: 'people', failNext: 3 } });
    await citizen.identify(people.take('registered'));
    await page.getByText('核验服务繁忙,请稍后再试').waitFor();
    await press(page, '重试');
    await page.getByRole('heading', { level: 1, name: '人脸识别' }).waitFor();
    await citizen.face();
    await citizen.acknowledge('正常注销');
    await citizen.fill('正常注销');
    await page.request.post('/simulator/faults', { data: { provider: 'register', failNext: 3 } });
    await press(page, '下一步');
    await page.getByText('核验服务繁忙,请稍后再试').waitFor();
    await press(page, '重试');
    await page.getByText('请通知企业尽快上报注册数据').waitFor();
    await page.context().close();
  });

  it('a case that is not this device’s, and an address that is none', async () => {
    const { page } = await signedIn();
    await page.goto('/cases/AAAAAAAAAAAAAAAAAAAAAA');
    await page.getByText('未找到该申请').waitFor();
    await page.goto('/matters/nothing');
    await page.getByText('未找到该事项').waitFor();
    await page.goto('/cases/a/b/c');
    await page.getByText('未找到该页面').waitFor();
    await page.context().close();
  });
});
