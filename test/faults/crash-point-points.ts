/**
 * The named points at which the process under test can be killed. A point is passed twice round everything that lasts:
 * `insert into "entries" … · before` and `… · after`.
 */
export interface Points {
  pass(point: string): void;
  /** The process ends when it passes this point for the nth time from now. */
  arm(point: string, nth: number): void;
  /** What was passed since this was last asked. */
  takeTrace(): string[];
}

export function createPoints(): Points {
  let armed: { point: string; left: number } | undefined;
  let trace: string[] = [];
  return {
    pass(point) {
      trace.push(point);
      if (armed?.point !== point) return;
      armed.left -= 1;
      // Nothing runs after it: no handler, no flush, no rollback.
      if (armed.left === 0) process.kill(process.pid, 'SIGKILL');
    },
    arm(point, nth) {
      armed = { point, left: nth };
    },
    takeTrace() {
      const taken = trace;
      trace = [];
      return taken;
    },
  };
}

export function around<T>(points: Points, name: string, work: () => T): T {
  points.pass(`${name} · before`);
  const result = work();
  points.pass(`${name} · after`);
  return result;
}
