import type Database from 'better-sqlite3';
import type { PersonKey, Vault } from '../../../src/vault/vault.ts';
import { tokenDigestOf } from '../walk.ts';

const LIFETIME_MS = 30 * 86_400_000;
/** No picture is kept for it: nothing in a walk reads one. */
const AVATAR = `sha256:${'0'.repeat(64)}`;

/** A session with a profile, as the routes write them, straight into the database: a picture for each would take longer than the run. */
export function createSignIn(db: Database.Database, vault: Vault): (index: number) => PersonKey {
  const insertPerson = db.prepare(
    `INSERT INTO persons (id, wrapped_key, nickname, avatar_digest, avatar_type, created_at, updated_at)
     VALUES (?, ?, ?, ?, 'image/png', ?, ?)`,
  );
  const insertSession = db.prepare(
    `INSERT INTO sessions (digest, person_id, channel, created_at, expires_at) VALUES (?, ?, 'web', ?, ?)`,
  );
  const now = new Date().toISOString();
  const expiresAt = new Date(Date.now() + LIFETIME_MS).toISOString();
  return (index) => {
    const { id, wrappedKey } = vault.newPerson();
    const person = vault.openPerson(id, wrappedKey);
    const nickname = vault.sealBytes(person, 'profile|nickname', Buffer.from('例工'));
    insertPerson.run(id, wrappedKey, nickname, AVATAR, now, now);
    insertSession.run(tokenDigestOf(index), id, now, expiresAt);
    return person;
  };
}
