import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Applicant, MATTER, newApplicant } from '../applicant.ts';
import { startTestApp, type TestApp, type TestClient } from '../helpers.ts';
import { person } from '../promises/people.ts';

let kit: TestApp;
let applicant: Applicant;
let auditor: TestClient;
let id: string;
beforeAll(async () => {
  kit = await startTestApp();
  applicant = await newApplicant(kit);
  auditor = await kit.staff('auditor');
  ({ id } = await applicant.open());
  await applicant.walk(id, person.unregistered, 'submitted.awaitingEnterprise');
});
afterAll(() => kit.close());

interface Moment {
  seq: number;
  type: string;
  states: string[];
  context: object;
  ways: number[];
  allowed: { event: string; roles: string[] }[];
  deadlines: object[];
  holds: boolean;
}
const get = async (client: TestClient, path: string) => (await client.get(path)).json();
const moments = async (): Promise<Moment[]> => (await get(auditor, `/v1/audit/cases/${id}/moments`)).items;

describe('the moments of a case', () => {
  it('are for auditors alone', async () => {
    expect((await applicant.ask('GET', `/v1/audit/cases/${id}/moments`)).status).toBe(403);
    expect((await auditor.get('/v1/audit/cases/nothing/moments')).json().code).toBe('case-not-found');
    expect((await auditor.get(`/v1/audit/cases/${id}/moments?from=0`)).statusCode).toBe(422);
  });

  it('stand where replay says, entry by entry', async () => {
    const { items } = await get(auditor, `/v1/audit/cases/${id}/replay`);
    const told = await moments();
    expect(told.length).toBeGreaterThan(15);
    expect(told.map(({ seq, type, states, holds }) => ({ seq, type, states, holds }))).toEqual(
      items.map(({ seq, type, states, holds }: Moment) => ({ seq, type, states, holds })),
    );
  });

  it('say what the applicant was then told to be allowed, and until when', async () => {
    for (const { seq, allowed, deadlines } of await moments()) {
      const then = (await applicant.ask('GET', `/v1/cases/${id}?asOf=${seq}`)).body;
      const own = allowed.filter(({ roles }) => roles.includes('applicant')).map(({ event }) => event);
      expect([seq, own, deadlines]).toEqual([
        seq,
        then.allowed.map(({ event }: { event: string }) => event),
        then.deadlines,
      ]);
    }
  });

  it('name the transitions that led from each to the next', async () => {
    const { transitions } = await get(auditor, `/v1/matters/${MATTER}/machine`);
    const told = await moments();
    expect(told[0]?.ways).toEqual([]);
    for (const [index, { type, ways, states }] of told.entries()) {
      if (index === 0) continue;
      const taken = ways.map((way) => transitions[way]);
      expect(taken.length).toBeGreaterThan(0);
      const [first] = taken;
      expect([type, first.event]).toEqual([type, type]);
      expect(isWithin(told[index - 1]?.states ?? [], first.source)).toBe(true);
      const last = taken.findLast(({ target }) => target !== null);
      if (last) expect(isWithin(states, last.target)).toBe(true);
      else expect(states).toEqual(told[index - 1]?.states);
    }
  });

  it('hold facts only: nothing that a person typed is in them', async () => {
    const { name, idNumber, mobile } = person.unregistered;
    const text = (await auditor.get(`/v1/audit/cases/${id}/moments`)).body;
    for (const value of [name, idNumber, mobile]) expect(text).not.toContain(value);
  });

  it('are told from an entry on', async () => {
    const from = await get(auditor, `/v1/audit/cases/${id}/moments?from=3`);
    expect(from.items).toEqual((await moments()).slice(2));
    expect(from.next).toBeNull();
  });
});

function isWithin(leaves: string[], state: string): boolean {
  return leaves.some((leaf) => state === '' || leaf === state || leaf.startsWith(`${state}.`));
}
