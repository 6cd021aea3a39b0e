import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';
import { runScenario } from './run-scenario.js';
import { readScenarios } from './script.js';

/** Interleaved sessions behave as PostgreSQL 15's do, step by step: what waits, what goes on, and what comes of it. */
describe('concurrency scenarios', () => {
  const server = new ServerProcess({ label: 'concurrency' });
  beforeAll(() => server.start());
  afterAll(() => server.close());

  for (const scenario of readScenarios()) {
    const test = scenario.todo === undefined ? it : it.fails;
    test(scenario.name, async () => {
      const { text, errors } = await runScenario(scenario, server.connection);
      if (scenario.either === undefined) {
        expect(text).toBe(scenario.golden);
        return;
      }
      const { sessions, code } = scenario.either;
      const failed = sessions.filter((session) => errors.get(session)?.includes(code) === true);
      expect(failed, text).toHaveLength(1);
    });
  }
});
