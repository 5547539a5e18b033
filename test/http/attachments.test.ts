import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Applicant, newApplicant } from '../applicant.ts';
import { clientOf, png, startTestApp, type TestApp, type TestClient } from '../helpers.ts';
import { person } from '../promises/people.ts';

let kit: TestApp;
let applicant: Applicant;
let client: TestClient;
let id: string;
beforeEach(async () => {
  kit = await startTestApp();
  applicant = await newApplicant(kit);
  client = clientOf(kit.app, applicant.token);
  id = (await applicant.open()).id;
});
afterEach(() => kit.close());

const reachForm = () => applicant.walk(id, { ...person.ordinary, kind: 'forced' }, 'form.forced');
const add = (material = 'arbitration', file = { name: '裁决 书.png', bytes: png() }, headers = {}) =>
  client.upload('POST', `/v1/cases/${id}/attachments`, { material }, file, headers);

describe('a file', () => {
  it('is added, shown to its owner and to staff under the name it came with, and taken out again', async () => {
    await reachForm();
    const added = await add();
    expect(added.statusCode).toBe(201);
    const attachment = added.json();
    expect(attachment).toMatchObject({
      material: 'arbitration',
      name: '裁决 书.png',
      size: png().length,
      mediaType: 'image/png',
      width: 1,
      height: 1,
      digest: expect.stringMatching(/^sha256:/),
      href: `/v1/cases/${id}/attachments/${attachment.id}`,
    });
    expect(added.headers.location).toBe(attachment.href);
    for (const reader of [client, await kit.staff('officer')]) {
      const file = await reader.get(attachment.href);
      expect(file.rawPayload).toEqual(png());
      expect(file.headers).toMatchObject({
        'content-type': 'image/png',
        'content-disposition': "inline; filename*=UTF-8''%E8%A3%81%E5%86%B3%20%E4%B9%A6.png",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
    }
    const removed = await client.delete(attachment.href);
    expect(removed.statusCode).toBe(204);
    expect(removed.headers.etag).toMatch(/^"\d+"$/);
    expect((await client.get(attachment.href)).json().code).toBe('not-found');
    expect((await client.delete(attachment.href)).json().code).toBe('not-found');
  });

  it('given twice is one file; under the same key it is one event', async () => {
    await reachForm();
    const first = await add();
    const second = await add();
    expect(second.json().id).toBe(first.json().id);
    const key = { 'idempotency-key': 'k' };
    const third = await add('arbitration', { name: 'x.png', bytes: png() }, key);
    const again = await add('arbitration', { name: 'x.png', bytes: png() }, key);
    expect(again.headers.etag).toBe(third.headers.etag);
    const view = (await client.get(`/v1/cases/${id}`)).json();
    expect(view.data.attachments).toHaveLength(1);
  });

  it('is refused before it is read where none is wanted', async () => {
    const answer = await add('nonsense', { name: 'x', bytes: Buffer.from('no picture') });
    expect(answer.json()).toMatchObject({ code: 'event-not-allowed', state: ['identity.entering'] });
    expect(await kit.runtime.store.readEntries(id, 'refused')).toHaveLength(1);
  });

  it('of a material nobody asked for, or of none, is refused at the field', async () => {
    await reachForm();
    expect((await add('nonsense')).json().errors).toMatchObject([{ pointer: '/material' }]);
    const none = await client.upload('POST', `/v1/cases/${id}/attachments`, {}, { name: 'x', bytes: png() });
    expect(none.json().errors).toMatchObject([{ pointer: '/material' }]);
  });

  it('that is none is said to be so, with the field', async () => {
    await reachForm();
    const answer = await add('arbitration', { name: 'x.jpg', bytes: Buffer.from('GIF89a') });
    expect(answer.statusCode).toBe(415);
    expect(answer.json()).toMatchObject({ code: 'unsupported-media-type', errors: [{ pointer: '/file' }] });
  });

  it('has a name that is data: no path, no marks that turn it around', async () => {
    await reachForm();
    const answer = await add('arbitration', { name: '../../etc/pass\u202ewd.png', bytes: png() });
    expect(answer.json().name).toBe('pass_wd.png');
  });
});
