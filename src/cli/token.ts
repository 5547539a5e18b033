import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config.ts';
import { openStore } from '../db/open.ts';
import { newId, newToken } from '../engine/ids.ts';
import type { Role } from '../engine/types.ts';
import { digestToken } from '../http/auth.ts';

const ROLES: Role[] = ['enterprise', 'officer', 'auditor', 'operator'];
const USAGE = `banjian token create --role ${ROLES.join('|')} --name <name>`;

/** Makes a bearer token for staff, beside a running server too. It is shown once, alone on the last line. */
export async function createToken(args: string[]): Promise<void> {
  const { role, name } = readArgs(args);
  const store = openStore(join(readConfig(process.env).dataDir, 'banjian.db'));
  const token = newToken();
  const createdAt = new Date().toISOString();
  try {
    await store.createToken({ id: newId(), role, name, digest: digestToken(token), createdAt });
  } finally {
    await store.close();
  }
  console.log(`令牌(${role}, ${name}),仅显示这一次 · Token, shown only this once:`);
  console.log(token);
}

function readArgs(args: string[]): { role: Role; name: string } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { role: { type: 'string' }, name: { type: 'string' } },
  });
  const role = ROLES.find((each) => each === values.role);
  const { name } = values;
  if (positionals.join(' ') !== 'create' || !role || !name) throw new Error(`用法 · Usage: ${USAGE}`);
  return { role, name };
}
