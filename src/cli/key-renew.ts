import { systemClock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Store } from '../db/store.ts';
import type { Clock } from '../engine/runtime.ts';
import { recordService } from '../engine/service.ts';
import { lockRenewal } from '../lock.ts';
import { beginRenewal, endRenewal, loadKeys } from '../vault/keys.ts';
import { createVault, type Vault } from '../vault/vault.ts';
import { loadExistingKeys, openExisting } from './open-existing.ts';

/** Persons' keys of one transaction: short enough that a running server does not notice. */
const AT_ONCE = 500;

/**
 * A new wrapping key, every person's key under it, the old one destroyed: what an older backup holds of whoever was
 * erased since can be read by nobody any more. Beside a running server too; repeated after a crash, it goes on.
 */
export async function renew({ dataDir, keyFile }: Config): Promise<void> {
  loadExistingKeys(keyFile);
  const store = openExisting(dataDir);
  const unlock = lockRenewal(dataDir);
  try {
    const { epoch, persons } = await renewKey(keyFile, store, systemClock);
    console.log(
      [
        `已换新密钥 · The wrapping key was renewed: epoch ${epoch}, ${persons} persons`,
        '此前的备份不再可读,请立即重新备份数据库与密钥文件,并销毁旧的密钥文件副本。',
        'Backups from before are readable no more: back up the database and the key file now, and destroy older copies of the key file.',
      ].join('\n'),
    );
  } finally {
    await store.close();
    unlock();
  }
}

/**
 * From the moment the database names the new epoch no process can add a person under the old one, so one pass over all
 * persons is enough.
 */
export async function renewKey(
  keyFile: string,
  store: Store,
  clock: Clock,
): Promise<{ epoch: number; persons: number }> {
  const at = new Date(clock.now()).toISOString();
  const epoch = beginRenewal(keyFile, at);
  const vault = createVault(loadKeys(keyFile));
  await store.beginEpoch(epoch, at);
  const persons = await rewrapAll(store, vault);
  await recordService(
    { store, clock },
    { type: 'key.renewed', actor: { role: 'operator', id: 'command-line' }, data: { epoch, persons } },
  );
  await store.purge();
  endRenewal(keyFile);
  return { epoch, persons };
}

async function rewrapAll(store: Store, vault: Vault): Promise<number> {
  let persons = 0;
  let last = '';
  for (;;) {
    const page = await store.readPersonKeys(last, AT_ONCE);
    const [end] = page.slice(-1);
    if (!end) return persons;
    const changes = page.flatMap(({ id, wrappedKey }) => {
      const renewed = vault.rewrap(id, wrappedKey);
      return renewed ? [{ id, before: wrappedKey, after: renewed }] : [];
    });
    await store.rewrapKeys(changes);
    persons += page.length;
    last = end.id;
  }
}
