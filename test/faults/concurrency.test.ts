import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check, type Evidence } from './checker.ts';
import { describeViolations } from './checker-violation.ts';
import { runInProcess, runOnServer } from './concurrency-run.ts';
import { summarise } from './concurrency-summary.ts';
import { isFull, report, sized } from './scale.ts';

/** Every fourth is of a person whom the platform does not know. */
const CASES = 8;

const TIMEOUT_MS = sized(60_000, 3_600_000);

/** Too few for a short run, or none at all on a machine that has time. */
const RARE = ['busy', 'unknown', ...(isFull ? [] : ['acceptedWithProblem', 'files'])];

/** All that can go wrong between devices must have had its chance. */
function expectContention(evidence: Evidence): void {
  const met = Object.entries(summarise(evidence.operations)).filter(([what]) => !RARE.includes(what));
  for (const [what, count] of met) expect(count, what).toBeGreaterThan(0);
}

describe('many devices on hot cases, with double taps, stale screens, keys used again, reads and streams', () => {
  it('lose no acknowledged event, apply none twice and read nothing stale: a server of its own, killed in the end', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const size = { cases: sized(CASES, 200), operations: sized(500, 50_000), seed: 12 };
    const evidence = await runOnServer(size);
    report(JSON.stringify(summarise(evidence.operations)));
    expect(evidence.operations.length).toBeGreaterThanOrEqual(size.operations);
    const violations = check(evidence);
    expect(violations.length, describeViolations(violations)).toBe(0);
    expectContention(evidence);
  });

  it('nor where the store lets others in at every call', { timeout: TIMEOUT_MS }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'banjian-concurrency-'));
    try {
      const size = { cases: CASES, operations: sized(500, 3_000), seed: 13, waitSeconds: 5 };
      const violations = check(await runInProcess(size, {}, folder));
      expect(violations.length, describeViolations(violations)).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
