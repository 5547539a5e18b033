import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generateClientTypes } from '../../tools/openapi/generate.ts';

test('the pages’ client has the types of what the server serves now (npm run client:generate writes them)', async () => {
  const written = readFileSync(new URL('../../src/web/shared/openapi.ts', import.meta.url), 'utf8');
  expect(await generateClientTypes()).toBe(written);
});
