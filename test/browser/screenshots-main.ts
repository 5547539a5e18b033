import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { type PersonSample, peopleSamples } from '../../src/providers/simulator/people-samples.ts';
import { takeConsole } from './audit-pictures.ts';
import { type Citizen, citizenOn } from './citizen.ts';
import { takePicture } from './picture.ts';
import { startRig } from './rig.ts';

const OUT = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));

/** Each figure once, as it is in a walk by two of the sample people. */
async function takeAll(): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  const rig = await startRig();
  try {
    // No toast is caught half-way, and no caret.
    const options = { deviceScaleFactor: 2, reducedMotion: 'reduce' as const, bypassCSP: true };
    await walkAsNew(citizenOn(await rig.page(options)), getSample('顾晚舟'));
    await walkAsKnown(citizenOn(await rig.page(options)), getSample('苏映荷'));
  } finally {
    await rig.close();
  }
}

async function walkAsNew(citizen: Citizen, person: PersonSample): Promise<void> {
  const { page } = citizen;
  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  await page.goto('/');
  await heading('用户登录');
  await take(page, 'figure-02-profile');
  await citizen.signIn();
  await take(page, 'figure-01-home');
  await page.getByRole('button', { name: '监理工程师', exact: true }).click();
  await take(page, 'figure-03-matters');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /注销注册/ })
    .click();
  await page.getByRole('button', { name: '在线办理' }).waitFor();
  await take(page, 'figure-04-guide');
  await page.getByRole('button', { name: '在线办理' }).click();
  await take(page, 'figure-05-identity');
  await citizen.identify(person);
  await page.getByText('是否前往注册?').waitFor();
  await take(page, 'figure-05-not-found');
  await citizen.register(person, () => take(page, 'figure-06-registration', true));
  await heading('人脸识别');
  const fonts = page.evaluate(
    () => [...document.styleSheets].map(({ href }) => href ?? '').find((href) => href.includes('noto')) ?? '',
  );
  await take(page, 'figure-07-face');
  await citizen.face('通过', async () => {
    // The camera's page stands apart from ours, and relies on the fonts of the machine: here there may be none.
    await page.addStyleTag({ url: await fonts });
    await page.addStyleTag({ content: ':root { font-family: "Noto Sans SC Variable" }' });
    await take(page, 'figure-07-camera');
  });
  await heading('申报须知');
  await take(page, 'figure-08-notice', true);
  await citizen.acknowledge('强制注销');
  await citizen.fill('强制注销');
  await take(page, 'figure-09-2-forced', true);
  await citizen.submit();
  await take(page, 'figure-10-result');
  await page.getByRole('link', { name: '办理进度' }).click();
  await page.getByRole('heading', { level: 3, name: '已提交' }).waitFor();
  await take(page, 'progress', true);
  await page.getByRole('button', { name: '返回' }).click();
  await page.getByRole('listitem').waitFor();
  await take(page, 'cases');
}

async function walkAsKnown(citizen: Citizen, person: PersonSample): Promise<void> {
  const { page } = citizen;
  await citizen.signIn();
  await citizen.apply();
  await citizen.identify(person);
  await citizen.face();
  await citizen.acknowledge('正常注销');
  await citizen.fill('正常注销');
  await take(page, 'figure-09-1-normal', true);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { level: 1, name: 'Information' }).waitFor();
  await page.getByText('Commitment letter accepted').waitFor();
  await take(page, 'english', true);
}

async function take(page: Page, name: string, fullPage = false): Promise<void> {
  await takePicture(page, `${OUT}${name}.png`, fullPage);
}

function getSample(name: string): PersonSample {
  const found = peopleSamples.find((person) => person.name === name);
  if (!found) throw new Error(`no sample person ${name}`);
  return found;
}

await takeAll();
await takeConsole(OUT);
