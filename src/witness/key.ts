import { randomBytes } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { createDurableFolder } from '../log/durable.ts';
import { ed25519Keys, readSignerKey, SIGNATURE_TYPES } from '../log/note.ts';

/**
 * The keys of a witness, out of a file that holds the private one; made at the first start (mode 0600).
 * @throws Error when the file is of another witness, Misfit when it holds no key.
 */
export async function loadWitnessKeys(file: string, name: string): Promise<{ skey: string; vkey: string }> {
  const folder = createDurableFolder(dirname(file), true);
  const found = (await folder.find(basename(file)))?.toString().trim();
  if (found !== undefined) {
    const { name: itsName, material } = readSignerKey(found);
    if (itsName === name) return ed25519Keys(name, material, SIGNATURE_TYPES.cosignature);
    throw new Error(`${file}: 密钥属于 ${itsName},不是 ${name}。 The key is ${itsName}’s, not ${name}’s.`);
  }
  const made = ed25519Keys(name, randomBytes(32), SIGNATURE_TYPES.cosignature);
  await folder.write([[basename(file), `${made.skey}\n`]]);
  return made;
}
