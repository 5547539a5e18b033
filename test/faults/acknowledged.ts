import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { openStore } from '../../src/db/open.ts';
import { newId, newToken } from '../../src/engine/ids.ts';
import type { Entry } from '../../src/engine/types.ts';
import { digestToken } from '../../src/http/auth.ts';
import { type Call, type Connection, connect, type Reply } from '../load/connection.ts';
import { type Acknowledged, must } from '../load/walker.ts';

/** Everything that clients were told. An upload's answer names no head. */
export interface Claims {
  said: (Omit<Acknowledged, 'head'> & { head?: string })[];
  /** What a reader was shown, whoever had written it. */
  seen: { caseId: string; seq: number; head: string }[];
  files: { token: string; path: string; digest: string }[];
  /** What was sent and not answered: it may have been done, once. */
  unanswered(): { caseId: string; event: string }[];
}

/** Each line names what was told and is not so. */
export interface Findings {
  lost: string[];
  doubled: string[];
  /** A history that does not hold together. */
  broken: string[];
}

const BUSY_PAUSE_MS = 100;

interface StoredItem {
  digest: string;
  bytes: string;
  entry: Entry;
}

/** A token for an auditor of the server on this folder, made before the server or beside it. */
export async function newAuditor(folder: string): Promise<string> {
  const store = openStore(join(folder, 'banjian.db'));
  const token = newToken();
  const createdAt = new Date().toISOString();
  await store.createToken({
    id: newId(),
    role: 'auditor',
    name: 'after the fault',
    digest: digestToken(token),
    createdAt,
  });
  await store.close();
  return token;
}

/** Holds what clients were told against the histories and the files of the server as it is now. */
export async function compareWithHistories(url: string, auditor: string, claims: Claims): Promise<Findings> {
  const { said, seen, files } = claims;
  const findings: Findings = { lost: [], doubled: [], broken: [] };
  const connection = connect(url);
  try {
    const saidOf = Map.groupBy(said, ({ caseId }) => caseId);
    const seenOf = Map.groupBy(seen, ({ caseId }) => caseId);
    const unansweredOf = Map.groupBy(claims.unanswered(), ({ caseId }) => caseId);
    for (const [caseId, events] of saidOf) {
      const items = await readHistory(connection, auditor, caseId);
      findings.broken.push(...findBreaks(caseId, items));
      findings.lost.push(...findLost(items, [...events, ...(seenOf.get(caseId) ?? [])]));
      const open = unansweredOf.get(caseId) ?? [];
      countEvents(findings, caseId, items, { events, open });
    }
    for (const file of files) findings.lost.push(...(await findLostFile(connection, file)));
  } finally {
    connection.close();
  }
  return findings;
}

/** What was told since, and all that was ever told of the cases it is about. */
export function newer(claims: Claims, since: { said: number; files: number }): Claims {
  const touched = new Set(claims.said.slice(since.said).map(({ caseId }) => caseId));
  const isTouched = ({ caseId }: { caseId: string }) => touched.has(caseId);
  return {
    said: claims.said.filter(isTouched),
    seen: claims.seen.filter(isTouched),
    files: claims.files.slice(since.files),
    unanswered: () => claims.unanswered(),
  };
}

/** Where `newer` begins to look, taken now. */
export function markOf({ said, files }: Claims): { said: number; files: number } {
  return { said: said.length, files: files.length };
}

/** Asks the server for its own verification; answers with what does not hold. */
export async function findUnverified(url: string, auditor: string, caseIds: Iterable<string>) {
  const connection = connect(url);
  const broken: string[] = [];
  for (const caseId of caseIds) {
    const path = `/v1/audit/cases/${caseId}/verification`;
    const { body } = await must(askPatiently(connection, { method: 'GET', path, token: auditor }));
    if (!body.holds) broken.push(`${caseId}: ${JSON.stringify(body.firstBreak)}`);
  }
  connection.close();
  return broken;
}

/**
 * What SQLite itself finds wrong with the database of a stopped server; `ok` when nothing. On a copy, for whoever opens
 * a database brings it up to date.
 */
export function checkDatabase(folder: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'banjian-check-'));
  for (const name of ['banjian.db', 'banjian.db-wal']) {
    if (existsSync(join(folder, name))) cpSync(join(folder, name), join(copy, name));
  }
  const client = new Database(join(copy, 'banjian.db'));
  const found = client.pragma('integrity_check', { simple: true });
  const dangling = client.pragma('foreign_key_check') as unknown[];
  client.close();
  rmSync(copy, { recursive: true });
  return dangling.length === 0 ? String(found) : `${dangling.length} rows point nowhere`;
}

export function sha256(bytes: Buffer | string): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** A machine with too much to do says so for a moment, and that is no finding. */
export async function askPatiently(connection: Connection, call: Call): Promise<Reply> {
  let reply = await connection.call(call);
  while (reply.body?.code === 'busy') {
    await pause(BUSY_PAUSE_MS);
    reply = await connection.call(call);
  }
  return reply;
}

/** Empty for a case that is not there any more. */
async function readHistory(connection: Connection, auditor: string, caseId: string): Promise<StoredItem[]> {
  const path = `/v1/audit/cases/${caseId}/history`;
  const reply = await askPatiently(connection, { method: 'GET', path, token: auditor });
  if (reply.status === 404) return [];
  return (await must(Promise.resolve(reply))).body.items;
}

/** Counted here and not by the server that is under test: no gap, every link, every digest. */
function findBreaks(caseId: string, items: StoredItem[]): string[] {
  return items.flatMap(({ digest, bytes, entry }, index) => {
    const before = items[index - 1]?.digest ?? '';
    const holds = sha256(bytes) === digest && entry.seq === index + 1 && entry.prev === before;
    return holds && entry.case === caseId ? [] : [`${caseId} #${index + 1}: ${bytes}`];
  });
}

function findLost(
  items: StoredItem[],
  told: { caseId: string; seq: number; head?: string; event?: string }[],
) {
  return told.flatMap(({ caseId, seq, head, event = 'shown' }) => {
    const found = items[seq - 1]?.digest;
    const isThere = found !== undefined && (head === undefined || head === found);
    return isThere ? [] : [`${event} ${caseId} #${seq} ${head}: ${found ?? 'no such entry'}`];
  });
}

/** Every event that was acknowledged stands there so many times as it was acknowledged, and no key twice. */
function countEvents(
  { lost, doubled }: Findings,
  caseId: string,
  items: StoredItem[],
  { events, open }: { events: { event: string }[]; open: { event: string }[] },
): void {
  const own = items.map(({ entry }) => entry).filter(({ actor }) => actor.role === 'applicant');
  for (const event of new Set([...own.map(({ type }) => type), ...events.map((each) => each.event)])) {
    const found = own.filter(({ type }) => type === event).length;
    const told = events.filter((each) => each.event === event).length;
    const maybe = open.filter((each) => each.event === event).length;
    if (found < told) lost.push(`${event} ${caseId}: ${told} acknowledged, ${found} there`);
    if (found > told + maybe) doubled.push(`${event} ${caseId}: ${told} acknowledged, ${found} there`);
  }
  const keys = own.map(({ key }) => key);
  if (new Set(keys).size < keys.length) doubled.push(`${caseId}: a key stands there twice`);
}

async function findLostFile(connection: Connection, file: Claims['files'][number]): Promise<string[]> {
  const { token, path, digest } = file;
  const reply = await askPatiently(connection, { method: 'GET', path, token });
  if (reply.status === 200 && sha256(reply.bytes) === digest) return [];
  return [`file ${path} ${digest}: ${reply.status}`];
}
