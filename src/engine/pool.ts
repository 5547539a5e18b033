import type { Task } from '../db/store.ts';

const RUN_AT_ONCE = 128;
/** A provider that hangs has its share and no more. */
const RUN_OF_ONE_KIND = 48;

export interface Pool {
  /** Starts what there is room for; the rest waits in line. A task that is in hand already is left alone. */
  add(tasks: Task[]): void;
  /** Forgets what waits in line: its leases run out, or the next start frees them. */
  drop(): void;
  /** When nothing runs any more. */
  idle(): Promise<void>;
}

/** Runs tasks side by side, each in its turn. `run` never rejects. */
export function createPool(run: (task: Task) => Promise<void>): Pool {
  const running = new Set<Promise<void>>();
  /** Queued or running: a lease that runs out meanwhile must not start a task twice. */
  const inHand = new Set<number>();
  const queue: Task[] = [];
  const busy = new Map<string, number>();

  /** Timers do no work outside, so nothing can be in their way. */
  function takeNext(): Task | undefined {
    const full = [...busy.values()].reduce((sum, n) => sum + n, 0) >= RUN_AT_ONCE;
    const next = queue.findIndex(
      ({ kind, name }) => kind === 'timer' || (!full && (busy.get(name) ?? 0) < RUN_OF_ONE_KIND),
    );
    return next < 0 ? undefined : queue.splice(next, 1)[0];
  }

  function startQueued(): void {
    for (let task = takeNext(); task; task = takeNext()) start(task);
  }

  function count(task: Task, by: 1 | -1): void {
    if (task.kind !== 'timer') busy.set(task.name, (busy.get(task.name) ?? 0) + by);
  }

  function start(task: Task): void {
    count(task, 1);
    const work = run(task).finally(() => {
      inHand.delete(task.id);
      running.delete(work);
      count(task, -1);
      startQueued();
    });
    running.add(work);
  }

  return {
    add(tasks) {
      for (const task of tasks) {
        if (inHand.has(task.id)) continue;
        inHand.add(task.id);
        queue.push(task);
      }
      startQueued();
    },
    drop() {
      for (const task of queue.splice(0)) inHand.delete(task.id);
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
