import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { storageId } from '../../src/commons/ids.js';
import { SpaceName } from '../../src/commons/space-name.js';
import { openLmdbStore } from '../../src/store/lmdb/lmdb-store.js';
import { Bench, drain, freshDirectory, key, row, TABLE } from './support.js';

const WRITERS = 16;
const source = (path: string) => new URL(path, import.meta.url).pathname;

/** Each writer commits two rows at a time, one in each of two tables, and says so when it is told that they are durable. */
const script = (data: string, round: number) => `
import { SystemClock } from '${source('../../src/commons/clock.ts')}';
import { openLmdbStore } from '${source('../../src/store/lmdb/lmdb-store.ts')}';
import { encodeRow } from '${source('../../src/store/row-codec.ts')}';
import { createTransactionManager } from '${source('../../src/transaction/transaction-manager.ts')}';
const store = await openLmdbStore('${data}', { segmentBytes: 20000, historyBytes: 20000, checkpointBytes: 100000 });
const manager = await createTransactionManager(store, { clock: new SystemClock() });
const [one, two] = [store.space('shared.16384'), store.space('shared.16385')];
for (let writer = 0; writer < ${WRITERS}; writer++) {
  void (async () => {
    for (let i = 0; ; i++) {
      const name = '${round}/' + writer + '/' + i;
      const t = manager.begin({ isolation: 'read committed', readOnly: false, backendPid: writer + 1 });
      t.put(one, Buffer.from(name), encodeRow([name]));
      t.put(two, Buffer.from(name), encodeRow([name]));
      await t.commit();
      process.stdout.write(name + '\\n');
    }
  })();
}
`;

it('keeps every commit that was acknowledged, and no half one, through SIGKILL', { timeout: 30_000 }, async () => {
  const directory = freshDirectory();
  const data = join(directory, 'data');
  const acknowledged = new Set<string>();
  for (let round = 0; round < 3; round++) {
    const file = join(directory, `writer-${round}.mts`);
    writeFileSync(file, script(data, round));
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), file], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      if (output === '') setTimeout(() => child.kill('SIGKILL'), 100 + round * 130);
      output += chunk;
    });
    await new Promise((resolve) => child.once('close', resolve));
    // The last line may be cut off.
    for (const line of output.split('\n').slice(0, -1)) acknowledged.add(line);
    const bench = await Bench.over(await openLmdbStore(data));
    const names = async (space: SpaceName) => {
      const t = bench.begin();
      const view = t.view();
      const rows = await drain(view.scan(bench.store.space(space), {}));
      t.rollback();
      return new Set(rows.map((line) => line.split('=')[0]));
    };
    const one = await names(TABLE);
    expect(one).toEqual(await names(SpaceName.shared(storageId(16_385))));
    expect([...acknowledged].filter((name) => !one.has(name))).toEqual([]);
    expect(bench.manager.lastSeq).toBeGreaterThanOrEqual(one.size);
    await bench.close();
  }
  expect(acknowledged.size).toBeGreaterThan(50);
  rmSync(directory, { recursive: true, force: true });
});

it('shares one sync between writers', async () => {
  const directory = freshDirectory();
  const bench = await Bench.over(await openLmdbStore(directory));
  const one = async (writer: number) => {
    for (let i = 0; i < 20; i++) {
      const t = bench.manager.begin({ isolation: 'read committed', readOnly: false, backendPid: writer + 1 });
      t.put(bench.table, key(`${writer}/${i}`), row(i));
      await t.commit();
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => one(writer)));
  const { groups, batches } = bench.store.stats();
  expect(batches).toBe(WRITERS * 20);
  expect(batches / groups).toBeGreaterThan(4);
  await bench.close();
  rmSync(directory, { recursive: true, force: true });
});
