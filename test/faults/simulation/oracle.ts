import type { Commit, CommitOutcome, Task } from '../../../src/db/store.ts';
import type { Claim, Limit, Mark } from '../../../src/engine/types.ts';

/** A task as it must stand. */
interface Held {
  caseId: string;
  ref: string;
  kind: Task['kind'];
  dueAt: string;
  claimableAt: string;
  held: boolean;
}

type Blame = (promise: string, detail: string) => void;

/**
 * What the store must answer, from what it was asked before: a model of its contract, kept beside it. It says what is wrong
 * and goes on with what the store said.
 */
export interface Oracle {
  committed(commit: Commit, outcome: CommitOutcome): void;
  claimed(claim: { now: string; until: string; limit: number }, tasks: Task[]): void;
  retried(id: number, dueAt: string): void;
  finished(id: number): void;
  released(): void;
  foundKey(scope: string, key: string, found: boolean): void;
  foundCase(id: string, seq: number): void;
  nextDue(found: string | undefined): void;
  /** When the next task can be claimed. */
  findNext(): string | undefined;
  /** Tasks that need no more than time: effects, actions, timers that are due. */
  open(now: string): { caseId: string; ref: string }[];
  /** Whose a task is. */
  caseOf(taskId: number): string | undefined;
}

/** A scope without the ids in it. */
function kindOf(scope: string): string {
  return scope.split(':')[0] ?? scope;
}

export function createOracle(blame: Blame): Oracle {
  const seqs = new Map<string, number>();
  const keys = new Set<string>();
  const claims = new Map<string, string>();
  const marks: (Mark & { at: string })[] = [];
  const tasks = new Map<number, Held>();

  const seqOf = (caseId: string) => seqs.get(caseId) ?? 0;

  function take(commit: Commit, started: Task[]): void {
    const { row } = commit;
    if (row.seq !== seqOf(row.id) + 1) blame('seq has no gap', `${row.seq} after ${seqOf(row.id)}`);
    seqs.set(row.id, row.seq);
    if (commit.settles !== undefined && !tasks.delete(commit.settles)) {
      blame('a late result changes nothing', `task ${commit.settles} was over`);
    }
    if (commit.key) takeKey(commit.key);
    for (const limit of commit.limits) {
      if (isReached(limit, commit.at)) blame('a limit holds', `${limit.scope} at ${commit.at}`);
    }
    for (const mark of commit.marks) marks.push({ ...mark, at: commit.at });
    if (commit.claim) takeClaim(commit.claim, row.id);
    if (row.state.status === 'done') freeClaims(row.id);
    for (const [id, task] of tasks) {
      if (task.caseId === row.id && commit.cancel.includes(task.ref)) tasks.delete(id);
    }
    for (const task of started) takeTask(task, commit.lease?.until ?? task.dueAt);
  }

  function findNext(): string | undefined {
    return [...tasks.values()].map(({ claimableAt }) => claimableAt).toSorted()[0];
  }

  function takeKey({ scope, key }: { scope: string; key: string }): void {
    const name = `${scope} ${key}`;
    if (keys.has(name)) blame('no key is used twice', kindOf(scope));
    keys.add(name);
  }

  function takeClaim(claim: Claim, caseId: string): void {
    const name = `${claim.scope} ${claim.subject}`;
    const holder = claims.get(name);
    if (holder !== undefined && holder !== caseId) {
      blame('a right is held by one open case', `${claim.scope}: ${holder} and ${caseId}`);
    }
    claims.set(name, caseId);
  }

  function freeClaims(caseId: string): void {
    for (const [name, holder] of claims) if (holder === caseId) claims.delete(name);
  }

  function isReached({ scope, subject, max, windowMs }: Limit, at: string): boolean {
    const since = new Date(Date.parse(at) - windowMs).toISOString();
    const counted = marks.filter(
      (mark) => mark.scope === scope && mark.subject === subject && mark.at > since,
    );
    return counted.length >= max;
  }

  function takeTask(task: Task, until: string): void {
    const held = task.kind !== 'timer';
    const claimableAt = held ? until : task.dueAt;
    const { caseId, ref, kind, dueAt } = task;
    tasks.set(task.id, { caseId, ref, kind, dueAt, claimableAt, held });
  }

  /** Whether what the store gave as its reason is so. */
  function isTrue(commit: Commit, outcome: Exclude<CommitOutcome, { kind: 'committed' }>): boolean {
    switch (outcome.kind) {
      case 'seq-taken':
        return seqOf(commit.row.id) >= commit.row.seq;
      case 'task-gone':
        return commit.settles !== undefined && !tasks.has(commit.settles);
      case 'key-used':
        return commit.key !== undefined && keys.has(`${commit.key.scope} ${commit.key.key}`);
      case 'limited':
        return isReached(outcome.limit, commit.at);
      case 'person-erased':
        // Nobody is erased in this world.
        return false;
      case 'claim-taken':
        return (
          commit.claim !== undefined &&
          outcome.caseId !== commit.row.id &&
          claims.get(`${commit.claim.scope} ${commit.claim.subject}`) === outcome.caseId
        );
    }
  }

  return {
    committed(commit, outcome) {
      if (outcome.kind === 'committed') return take(commit, outcome.tasks);
      if (!isTrue(commit, outcome)) blame('a refused commit has its reason', outcome.kind);
    },
    claimed({ now, until, limit }, claimed) {
      for (const { id, ref } of claimed) {
        const task = tasks.get(id);
        if (!task) blame('a task that is over is not run again', ref);
        else if (task.claimableAt > now) blame('a lease is respected', `${ref} until ${task.claimableAt}`);
        else Object.assign(task, { claimableAt: until, held: true });
      }
      const left = [...tasks.values()].find((task) => task.claimableAt <= now);
      if (left && claimed.length < limit) blame('what is due is claimed', left.ref);
    },
    retried(id, dueAt) {
      const task = tasks.get(id);
      if (task) Object.assign(task, { claimableAt: dueAt, held: false });
    },
    finished: (id) => void tasks.delete(id),
    released() {
      for (const task of tasks.values()) {
        if (task.held) Object.assign(task, { claimableAt: task.dueAt, held: false });
      }
    },
    foundKey(scope, key, found) {
      if (found !== keys.has(`${scope} ${key}`))
        blame('a key that was used is found', `${kindOf(scope)}: ${found}`);
    },
    foundCase(id, seq) {
      if (seq !== seqOf(id)) blame('the current row is current', `${seq}, not ${seqOf(id)}`);
    },
    nextDue(found) {
      const due = findNext();
      if (found !== due) blame('the next due task is known', `${found}, not ${due}`);
    },
    findNext,
    open: (now) => [...tasks.values()].filter(({ kind, dueAt }) => kind !== 'timer' || dueAt <= now),
    caseOf: (id) => tasks.get(id)?.caseId,
  };
}
