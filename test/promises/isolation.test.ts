import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Applicant, newApplicant } from '../applicant.ts';
import { startTestApp, type TestApp } from '../helpers.ts';
import { person } from './people.ts';

describe('somebody else’s case', () => {
  let kit: TestApp;
  let owner: Applicant;
  let stranger: Applicant;
  let id: string;
  beforeEach(async () => {
    kit = await startTestApp();
    owner = await newApplicant(kit);
    stranger = await newApplicant(kit);
    ({ id } = await owner.open());
    await owner.walk(id, { ...person.ordinary, kind: 'forced' }, 'form.forced');
  });
  afterEach(() => kit.close());

  const NEVER = 'AAAAAAAAAAAAAAAAAAAAAA';

  it.each([
    ['GET', '', undefined],
    ['GET', '?asOf=1', undefined],
    ['GET', '/stream', undefined],
    ['POST', '/events/form.save', { ethnicity: '汉族' }],
    ['POST', '/events/form.save', { nonsense: 1 }],
    ['POST', '/events/case.withdraw', {}],
    ['POST', '/events/xstate.done.actor.checkFace', {}],
    ['POST', '/attachments', {}],
    ['GET', '/attachments/x', undefined],
    ['DELETE', '/attachments/x', undefined],
  ] as const)('%s %s answers as one that never existed, byte for byte', async (method, path, body) => {
    const ask = (which: string) =>
      stranger.ask(method, `/v1/cases/${which}${path}`, {
        body,
        headers: { 'idempotency-key': 'k', 'if-match': '"1"' },
      });
    const theirs = await ask(id);
    const none = await ask(NEVER);
    expect(theirs.status).toBe(404);
    expect(theirs.body).toMatchObject({ code: 'case-not-found', detail: '未找到该申请' });
    expect(theirs.text).toBe(none.text);
    expect(withoutDate(theirs.headers)).toEqual(withoutDate(none.headers));
  });

  it('leaves no trace of the stranger, and none of them in its history', async () => {
    const before = await kit.runtime.store.findCase(id);
    await stranger.send(id, 'case.withdraw');
    expect(await kit.runtime.store.findCase(id)).toEqual(before);
  });

  it('is not listed among the stranger’s own', async () => {
    expect((await stranger.ask('GET', '/v1/me/cases')).body.items).toEqual([]);
  });

  it('is closed to an enterprise, whose engineers’ cases are not known to be its own', async () => {
    const enterprise = await kit.staff('enterprise');
    expect((await enterprise.get(`/v1/cases/${id}`)).statusCode).toBe(404);
  });

  it.each(['officer', 'auditor', 'operator'] as const)(
    'may be read by %s, masked, but no event of the applicant is theirs to send',
    async (role) => {
      const staff = await kit.staff(role);
      const view = (await staff.get(`/v1/cases/${id}`)).json();
      expect(view.allowed).toEqual([]);
      expect(JSON.stringify(view)).not.toContain(person.ordinary.idNumber.slice(-4));
      expect(view.data.form.draft.ethnicity).toBeUndefined();
      const sent = await staff.post(`/v1/cases/${id}/events/form.back`, {});
      expect(sent.statusCode).toBe(403);
      expect(sent.json()).toMatchObject({
        code: 'forbidden',
        why: { because: 'role', roles: ['applicant'] },
      });
      const refused = await kit.runtime.store.readEntries(id, 'refused');
      expect(JSON.parse(refused[0]?.bytes ?? '').actor.role).toBe(role);
    },
  );

  it('cannot be opened by staff', async () => {
    const officer = await kit.staff('officer');
    const answer = await officer.post('/v1/matters/supervision-engineer-deregistration/cases', {});
    expect(answer.statusCode).toBe(403);
  });

  it('cannot be read without a token, or with one that is not known', async () => {
    expect((await kit.anyone.get(`/v1/cases/${id}`)).statusCode).toBe(401);
    const answer = await kit.anyone.get(`/v1/cases/${id}`, { authorization: 'Bearer nonsense' });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  });
});

function withoutDate({ date: _date, ...headers }: Record<string, unknown>): Record<string, unknown> {
  return headers;
}
