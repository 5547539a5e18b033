import { writeFileSync } from 'node:fs';
import { generateClientTypes } from './generate.ts';

writeFileSync(new URL('../../src/web/shared/openapi.ts', import.meta.url), await generateClientTypes());
