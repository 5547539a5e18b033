import { describe, expect, it } from 'vitest';
import { check } from './checker.ts';
import { describeViolations } from './checker-violation.ts';
import { bugs } from './concurrency-bugs.ts';
import { runInProcess } from './concurrency-run.ts';

const SIZE = { cases: 3, operations: 210, seed: 1, waitSeconds: 1 };

describe('the checker, over a short run, finds', { timeout: 60_000 }, () => {
  it.each(Object.entries(bugs))('%s', async (_name, { plant, shows }) => {
    const violations = check(await runInProcess(SIZE, plant));
    const kinds = new Set(violations.map(({ kind }) => kind));
    expect(
      shows.filter((kind) => kinds.has(kind)),
      describeViolations(violations),
    ).not.toEqual([]);
  });

  it('nothing in the same run without a fault', async () => {
    const violations = check(await runInProcess(SIZE));
    expect(violations.length, describeViolations(violations)).toBe(0);
  });
});
