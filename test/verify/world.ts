import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSnapshot } from '../../src/db/open.ts';
import { recordRead } from '../../src/engine/reads.ts';
import { recordService } from '../../src/engine/service.ts';
import type { Matter } from '../../src/engine/types.ts';
import { prepareRotation } from '../../src/log/keys.ts';
import { ROTATION, type Rotation } from '../../src/log/rotation.ts';
import { loadMatters } from '../../src/machines/index.ts';
import { noProviders } from '../../src/providers/none.ts';
import { loadKeys } from '../../src/vault/keys.ts';
import { createVault } from '../../src/vault/vault.ts';
import { verifyDataFolder } from '../../src/verify/data-folder.ts';
import { openPublished, readIfThere } from '../../src/verify/published.ts';
import type { Report, Stages, Wanted } from '../../src/verify/verify-log.ts';
import { applicantOf, newApplicant } from '../applicant.ts';
import { clientOf, createHandClock, startTestApp, type TestApp } from '../helpers.ts';
import { person } from '../promises/people.ts';

/** What an auditor finds at a service, and what they kept from before. */
export interface World {
  root: string;
  /** A stopped service's data, everything published. */
  folder: string;
  /** The same at an earlier moment. */
  backup: string;
  /** The log's first public key, and the one that it was handed over to after the backup. */
  vkey: string;
  newVkey: string;
  /** Checkpoints kept at the earlier moment and at the end. */
  early: Kept;
  late: Kept;
  /** One handed in, one in the middle of its way, one with a timer running. */
  cases: { done: string; middle: string; waiting: string };
}
type Kept = Wanted['kept'][number];

/** Three people walk, and of the staff somebody looks at their cases. The backup is from before the third came. */
export async function makeWorld(): Promise<World> {
  const root = mkdtempSync(join(tmpdir(), 'banjian-'));
  const [folder, backup] = [join(root, 'data'), join(root, 'backup')];
  const before = await startTestApp({ folder });
  const one = await newApplicant(before);
  const done = (await one.open()).id;
  await one.walk(done, person.ordinary, 'submitted.awaitingEnterprise');
  const two = await newApplicant(before);
  const middle = (await two.open()).id;
  await two.send(middle, 'form.submit', {});
  await two.walk(middle, person.twoSpecialties, 'notice.reading');
  await lookAt(before, done);
  await before.publisher.publish();
  await before.close();
  cpSync(folder, backup, { recursive: true });

  const after = await goOn(before, folder);
  await rotate(after, folder);
  const again = applicantOf(after, clientOf(after.app, two.token));
  await again.walk(middle, person.twoSpecialties, 'form.normal');
  const three = await newApplicant(after);
  const waiting = (await three.open()).id;
  await three.walk(waiting, person.unregistered, 'registration.smsCode.sent');
  await lookAt(after, middle);
  await after.publisher.publish();
  const [vkey = '', newVkey = ''] = after.publisher.vkeys();
  await after.close();
  const kept = (from: string, where: string) => ({
    from,
    bytes: readFileSync(join(where, 'log/checkpoint')),
  });
  const cases = { done, middle, waiting };
  return {
    root,
    folder,
    backup,
    vkey,
    newVkey,
    early: kept('early', backup),
    late: kept('late', folder),
    cases,
  };
}

/** The same service, started again a minute later. */
function goOn(kit: TestApp, folder: string): Promise<TestApp> {
  return startTestApp({ folder, clock: createHandClock(new Date(kit.clock.now() + 60_000).toISOString()) });
}

/** As `banjian key rotate` does it. */
async function rotate(kit: TestApp, folder: string): Promise<void> {
  const key = { file: join(folder, 'keys', 'log.json'), origin: 'banjian.local/log', sm2: false };
  await appendRotation(kit, await prepareRotation(key, () => true));
}

/** The entry that hands the log over. */
export async function appendRotation(
  { runtime, clock }: TestApp,
  { from, to, endorsement }: Rotation,
): Promise<void> {
  const actor = { role: 'operator', id: 'command-line' } as const;
  await recordService(
    { store: runtime.store, clock },
    { type: ROTATION, actor, data: { from, to, endorsement } },
  );
}

/** Somebody of the staff reads a case: an entry of its chain of reads. */
async function lookAt({ runtime }: TestApp, caseId: string): Promise<void> {
  const row = await runtime.store.findCase(caseId);
  if (!row) throw new Error('no case');
  const actor = { role: 'officer' as const, id: 'an-officer' };
  await recordRead(runtime, row, { actor, route: '/v1/cases/:id', asked: {}, purpose: { code: 'test' } });
}

let loaded: Promise<Map<string, Matter>> | undefined;
export function mattersToRead(): Promise<Map<string, Matter>> {
  loaded ??= loadMatters(noProviders, { identityPerHour: 1, smsPerHour: 1 });
  return loaded;
}

export const silent: Stages = { begin: () => {}, at: () => {}, end: () => 0 };

export interface Look extends Partial<Wanted> {
  matters?: Map<string, Matter>;
  /** Whether the auditor has the service's key file; yes when left out. */
  keyFile?: boolean;
}

/** As the command does it. */
export async function look(folder: string, vkey: string, options: Look = {}): Promise<Report> {
  const { kept = [], key = vkey, chainOnly = false, keyFile = true } = options;
  const checkpoint = { from: 'log/checkpoint', bytes: readIfThere(join(folder, 'log/checkpoint')) };
  const snapshot = openSnapshot(join(folder, 'banjian.db'));
  try {
    const data = {
      snapshot,
      published: openPublished(join(folder, 'log')),
      checkpoint,
      ownKey: undefined,
      matters: options.matters ?? (await mattersToRead()),
      vault: keyFile ? createVault(loadKeys(join(folder, 'banjian.key'))) : undefined,
    };
    return await verifyDataFolder(data, { kept, key, chainOnly }, silent);
  } finally {
    snapshot.close();
  }
}

export function removeWorld({ root }: World): void {
  rmSync(root, { recursive: true, force: true });
}
