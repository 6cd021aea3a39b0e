import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reconnectStorm } from '../harness/reconnect-storm.js';
import { ServerProcess } from '../harness/server-process.js';

describe('clients that all come back at once', () => {
  const server = new ServerProcess({ label: 'storm', args: ['--set', 'max_connections=200'] });
  beforeAll(async () => {
    await server.start();
  });
  afterAll(() => server.close());

  // `npm run bench:live` does the same with 1,000 of them.
  it('are current after a moment, with nothing lost or doubled, while others write', async () => {
    const { currentMs, differences, writes } = await reconnectStorm(server, 100);
    expect(differences).toEqual([]);
    expect(writes).toBeGreaterThan(0);
    expect(currentMs).toBeLessThan(10_000);
  }, 120_000);
});
