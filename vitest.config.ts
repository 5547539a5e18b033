import { defineConfig } from 'vitest/config';

export default defineConfig({
  // A machine with much else to do takes its time; what hangs is still found.
  test: { include: ['test/**/*.test.ts'], pool: 'threads', testTimeout: 30_000, hookTimeout: 30_000 },
});
