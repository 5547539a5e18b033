import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Schemas of others lie beside the repository, where they are there at all. */
const FOLDER = fileURLToPath(new URL('../../../shared/schemas', import.meta.url));
/** A worktree lies one level deeper than the repository. */
const DEEPER = fileURLToPath(new URL('../../../../shared/schemas', import.meta.url));

/** Undefined where the schema is not beside the repository. */
export function findSchema(name: string): string | undefined {
  return [FOLDER, DEEPER].map((folder) => join(folder, name)).find((file) => existsSync(file));
}
