import type { Page } from 'playwright-core';
import { peopleSamples } from '../../src/providers/simulator/people-samples.ts';
import { newApplicant, type Walker } from '../applicant.ts';
import type { TestApp } from '../helpers.ts';
import { type AuditRig, startAuditRig } from './audit-rig.ts';
import { takePicture } from './picture.ts';

const HOUR_MS = 3_600_000;
const DAYS = 16;

/** Each page of the auditors' console, over some weeks of invented applications. */
export async function takeConsole(folder: string): Promise<void> {
  const rig = await startAuditRig();
  try {
    const id = await fillWeeks(rig.kit);
    await takePages(rig, id, (page, name, full) => takePicture(page, `${folder}audit-${name}.png`, full));
  } finally {
    await rig.close();
  }
}

type Take = (page: Page, name: string, full?: boolean) => Promise<void>;

async function takePages(rig: AuditRig, id: string, take: Take): Promise<void> {
  const options = { deviceScaleFactor: 2, reducedMotion: 'reduce' as const };
  const outside = await rig.page({ signedIn: false, ...options });
  await outside.goto('/audit');
  await outside.getByLabel('审计员令牌').waitFor();
  await take(outside, 'sign-in');
  const page = await rig.page(options);
  await page.goto('/audit');
  await page.locator('.totals').waitFor();
  await take(page, 'overview', true);
  await page.goto('/audit/cases?state=faceVerification');
  await page.locator('main td').first().waitFor();
  await take(page, 'cases');
  await page.goto(`/audit/cases/${id}?at=12`);
  await page.locator('.chart [data-active]').first().waitFor();
  await take(page, 'case');
  await page.locator('.timeline .refused button').first().click();
  await page.locator('.entry.refused').waitFor();
  await take(page, 'refusal');
  await page.goto('/audit/questions/skips?limit=50');
  await page.locator('main td').first().waitFor();
  await take(page, 'questions');
}

/** Answers a case that has been walked to its end, with refusals on its way. */
async function fillWeeks(kit: TestApp): Promise<string> {
  const people = peopleSamples
    .filter(({ register }) => register === 'valid')
    .map((person) => ({ ...person, specialties: [...person.specialties] }));
  const ends = [
    'notice.reading',
    'faceVerification.capturing',
    'submitted.awaitingEnterprise',
    'form.normal',
  ];
  for (let day = 0; day < DAYS; day++) {
    // The last of them is for the case that is shown: one person has one open case.
    for (let one = 0; one <= day % 3; one++) {
      const turn = day * 2 + one;
      await walkOne(kit, people[turn % (people.length - 1)], ends[turn % ends.length] ?? '');
    }
    await kit.advance((day % 2 === 0 ? 22 : 27) * HOUR_MS);
  }
  kit.simulator.control.fail('people', { failNext: 3, delayMs: 0 });
  await startAndLeave(kit, people[1]);
  await kit.advance(HOUR_MS);
  const id = await walkWithRefusals(kit, people.at(-1));
  kit.simulator.control.fail('people', { failNext: 2, delayMs: 0 });
  await startAndLeave(kit, people[2]);
  return id;
}

async function walkOne(kit: TestApp, person: Walker | undefined, until: string): Promise<void> {
  if (!person) return;
  const applicant = await newApplicant(kit);
  const { id } = await applicant.open();
  await applicant.walk(id, person, until).catch(() => {
    // Somebody who has a case open already stops where they are told so.
  });
  if (until !== 'form.normal') return;
  await kit.advance(HOUR_MS);
  await applicant.send(id, 'case.withdraw');
}

async function startAndLeave(kit: TestApp, person: Walker | undefined): Promise<void> {
  if (!person) return;
  const applicant = await newApplicant(kit);
  const { id } = await applicant.open();
  const { name, idNumber } = person;
  await applicant.send(id, 'identity.submit', { name, idNumber }, { prefer: 'wait=0' });
  await kit.worker.idle();
}

async function walkWithRefusals(kit: TestApp, person: Walker | undefined): Promise<string> {
  const applicant = await newApplicant(kit);
  const { id } = await applicant.open();
  const pause = () => kit.advance(HOUR_MS / 12);
  if (!person) return id;
  await pause();
  await applicant.send(id, 'form.submit', { reason: 'voluntary' });
  await pause();
  for (const state of ['faceVerification.consenting', 'faceVerification.capturing', 'notice.reading']) {
    await applicant.walk(id, person, state);
    await pause();
  }
  await applicant.send(id, 'notice.proceed', { kind: 'normal' });
  await pause();
  await applicant.walk(id, person, 'form.normal');
  await pause();
  await applicant.walk(id, person, 'submitted.awaitingEnterprise');
  return id;
}
