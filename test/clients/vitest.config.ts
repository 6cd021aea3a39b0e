import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/clients/*.client.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // MikroORM imports from node:fs what only Node 22 has; transformed, it is only missed when it is called.
    server: { deps: { inline: [/@mikro-orm/] } },
  },
});
