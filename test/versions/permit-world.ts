import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stampOf } from '../../src/engine/interpret.ts';
import type { Matter } from '../../src/engine/types.ts';
import { joinVersions } from '../../src/machines/define.ts';
import { loadMatters } from '../../src/machines/index.ts';
import { noProviders } from '../../src/providers/none.ts';
import type { Providers } from '../../src/providers/types.ts';
import {
  clientOf,
  createHandClock,
  type HandClock,
  startTestApp,
  type TestApp,
  type TestClient,
} from '../helpers.ts';

/** A data folder that outlives its servers, each with the versions it is given. */
export interface PermitWorld {
  folder: string;
  clock: HandClock;
  /** Asked under these keys, in order. */
  asked: string[];
  /** What the effect does. */
  find: (key: string) => Promise<{ registered: boolean }>;
  /** The whole permit: versions 3, 2 and 1 with their migrations. */
  permit: Matter;
  /** A server with these versions, the first its newest; whichever ran before is stopped. */
  start(...versions: string[]): Promise<TestApp>;
  close(): Promise<void>;
}

const LIMITS = { identityPerHour: 1_000, smsPerHour: 1_000 };
const FOLDER = new URL('../fixtures/matters/', import.meta.url);

export async function loadPermit(providers: Providers = noProviders): Promise<Matter> {
  const permit = (await loadMatters(providers, LIMITS, FOLDER)).get('permit');
  if (!permit) throw new Error('no permit');
  return permit;
}

export async function createPermitWorld(): Promise<PermitWorld> {
  const asked: string[] = [];
  const people: Providers['people'] = {
    ...noProviders.people,
    find: (_person, { key }) => {
      asked.push(key);
      return world.find(key);
    },
  };
  let kit: TestApp | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'banjian-versions-'));
  const world: PermitWorld = {
    folder,
    clock: createHandClock(),
    asked,
    find: async () => ({ registered: true }),
    permit: await loadPermit({ ...noProviders, people }),
    async start(...versions) {
      await kit?.close();
      const matters = [withVersions(world.permit, versions)];
      kit = await startTestApp({ matters, folder, clock: world.clock });
      return kit;
    },
    async close() {
      await kit?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return world;
}

/** The same matter as if only these of its versions had been loaded; every way between them, and to the first. */
export function withVersions(matter: Matter, names: string[]): Matter {
  const [newest, ...earlier] = names.map((name) => versionOf(matter, name));
  if (!newest) throw new Error('no version');
  const ways = matter.versions?.migrations.filter(({ to }) => names.includes(to)) ?? [];
  return joinVersions(newest, earlier, ways);
}

export function versionOf(matter: Matter, name: string): Matter {
  const found = matter.versions?.all.find(({ version }) => version === name);
  if (!found) throw new Error(`no version ${name}`);
  return found;
}

export function stampIn(matter: Matter, name: string) {
  return stampOf(versionOf(matter, name).machine, name);
}

/** A permit opened by a fresh person, and what they may do with it. */
export interface Permit {
  id: string;
  client: TestClient;
  send(event: string, body?: object, headers?: Record<string, string>): Promise<Answered>;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the server says; each test says what it expects
  read(query?: string, headers?: Record<string, string>): Promise<any>;
}
interface Answered {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  body: any;
}

export async function openPermit(kit: TestApp): Promise<Permit> {
  const client = await kit.person();
  const answer = await client.post('/v1/matters/permit/cases', {});
  if (answer.statusCode !== 201) throw new Error(answer.body);
  return permitOf(client, answer.json().id);
}

function permitOf(client: TestClient, id: string): Permit {
  return {
    id,
    client,
    async send(event, body = {}, headers = {}) {
      const answer = await client.post(`/v1/cases/${id}/events/${event}`, body, headers);
      return { status: answer.statusCode, body: answer.json() };
    },
    read: async (query = '', headers = {}) => (await client.get(`/v1/cases/${id}${query}`, headers)).json(),
  };
}

/** The same person on another server with the same data. */
export function elsewhere(kit: TestApp, { id, client }: Permit): Permit {
  return permitOf(clientOf(kit.app, client.token), id);
}
