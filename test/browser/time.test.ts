import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHandClock, type HandClock } from '../helpers.ts';
import { canRunBrowser } from './chromium.ts';
import { citizenOn } from './citizen.ts';
import { createPeople } from './people.ts';
import { type Rig, startRig } from './rig.ts';

const MINUTE_MS = 60_000;
/** How often the server looks what is due. */
const LOOK_MS = 1_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describe.skipIf(!canRunBrowser)('what time alone changes is seen without a tap (Linux on x64 only)', () => {
  const people = createPeople();
  let clock: HandClock;
  let rig: Rig;
  beforeAll(async () => {
    // The browser's clock is the machine's: they begin together.
    clock = createHandClock(new Date().toISOString());
    rig = await startRig({ people: people.all, clock });
  });
  afterAll(() => rig?.close());

  /** So much time, and then as long as the server takes to look. */
  const pass = async (ms: number, seen: () => Promise<boolean>) => {
    clock.move(ms);
    const lookAgain = async () => {
      clock.move(LOOK_MS);
      return seen();
    };
    await expect.poll(lookAgain, { timeout: 20_000 }).toBe(true);
  };

  it('a code may be asked for again after a minute, and is no longer good after five', async () => {
    const citizen = citizenOn(await rig.page());
    const { page } = citizen;
    const { mobile, ...person } = people.take('new');
    await citizen.signIn();
    await citizen.apply();
    await citizen.identify(person);
    await page.getByText('是否前往注册?').waitFor();
    await page.getByRole('button', { name: '确定' }).click();
    await page.getByLabel('手机号').fill(mobile);
    await page.getByRole('button', { name: '获取验证码' }).click();
    const counting = page.getByRole('button', { name: /^\d+s$/ });
    await counting.waitFor();
    expect(await counting.getAttribute('aria-disabled')).toBe('true');
    await pass(MINUTE_MS, () => page.getByRole('button', { name: '获取验证码' }).isVisible());
    const good = page.getByText('验证码已发送,5分钟内有效');
    await good.waitFor();
    await pass(5 * MINUTE_MS, () => good.isHidden());
    await page.context().close();
  });

  it('a face check that was locked is open again the next day', async () => {
    const citizen = citizenOn(await rig.page());
    const { page } = citizen;
    await citizen.signIn();
    await citizen.apply();
    await citizen.identify(people.take('registered'));
    for (const left of [4, 3, 2, 1]) {
      await citizen.face('不符');
      await page.getByText(`剩余${left}次`).waitFor();
    }
    await citizen.face('不符');
    await page.getByText('今日人脸识别失败次数过多,请明日再试').waitFor();
    await pass(DAY_MS, () => page.getByRole('checkbox').isVisible());
    await citizen.face();
    await page.getByRole('heading', { level: 1, name: '申报须知' }).waitFor();
    await page.context().close();
  });
});
