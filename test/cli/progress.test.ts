import { describe, expect, it } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';

function watch(isTTY: boolean) {
  const said: string[] = [];
  let now = 0;
  const progress = createProgress({ isTTY, write: (text) => said.push(text) }, () => now);
  const pass = (ms: number) => {
    now += ms;
  };
  return { said, progress, pass };
}

describe('progress', () => {
  it('is a bar on a terminal, drawn ten times a second at most, with rate and time left', () => {
    const { said, progress, pass } = watch(true);
    progress.begin('replay', 1_000);
    for (let done = 0; done <= 500; done++) {
      progress.at(done);
      pass(1);
    }
    expect(said).toHaveLength(5);
    expect(said.at(-1)).toContain('[████████████░░░░░░░░░░░░]  50%  500/1,000  1,000/s');
    expect(said.at(-1)).toMatch(/ETA 0:01$/);
    expect(progress.end()).toBeGreaterThan(900);
    expect(said.at(-1)).toBe('\r\u001b[K');
  });

  it('is a line every ten seconds elsewhere, and nothing where nothing is asked for', () => {
    const { said, progress, pass } = watch(false);
    progress.begin('replay', 100);
    for (let done = 1; done <= 25; done++) {
      pass(1_000);
      progress.at(done);
    }
    progress.end();
    expect(said.map((line) => line.endsWith('\n'))).toEqual([true, true]);
    expect(() => createProgress(undefined, () => 0).at(1)).not.toThrow();
  });

  it('has an end where there is nothing to do', () => {
    const { progress } = watch(true);
    progress.begin('replay', 0);
    expect(progress.end()).toBe(0);
  });
});
