/** A planted fault: a server that does not sync the files it takes in. */
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const handle = await open(fileURLToPath(import.meta.url));
Object.assign(Object.getPrototypeOf(handle), { sync: async () => {} });
await handle.close();

await import('./server-main.ts');
