import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storageId } from '../../src/commons/ids.js';
import { SpaceName } from '../../src/commons/space-name.js';
import { openLmdbStore } from '../../src/store/lmdb/lmdb-store.js';
import type { Store } from '../../src/store/store.js';

const TABLE = SpaceName.shared(storageId(1));
/** So small that a test meets many segments and checkpoints. */
const SMALL = { segmentBytes: 30_000, historyBytes: 60_000, checkpointBytes: 6_000_000 };

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kalamdb-power-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Keys 0, 1, 2 … each hold the number of the batch that wrote them last; key `n` says which batch was the last. */
class Writer {
  readonly acknowledged: number[] = [0];
  readonly #store: Store;
  #number = 0;
  #isStopped = false;

  constructor(store: Store) {
    this.#store = store;
  }

  async run(): Promise<void> {
    const space = this.#store.space(TABLE);
    while (!this.#isStopped) {
      await Promise.all(
        Array.from({ length: 4 }, async () => {
          const number = ++this.#number;
          const value = Buffer.alloc(200 + (number % 300));
          value.writeUInt32BE(number);
          const big =
            number % 97 === 0 ? [{ op: 'put' as const, space, key: Buffer.from('big'), value: Buffer.alloc(1_200_000, number) }] : [];
          await this.#store.write([
            { op: 'put', space, key: Buffer.from(`k${number % 500}`), value },
            { op: 'put', space, key: Buffer.from('n'), value },
            ...big,
          ]);
          this.acknowledged.push(number);
        }),
      );
    }
  }

  stop(): void {
    this.#isStopped = true;
  }
}

/**
 * What the disk holds when the machine dies: all that was synced, and of LMDB's file nothing else. The pages that no checkpoint needs are
 * made unreadable.
 */
function takeImage(from: string, to: string): boolean {
  const before = readFileSync(join(from, 'checkpoint'));
  mkdirSync(join(to, 'log'), { recursive: true });
  for (const name of ['checkpoint', 'store-format', 'data.mdb']) copyFileSync(join(from, name), join(to, name));
  for (const name of readdirSync(join(from, 'log')))
    if (name.endsWith('.wal')) copyFileSync(join(from, 'log', name), join(to, 'log', name));
  if (!before.equals(readFileSync(join(from, 'checkpoint')))) return false;
  const file = openSync(join(to, 'data.mdb'), 'r+');
  writeSync(file, Buffer.alloc(8192, 0xee), 0, 8192, 0);
  return true;
}

async function newestOf(image: string): Promise<number> {
  const store = await openLmdbStore(image, SMALL);
  const space = store.space(TABLE);
  const snapshot = store.snapshot();
  const number = (key: string): number => {
    const value = snapshot.get(space, Buffer.from(key));
    return value instanceof Uint8Array ? Buffer.from(value).readUInt32BE() : 0;
  };
  const newest = number('n');
  for (let i = Math.max(1, newest - 499); i <= newest; i++) expect(number(`k${i % 500}`)).toBe(i);
  snapshot.release();
  await store.close();
  return newest;
}

describe('after the machine dies', () => {
  it('the store holds every acknowledged batch, and no later one without those before it', { timeout: 60_000 }, async () => {
    const data = join(directory, 'data');
    const store = await openLmdbStore(data, SMALL);
    const writer = new Writer(store);
    const running = writer.run();
    let images = 0;
    for (let round = 0; images < 8; round++) {
      await setTimeout(120 + ((round * 37) % 90));
      const image = join(directory, `image-${round}`);
      const acknowledged = writer.acknowledged.at(-1) ?? 0;
      // Nothing else runs meanwhile: the copy is of one moment.
      if (!takeImage(data, image)) continue;
      images++;
      expect(await newestOf(image)).toBeGreaterThanOrEqual(acknowledged);
      // And once more, from what the recovery left.
      expect(await newestOf(image)).toBeGreaterThanOrEqual(acknowledged);
      rmSync(image, { recursive: true });
    }
    writer.stop();
    await running;
    await store.close();
    expect(await newestOf(data)).toBe(writer.acknowledged.at(-1));
    expect(readdirSync(join(data, 'log')).length).toBeLessThan(30);
  });

  it('a torn end of the log is its end', async () => {
    const data = join(directory, 'data');
    let store = await openLmdbStore(data);
    const space = store.space(TABLE);
    const put = (key: string) =>
      store.write([{ op: 'put', space, key: Buffer.from(key), value: Buffer.from(key) }], { label: Buffer.of(1) });
    for (const key of ['a', 'b', 'c']) await put(key);
    const image = join(directory, 'image');
    expect(takeImage(data, image)).toBe(true);
    await store.close();
    const segment = join(image, 'log', readdirSync(join(image, 'log')).sort()[0] ?? '');
    const bytes = readFileSync(segment);
    // Within the last batch's value.
    const last = bytes.lastIndexOf('c');
    const file = openSync(segment, 'r+');
    writeSync(file, Buffer.from('x'), 0, 1, last);
    store = await openLmdbStore(image);
    const read = async (): Promise<string[]> => {
      const keys: string[] = [];
      const snapshot = store.snapshot();
      const scan = snapshot.scan(store.space(TABLE), {});
      while (await scan.next()) keys.push(Buffer.from(scan.key).toString());
      scan.close();
      snapshot.release();
      return keys;
    };
    expect(await read()).toEqual(['a', 'b']);
    await store.write([{ op: 'put', space: store.space(TABLE), key: Buffer.from('d'), value: Buffer.from('d') }], { label: Buffer.of(1) });
    await store.close();
    store = await openLmdbStore(image);
    expect(await read()).toEqual(['a', 'b', 'd']);
    const numbers: number[] = [];
    for await (const { number } of store.history()) numbers.push(number);
    expect(numbers).toEqual([1, 2, 3]);
    await store.close();
  });

  it('a log cut off in the middle is read up to there', async () => {
    const data = join(directory, 'data');
    const store = await openLmdbStore(data);
    const space = store.space(TABLE);
    for (let i = 0; i < 20; i++) await store.write([{ op: 'put', space, key: Buffer.of(i), value: Buffer.alloc(1000, i) }]);
    const image = join(directory, 'image');
    expect(takeImage(data, image)).toBe(true);
    await store.close();
    const segment = join(image, 'log', readdirSync(join(image, 'log')).sort()[0] ?? '');
    expect(statSync(segment).size).toBeGreaterThan(10_000);
    truncateSync(segment, 10_000);
    const again = await openLmdbStore(image);
    const snapshot = again.snapshot();
    expect(snapshot.get(again.space(TABLE), Buffer.of(8))).toBeInstanceOf(Uint8Array);
    expect(snapshot.get(again.space(TABLE), Buffer.of(10))).toBeUndefined();
    snapshot.release();
    await again.close();
  });

  it('a damaged checkpoint is refused', async () => {
    const data = join(directory, 'data');
    await (await openLmdbStore(data)).close();
    const file = openSync(join(data, 'checkpoint'), 'r+');
    writeSync(file, Buffer.from('x'), 0, 1, 100);
    await expect(openLmdbStore(data)).rejects.toThrow(`data directory "${data}" cannot be recovered: the file "checkpoint" is damaged`);
  });
});

describe('a checkpoint that is due', () => {
  it('waits for a large batch that is being applied', { timeout: 30_000 }, async () => {
    const store = await openLmdbStore(join(directory, 'data'), { ...SMALL, historyBytes: 3_000_000, checkpointBytes: 1 });
    const space = store.space(TABLE);
    const value = Buffer.alloc(100, 1);
    const batch = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => ({ op: 'put' as const, space, key: Buffer.from(`${from + i}`), value }));
    // Small ones make checkpoints due while the large ones, of which the second is too large for the history, have the store for themselves.
    for (let round = 0; round < 3; round++) {
      const writing = [
        store.write(batch(0, 500)),
        store.write(batch(1000, 20_000)),
        store.write(batch(0, 500)),
        store.write(batch(30_000, 40_000)),
      ];
      await Promise.all(writing);
    }
    const snapshot = store.snapshot();
    expect(snapshot.get(space, Buffer.from('69999'))).toBeInstanceOf(Uint8Array);
    snapshot.release();
    await store.close();
  });
});

describe('a large batch', () => {
  it.each([
    ['that is logged', {}],
    ['that is larger than the history', { historyBytes: 1_100_000 }],
  ])('%s is seen from the moment its writer is told, and not before', async (_kind, settings) => {
    const store = await openLmdbStore(join(directory, 'data'), settings);
    const space = store.space(TABLE);
    let isTold = false;
    let isOver = false;
    const isSeen = (): boolean => {
      const snapshot = store.snapshot();
      const value = snapshot.get(space, Buffer.from('k'));
      snapshot.release();
      return value !== undefined;
    };
    const watching = (async () => {
      while (!isOver) {
        // Turns of the event loop, and within each the microtasks, where a commit's steps lie.
        for (let i = 0; i < 50; i++) {
          expect(isSeen()).toBe(isTold);
          await undefined;
        }
        await setTimeout(0);
      }
    })();
    await store.write([{ op: 'put', space, key: Buffer.from('k'), value: Buffer.alloc(1_200_000) }], {
      visible: () => {
        isTold = true;
      },
    });
    isOver = true;
    await watching;
    expect(isSeen()).toBe(true);
    await store.close();
  });
});
