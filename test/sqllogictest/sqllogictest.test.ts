import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../harness/server-process.js';
import { LogicRunner } from './runner.js';
import { parseScript } from './script.js';

const folder = new URL('../sql/sqllogictest/', import.meta.url);

/** Answers as a real PostgreSQL 15 gave them: npx tsx test/sqllogictest/run.ts --complete --server … FILE */
describe('sqllogictest', () => {
  const server = new ServerProcess({ label: 'sqllogictest' });
  beforeAll(async () => {
    await server.start();
  });
  afterAll(async () => {
    await server.close();
  });

  it.each(readdirSync(folder).filter((name) => name.endsWith('.slt')))('%s', async (name) => {
    const client = new pg.Client(server.connection);
    await client.connect();
    const runner = new LogicRunner(client);
    const failures = [];
    for (const record of parseScript(readFileSync(new URL(name, folder), 'utf8'))) {
      const failure = await runner.run(record);
      if (failure !== undefined) failures.push(failure);
    }
    await client.end();
    expect(failures).toEqual([]);
  });

  it('tells a wrong answer', async () => {
    const client = new pg.Client(server.connection);
    await client.connect();
    const runner = new LogicRunner(client);
    const [wrong, right, noError] = parseScript(
      "query I\nselect 1\n----\n2\n\nquery IT nosort\nselect 1, 'a'\n----\n1 a\n\nstatement error\nselect 1\n",
    );
    if (wrong === undefined || right === undefined || noError === undefined) throw new Error('three records');
    expect(await runner.run(wrong)).toMatchObject({ expected: '2', actual: '1' });
    expect(await runner.run(right)).toBeUndefined();
    expect(await runner.run(noError)).toMatchObject({ actual: 'success' });
    await client.end();
  });
});
