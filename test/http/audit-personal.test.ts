import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Applicant, newApplicant } from '../applicant.ts';
import { startTestApp, type TestApp, type TestClient } from '../helpers.ts';
import { person } from '../promises/people.ts';

const { name, idNumber } = person.ordinary;
let kit: TestApp;
let applicant: Applicant;
let auditor: TestClient;
let id: string;
beforeAll(async () => {
  kit = await startTestApp();
  applicant = await newApplicant(kit);
  auditor = await kit.staff('auditor');
  ({ id } = await applicant.open());
  await applicant.walk(id, person.ordinary, 'faceVerification.capturing');
});
afterAll(() => kit.close());

interface Read {
  entry: { seq: number; type: string; actor: object; data: Record<string, unknown> };
  digest: string;
  bytes: string;
}
const disclose = (body: object) => auditor.post(`/v1/audit/cases/${id}/disclosures`, body);
const reads = async (): Promise<{ holds: boolean; items: Read[] }> =>
  (await auditor.get(`/v1/audit/cases/${id}/reads`)).json();

describe('personal values of a case', () => {
  it('are for auditors alone', async () => {
    const officer = await kit.staff('officer');
    const body = { field: 'name', reason: 'inspection' };
    expect((await officer.get(`/v1/audit/cases/${id}/personal`)).statusCode).toBe(403);
    expect((await officer.post(`/v1/audit/cases/${id}/disclosures`, body)).statusCode).toBe(403);
    expect((await kit.anyone.post(`/v1/audit/cases/${id}/disclosures`, body)).statusCode).toBe(401);
    expect((await auditor.post('/v1/audit/cases/nothing/disclosures', body)).json().code).toBe(
      'case-not-found',
    );
  });

  it('are listed masked', async () => {
    const { items } = (await auditor.get(`/v1/audit/cases/${id}/personal`)).json();
    expect(items).toContainEqual({
      field: 'idNumber',
      title: '身份证号码',
      masked: `${idNumber.slice(0, 5)}*************`,
      seq: 2,
    });
    expect(JSON.stringify(items)).not.toContain(idNumber);
    expect(JSON.stringify(items)).not.toContain(name);
  });

  it('are shown one at a time, and only after the chain of reads says who, which and why', async () => {
    const answer = await disclose({ field: 'idNumber', reason: 'complaint; ref=FJ-2026-17' });
    expect(answer.json()).toMatchObject({ field: 'idNumber', value: idNumber });
    const { holds, items } = await reads();
    expect(holds).toBe(true);
    const { read } = answer.json();
    const entry = items.find((each) => each.entry.seq === read.seq);
    expect(entry?.digest).toBe(read.digest);
    expect(entry?.entry.data).toMatchObject({
      route: '/v1/audit/cases/:id/disclosures',
      asked: { field: 'idNumber' },
      purpose: 'complaint',
      ref: 'FJ-2026-17',
    });
    expect(entry?.bytes).not.toContain(idNumber);
  });

  it('are not shown when that cannot be recorded', async () => {
    const full = vi.spyOn(kit.runtime.store, 'append').mockRejectedValue(new Error('no room'));
    const answer = await disclose({ field: 'idNumber', reason: 'inspection' });
    full.mockRestore();
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain(idNumber);
  });

  it.each([
    [{ field: 'idNumber', reason: '' }, 422, 'purpose-invalid'],
    [{ field: 'idNumber', reason: 'unspecified' }, 422, 'purpose-invalid'],
    [{ field: 'idNumber', reason: 'curiosity' }, 422, 'purpose-invalid'],
    [{ field: 'idNumber', reason: 'inspection; ref=林知远' }, 422, 'purpose-invalid'],
    [{ field: 'idNumber' }, 422, 'form-invalid'],
    [{ field: 'faceToken', reason: 'inspection' }, 404, 'not-found'],
    [{ field: 'constructor', reason: 'inspection' }, 404, 'not-found'],
    [{ field: 'ethnicity', reason: 'inspection' }, 404, 'not-found'],
  ])('are not shown for %o, and nothing is recorded of it', async (body, status, code) => {
    const before = (await reads()).items.length;
    const answer = await disclose(body);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    // The second look at the reads is the only one since.
    expect((await reads()).items.length).toBe(before + 1);
  });
});
