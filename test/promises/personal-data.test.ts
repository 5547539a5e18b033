import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Applicant, applicantOf, newestCode, PASSWORD, registrationOf } from '../applicant.ts';
import { clientOf, startTestApp, type TestApp } from '../helpers.ts';
import { person } from './people.ts';
import { digestsOf, findIn, type Places, readFolder } from './scan.ts';

const NICKNAME = '金丝雀昵称';
const FILE_NAME = '金丝雀的裁决书.png';
const { name, idNumber, mobile } = person.unregistered;

/** A full walk with everything a person can type, then a look at every byte that was written. */
describe('personal values stand nowhere in clear', () => {
  let folder: string;
  let kit: TestApp;
  let applicant: Applicant;
  let evidence: Buffer;
  let codes: string[];
  let token: string;
  let places: Places;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'banjian-'));
    kit = await startTestApp({ folder, logLevel: 'trace' });
    applicant = applicantOf(kit, await kit.person());
    await applicant.ask('PUT', '/v1/me/profile', { body: { nickname: NICKNAME } });
    evidence = await noisyPicture();
    ({ codes, token } = await walkWithCanaries());
    places = readPlaces();
  });
  afterAll(async () => {
    await kit.close();
    rmSync(folder, { recursive: true });
  });

  async function walkWithCanaries() {
    const { id } = await applicant.open();
    await applicant.walk(id, person.unregistered, 'registration.smsCode.sent');
    const code = newestCode(kit.simulator.control, mobile);
    const form = registrationOf(kit.simulator.control, mobile);
    // Refused in every way a form can be, so that refusals and logs have something to leak.
    await applicant.send(id, 'registration.submit', { ...form, passwordConfirmation: 'other1234' });
    await applicant.send(id, 'registration.submit', { ...form, [idNumber]: name });
    await applicant.send(id, 'identity.submit', { name, idNumber });
    await applicant.send(id, idNumber, { name });
    await applicant.ask('POST', `/v1/cases/${id}/events/registration.submit`, { body: `{"name":"${name}` });
    await applicant.ask('GET', `/v1/cases/${id}?${idNumber}=${encodeURIComponent(name)}`);
    await applicant.ask('GET', `/${idNumber}`);
    await applicant.walk(id, { ...person.unregistered, kind: 'forced' }, 'faceVerification.capturing');
    const view = (await applicant.ask('GET', `/v1/cases/${id}`)).body;
    await applicant.walk(id, { ...person.unregistered, kind: 'forced' }, 'form.forced');
    const file = { name: FILE_NAME, bytes: evidence };
    const client = clientOf(kit.app, applicant.token);
    await client.upload('POST', `/v1/cases/${id}/attachments`, { material: 'arbitration' }, file);
    await applicant.walk(id, { ...person.unregistered, kind: 'forced' }, 'submitted.received');
    await kit.worker.idle();
    return { codes: [code], token: String(view.data.face.token) };
  }

  /** Every file under the data folder but the key, and the log. */
  function readPlaces(): Places {
    return readFolder(folder).set('log', Buffer.from(kit.log.join('')));
  }

  it('the database, its WAL, a sealed file and the log were really looked at', () => {
    const names = [...places.keys()];
    expect(names).toEqual(expect.arrayContaining(['/banjian.db', '/banjian.db-wal', '/simulator.db', 'log']));
    expect(names.some((each) => each.startsWith('/files/'))).toBe(true);
    expect(places.get('/banjian.db-wal')?.includes('form.submit')).toBe(true);
    expect(places.get('log')?.includes('/v1/cases/:id/events/identity.submit')).toBe(true);
  });

  it('not a name, ID number, mobile, nickname, password, code, token or file name, in any usual writing', () => {
    const canaries = [
      name,
      idNumber,
      mobile,
      NICKNAME,
      PASSWORD,
      FILE_NAME,
      token,
      applicant.token,
      ...codes,
    ];
    for (const canary of canaries) expect(findIn(places, canary), canary).toEqual([]);
  });

  it('not a plain digest of one either: there are too few ID numbers to hide in a hash', () => {
    for (const value of [name, idNumber, mobile, ...codes]) {
      for (const digest of digestsOf(value)) {
        for (const [place, bytes] of places) expect(bytes.includes(digest), place).toBe(false);
      }
    }
  });

  it('not the picture of the evidence', () => {
    const middle = evidence.subarray(100, 140);
    expect(middle).toHaveLength(40);
    for (const [place, bytes] of places) expect(bytes.includes(middle), place).toBe(false);
  });

  it('and the scan finds what is there: the same look at a copy in clear fails', () => {
    const planted = new Map([...places, ['planted', Buffer.from(`…${idNumber}…`, 'utf16le')]]);
    expect(findIn(planted, idNumber)).toEqual(['planted']);
  });

  it('the key file is the owner’s alone', () => {
    expect(statSync(join(folder, 'banjian.key')).mode & 0o777).toBe(0o600);
  });
});

/** Large enough that its middle is its own. */
async function noisyPicture(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  return sharp({ create: { width: 64, height: 64, channels: 3, background: 'white', noise } })
    .png()
    .toBuffer();
}
