import { canonical, digestOf } from '../../../src/engine/canonical.ts';
import { readEntry } from '../../../src/engine/entry.ts';
import { replay } from '../../../src/engine/replay.ts';
import type { Personal, StoredEntry } from '../../../src/engine/types.ts';
import type { PersonSample } from '../../../src/providers/simulator/people-samples.ts';
import type { VaultRow } from '../../../src/vault/vault.ts';
import { addressOf } from '../walk.ts';
import type { Origin } from './origin.ts';

/** What is a case's own in the texts of its rows. Canonical JSON holds no control characters, so these stand for them. */
export const OWN = { case: '\u0001', owner: '\u0002', prev: '\u0003', state: '\u0004', personal: '\u0005' };

/** A text in pieces: every second one is something of the case's own. */
export type Pieces = string[];

export interface TemplateEntry {
  seq: number;
  bytes: Pieces;
  /** Its digest where it is the same for every case, else the text to be digested. */
  state: { digest: string } | { text: Pieces };
  personal: Personal;
}

type Row = Record<string, unknown>;

/** Who a case is about, and where they come from. */
export interface Subject {
  caseId: string;
  owner: string;
  address: string;
  person: PersonSample;
}

/** A case that was really walked, ready to be written again under other names. */
export interface Template {
  subject: Subject;
  row: Row & { state: Pieces };
  entries: TemplateEntry[];
  marks: Row[];
  claims: Row[];
  subjects: Row[];
}

/** @throws Error when the case has work under way: a task would be due at the same moment for all of them. */
export function readTemplate(
  { db, vault, matter }: Origin,
  index: number,
  person: PersonSample,
  caseId: string,
): Template {
  const row = db.prepare<[string], Row>('SELECT * FROM cases WHERE id = ?').get(caseId);
  if (!row) throw new Error(`no case ${caseId}`);
  const rowsOf = (table: string) =>
    db.prepare<[unknown], Row>(`SELECT * FROM ${table} WHERE case_no = ?`).all(row.no);
  if (rowsOf('tasks').length > 0) throw new Error('a template with work under way');
  const subject = { caseId, owner: String(row.owner), address: addressOf(index), person };
  const subjects = rowsOf('subjects');
  const marked = new Set([
    vault.digestOf('limit', subject.owner),
    vault.digestOf('address', subject.address),
  ]);
  return {
    subject,
    row: { ...row, state: cut(String(row.state), subject) },
    entries: readEntries({ db, vault, matter }, subject),
    marks: db
      .prepare<[], Row>('SELECT * FROM marks')
      .all()
      .filter((mark) => marked.has(String(mark.subject))),
    claims: rowsOf('claims'),
    subjects,
  };
}

function readEntries({ db, vault, matter }: Origin, subject: Subject): TemplateEntry[] {
  const { caseId, owner } = subject;
  const stored = db
    .prepare<[string], StoredEntry>(
      `SELECT bytes, digest FROM entries JOIN cases ON no = case_no WHERE cases.id = ? AND kind = 'accepted' ORDER BY entries.seq`,
    )
    .all(caseId);
  const key = db.prepare<[string], { wrapped: Buffer }>(
    'SELECT wrapped_key AS wrapped FROM persons WHERE id = ?',
  );
  const person = vault.openPerson(owner, key.get(owner)?.wrapped ?? Buffer.alloc(0));
  const sealed = db
    .prepare<[string], VaultRow>(
      `SELECT cases.id AS caseId, vault.seq, field, digest, sealed FROM vault JOIN cases ON no = case_no
        WHERE cases.id = ? ORDER BY vault.id`,
    )
    .all(caseId);
  return [...replay(matter, stored)].map(({ stored: { bytes }, state }) => {
    const { seq, personal, prev, state: recorded } = readEntry(bytes);
    const text = canonical(state);
    const marked = bytes
      .replace(`"personal":${JSON.stringify(personal)}`, `"personal":${OWN.personal}`)
      .replace(`"prev":"${prev}"`, `"prev":"${OWN.prev}"`)
      .replace(recorded.digest, OWN.state);
    return {
      seq,
      bytes: cut(marked, subject),
      state: text.includes(caseId) ? { text: cut(text, subject) } : { digest: digestOf(text) },
      personal: vault.openValues(
        person,
        sealed.filter((value) => value.seq === seq),
      ),
    };
  });
}

const ownParts = new RegExp(`(${Object.values(OWN).join('|')})`);

function cut(text: string, { caseId, owner }: Subject): Pieces {
  return text.replaceAll(caseId, OWN.case).replaceAll(owner, OWN.owner).split(ownParts);
}
