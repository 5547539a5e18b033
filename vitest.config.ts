import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'threads',
    // By itself it leaves a core alone, and on two that is half of them; many of our tests wait for processes of their own.
    maxWorkers: '100%',
    // A machine with much else to do takes its time; what hangs is still found.
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
