import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestApp, type TestApp } from '../helpers.ts';

let kit: TestApp;
beforeAll(async () => {
  kit = await startTestApp();
});
afterAll(() => kit.close());

interface Operation {
  summary?: string;
  responses: Record<string, { description: string; content?: Record<string, unknown> }>;
}
interface Spec {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: object };
}

async function readSpec(): Promise<Spec> {
  return (await kit.anyone.get('/openapi.json')).json();
}

describe('the OpenAPI document', () => {
  it('is 3.1 and describes every answer of every route', async () => {
    const { openapi, paths } = await readSpec();
    expect(openapi).toBe('3.1.0');
    const operations = Object.values(paths).flatMap((path) => Object.values(path));
    expect(operations.length).toBeGreaterThan(40);
    for (const { summary, responses } of operations) {
      expect(summary).toBeTruthy();
      const statuses = Object.keys(responses);
      expect(statuses).toEqual(expect.arrayContaining(['400', '429', '500', '503']));
      expect(statuses.some((status) => status.startsWith('2'))).toBe(true);
      for (const [status, { description, content }] of Object.entries(responses)) {
        expect(description).not.toBe('Default Response');
        const isProblem = Object.keys(content ?? {}).join() === 'application/problem+json';
        expect([status, isProblem]).toEqual([status, Number(status) >= 400]);
      }
    }
  });

  it('has one route for every event that is sent as JSON', async () => {
    const { paths } = await readSpec();
    for (const { events } of kit.runtime.matters.values()) {
      for (const [name, { upload }] of Object.entries(events)) {
        expect([name, paths[`/v1/cases/{id}/events/${name}`] !== undefined]).toEqual([name, upload !== true]);
      }
    }
  });

  it('refers to nothing that is not in it', async () => {
    const spec = await readSpec();
    const names = [...JSON.stringify(spec).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(new Set(Object.keys(spec.components.schemas))).toEqual(new Set(names));
  });
});

describe('the documentation page', () => {
  it('loads nothing from outside', async () => {
    const page = await kit.anyone.get('/docs');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    const loaded = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? '');
    expect(loaded.length).toBeGreaterThan(3);
    for (const url of loaded) {
      expect(url).toMatch(/^\/docs\//);
      expect((await kit.anyone.get(url)).statusCode).toBe(200);
    }
    const script = await kit.anyone.get('/docs/static/swagger-initializer.js');
    expect(script.body).toContain('validatorUrl: null');
  });
});

describe('around it', () => {
  it('says that it lives and is ready, and when it is not', async () => {
    expect((await kit.anyone.get('/health/live')).json()).toEqual({ status: 'ok' });
    expect((await kit.anyone.get('/health/ready')).json()).toEqual({ status: 'ok' });
    const lost = vi.spyOn(kit.runtime.store, 'findNextDue').mockRejectedValue(new Error('gone'));
    const answer = await kit.anyone.get('/health/ready');
    lost.mockRestore();
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
  });

  it('counts requests, events and rows for Prometheus, without a name of anybody', async () => {
    const person = await kit.person();
    const { id } = (await person.post('/v1/matters/supervision-engineer-deregistration/cases', {})).json();
    await person.post(`/v1/cases/${id}/events/canary`, {});
    const answer = await kit.anyone.get('/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(answer.body).toContain('banjian_events_total{type="unknown",outcome="refused"} 1');
    expect(answer.body).toContain('banjian_rows{of="cases"} 1');
    expect(answer.body).toMatch(/http_requests_total\{method="POST",route="\/v1\/sessions",status="201"\} 1/);
    expect(answer.body).not.toContain('canary');
    expect(answer.body).not.toContain(id);
  });

  it('wears strict headers on every answer', async () => {
    for (const path of ['/health/live', '/nowhere', '/v1/matters']) {
      expect((await kit.anyone.get(path)).headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
    }
  });
});
