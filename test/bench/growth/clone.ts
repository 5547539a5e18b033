import type Database from 'better-sqlite3';
import { digestOf } from '../../../src/engine/canonical.ts';
import type { Personal } from '../../../src/engine/types.ts';
import type { PersonSample } from '../../../src/providers/simulator/people-samples.ts';
import type { PersonKey, Vault } from '../../../src/vault/vault.ts';
import { createSignIn } from '../servers/sign-in.ts';
import { addressOf, caseIdOf } from '../walk.ts';
import { OWN, type Pieces, type Subject, type Template, type TemplateEntry } from './template.ts';

/** So many people come side by side: entries of one case do not lie beside each other, as they do not in life. */
const SIDE_BY_SIDE = 1_000;

type Row = Record<string, unknown>;

interface Clone extends Subject {
  /** Its row's number, once it has one. */
  no: number;
  key: PersonKey;
  head: string;
}

/** Writes a case for each of these people, as if they had walked it: own ids, own key, own sealed values, own chain. */
export function cloneCases(
  db: Database.Database,
  vault: Vault,
  template: Template,
  range: { from: number; people: readonly PersonSample[] },
): void {
  const insert = prepareInserts(db, template);
  const signIn = createSignIn(db, vault);
  const rename = createRenaming(vault, template.subject);
  for (let at = 0; at < range.people.length; at += SIDE_BY_SIDE) {
    const group = range.people.slice(at, at + SIDE_BY_SIDE).map((person, place): Clone => {
      const index = range.from + at + place;
      const key = signIn(index);
      return {
        caseId: caseIdOf(index),
        owner: key.personId,
        address: addressOf(index),
        person,
        no: 0,
        key,
        head: '',
      };
    });
    for (const clone of group) insertCase(clone);
    for (const entry of template.entries) for (const clone of group) insertEntry(clone, entry);
    for (const clone of group) insert.head(clone.head, clone.no);
  }

  function insertCase(clone: Clone): void {
    const state = join(template.row.state, { [OWN.case]: clone.caseId });
    clone.no = insert.cases({ ...template.row, id: clone.caseId, owner: clone.owner, state });
    for (const mark of template.marks) insert.marks({ ...mark, subject: rename(mark.subject, clone) });
    for (const claim of template.claims) {
      insert.claims({ ...claim, case_no: clone.no, subject: rename(claim.subject, clone) });
    }
    for (const row of template.subjects) {
      const subject = rename(row.subject, clone);
      insert.subjects({ ...row, case_no: clone.no, subject, person_id: clone.owner });
    }
  }

  function insertEntry(clone: Clone, entry: TemplateEntry): void {
    const { no, caseId, owner, key } = clone;
    const values = renameValues(entry.personal, template.subject, clone);
    const sealed = vault.sealValues(key, caseId, entry.seq, values);
    const bytes = join(entry.bytes, {
      [OWN.case]: caseId,
      [OWN.owner]: owner,
      [OWN.prev]: clone.head,
      [OWN.state]:
        'digest' in entry.state
          ? entry.state.digest
          : digestOf(join(entry.state.text, { [OWN.case]: caseId, [OWN.owner]: owner })),
      [OWN.personal]: JSON.stringify(sealed.map(({ digest }) => digest).toSorted()),
    });
    clone.head = digestOf(bytes);
    insert.entry(no, entry.seq, bytes, clone.head);
    for (const value of sealed) insert.vault(no, entry.seq, value.field, value.digest, value.sealed);
  }
}

function join(pieces: Pieces, own: Record<string, string>): string {
  let text = '';
  for (const [at, piece] of pieces.entries()) text += at % 2 === 0 ? piece : own[piece];
  return text;
}

/** Values about the template's person become those of another. */
function renameValues(values: Personal, from: Subject, to: Clone): Personal {
  const renamed: Personal = {};
  for (const [field, value] of Object.entries(values)) {
    const property = PROPERTIES.find((name) => from.person[name] === value);
    renamed[field] = property ? to.person[property] : value.replaceAll(from.caseId, to.caseId);
  }
  return renamed;
}

const PROPERTIES = ['name', 'idNumber', 'mobile', 'birthDate', 'employerName', 'sex'] as const;

/** Keyed digests cannot be read back: each that the template has is looked for among those that could be. */
function createRenaming(vault: Vault, from: Subject): (digest: unknown, to: Subject) => string {
  const makers: ((subject: Subject) => string)[] = [
    ({ owner }) => vault.digestOf('limit', owner),
    ({ owner }) => vault.digestOf('claim', owner),
    ({ address }) => vault.digestOf('address', address),
    ({ person }) => vault.digestOf('subject', person.idNumber),
  ];
  const known = new Map(makers.map((make) => [make(from), make]));
  return (digest, to) => {
    const make = known.get(String(digest));
    if (!make) throw new Error('a digest of something that is not known here');
    return make(to);
  };
}

function prepareInserts(db: Database.Database, template: Template) {
  const entry = db.prepare(
    `INSERT INTO entries (case_no, kind, seq, bytes, digest) VALUES (?, 'accepted', ?, ?, ?)`,
  );
  const vault = db.prepare('INSERT INTO vault (case_no, seq, field, digest, sealed) VALUES (?, ?, ?, ?, ?)');
  const head = db.prepare('UPDATE cases SET head = ? WHERE no = ?');
  return {
    cases: insertLike(db, 'cases', template.row),
    marks: insertLike(db, 'marks', template.marks[0]),
    claims: insertLike(db, 'claims', template.claims[0]),
    subjects: insertLike(db, 'subjects', template.subjects[0]),
    entry: (...values: [caseNo: number, seq: number, bytes: string, digest: string]) => entry.run(...values),
    vault: (...values: [number, number, string, string, Buffer]) => vault.run(...values),
    head: (digest: string, no: number) => head.run(digest, no),
  };
}

const NUMBERS = new Set(['id', 'no']);

/** A number of its own is given to each row by the table; it comes back. */
function insertLike(db: Database.Database, table: string, example: Row | undefined): (row: Row) => number {
  if (!example) throw new Error(`the template has nothing in ${table}`);
  const columns = Object.keys(example).filter(
    (name) => !NUMBERS.has(name) || typeof example[name] !== 'number',
  );
  const insert = db.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
  );
  return (row) =>
    Number(insert.run(Object.fromEntries(columns.map((name) => [name, row[name]]))).lastInsertRowid);
}
