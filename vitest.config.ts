import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Real servers and real clients: more files at once than cores only makes them wait for each other.
    maxWorkers: 2,
  },
});
