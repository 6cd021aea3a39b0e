import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storageId } from '../../src/commons/ids.js';
import { SpaceName } from '../../src/commons/space-name.js';
import type { KeyRange, Snapshot, Space, Store, WriteBatch, WriteOperation } from '../../src/store/store.js';

/** What a suite needs to know of an adapter. */
export interface Adapter {
  readonly name: string;
  /** Whether `reopen` finds what was written. */
  readonly durable: boolean;
  open(): Promise<Store>;
  reopen(store: Store): Promise<Store>;
  cleanUp(): Promise<void>;
}

const bytes = (...values: number[]) => new Uint8Array(values);
const text = (value: string) => new Uint8Array(Buffer.from(value));
const hex = (value: Uint8Array | undefined) => (value === undefined ? undefined : Buffer.from(value).toString('hex'));

async function read(store: Store, space: Space, range: KeyRange = {}): Promise<string[]> {
  const snapshot = store.snapshot();
  const entries = await readFrom(snapshot, space, range);
  snapshot.release();
  return entries;
}

async function readFrom(snapshot: Snapshot, space: Space, range: KeyRange = {}): Promise<string[]> {
  const entries: string[] = [];
  const scan = snapshot.scan(space, range);
  while (await scan.next()) entries.push(`${hex(scan.key)}=${hex(scan.value)}`);
  scan.close();
  if (range.reverse !== true && range.limit === undefined) expect(batchesFrom(snapshot, space, range) ?? entries).toEqual(entries);
  return entries;
}

function batchesFrom(snapshot: Snapshot, space: Space, range: KeyRange): string[] | undefined {
  const scan = snapshot.scanBatches(space, range);
  if (scan === undefined) return undefined;
  const entries: string[] = [];
  for (let batch = scan.next(); batch !== undefined; batch = scan.next()) {
    expect(batch.count).toBeGreaterThan(0);
    for (let i = 0; i < batch.count; i++) entries.push(`${hex(batch.key(i))}=${hex(batch.value(i))}`);
  }
  scan.close();
  return entries;
}

const put = (space: Space, key: Uint8Array, value: Uint8Array): WriteOperation => ({ op: 'put', space, key, value });
const remove = (space: Space, key: Uint8Array): WriteOperation => ({ op: 'delete', space, key });

/** The contract of store.ts, for any adapter. */
export function conformance(adapter: Adapter): void {
  describe(`store: ${adapter.name}`, () => {
    let store: Store;
    let a: Space;
    let b: Space;
    beforeEach(async () => {
      store = await adapter.open();
      a = store.space(SpaceName.shared(storageId(1)));
      b = store.space(SpaceName.shared(storageId(2)));
    });
    afterEach(async () => {
      await store.close();
      await adapter.cleanUp();
    });

    it('gives the same handle for the same name', () => {
      expect(store.space(a.name)).toBe(a);
      expect(a.id).not.toBe(b.id);
    });

    it('puts, gets, replaces and deletes', async () => {
      await store.write([put(a, text('k'), text('1')), put(a, text('empty'), bytes())]);
      await store.write([put(a, text('k'), text('2')), put(b, text('k'), text('other'))]);
      const snapshot = store.snapshot();
      expect(hex(await snapshot.get(a, text('k')))).toBe(hex(text('2')));
      expect(hex(await snapshot.get(b, text('k')))).toBe(hex(text('other')));
      expect((await snapshot.get(a, text('empty')))?.length).toBe(0);
      expect(await snapshot.get(a, text('absent'))).toBeUndefined();
      const many = await snapshot.getMany(a, [text('k'), text('absent'), text('empty')]);
      expect(many.map(hex)).toEqual([hex(text('2')), undefined, '']);
      snapshot.release();
      await store.write([remove(a, text('k')), remove(a, text('absent'))]);
      expect(await read(store, a)).toEqual([`${hex(text('empty'))}=`]);
      expect([...(await store.spaces())].sort()).toEqual([a.name, b.name]);
    });

    it('orders keys as unsigned bytes, a prefix before its extensions', async () => {
      const keys = [bytes(0), bytes(0, 0), bytes(0, 255), bytes(1), bytes(127), bytes(128), bytes(254, 1), bytes(255), bytes(255, 255)];
      await store.write([...keys].reverse().map((key) => put(a, key, key)));
      const forward = keys.map((key) => `${hex(key)}=${hex(key)}`);
      expect(await read(store, a)).toEqual(forward);
      expect(await read(store, a, { reverse: true })).toEqual([...forward].reverse());
    });

    it('keeps neighbouring spaces apart', async () => {
      await store.write([put(a, bytes(255, 255), text('a')), put(b, bytes(0), text('b'))]);
      expect(await read(store, a, { gte: bytes(0) })).toHaveLength(1);
      expect(await read(store, a, { reverse: true })).toHaveLength(1);
      expect(await read(store, b, { reverse: true })).toHaveLength(1);
      expect(await read(store, b)).toHaveLength(1);
    });

    it('bounds ranges: inclusive below, exclusive above, either way, with limits', async () => {
      await store.write([1, 3, 5, 7, 9].map((n) => put(a, bytes(n), bytes(n))));
      const ranges: KeyRange[] = [];
      for (const gte of [undefined, 0, 1, 4, 9, 10]) {
        for (const lt of [undefined, 0, 1, 4, 5, 9, 10]) {
          for (const limit of [undefined, 0, 1, 2]) {
            for (const reverse of [false, true]) {
              ranges.push({
                ...(gte !== undefined && { gte: bytes(gte) }),
                ...(lt !== undefined && { lt: bytes(lt) }),
                ...(limit !== undefined && { limit }),
                reverse,
              });
            }
          }
        }
      }
      const snapshot = store.snapshot();
      for (const range of ranges) {
        let expected = [1, 3, 5, 7, 9].filter((n) => n >= (range.gte?.[0] ?? 0) && n < (range.lt?.[0] ?? 256));
        if (range.reverse) expected.reverse();
        expected = expected.slice(0, range.limit ?? expected.length);
        expect(await readFrom(snapshot, a, range)).toEqual(expected.map((n) => `${hex(bytes(n))}=${hex(bytes(n))}`));
      }
      snapshot.release();
    });

    it('applies a batch in order, and batches in the order of writing', async () => {
      const first = store.write([put(a, text('k'), text('1')), remove(a, text('k')), put(a, text('k'), text('2'))]);
      const second = store.write([put(a, text('k'), text('3')), put(a, text('l'), text('4'))]);
      const third = store.write([remove(a, text('l'))]);
      await Promise.all([first, second, third]);
      expect(await read(store, a)).toEqual([`${hex(text('k'))}=${hex(text('3'))}`]);
    });

    it('isolates snapshots from later writes, and shows no batch before its promise resolves', async () => {
      await store.write([put(a, text('k'), text('1'))]);
      const before = store.snapshot();
      let durable = false;
      const writing = store.write([put(a, text('k'), text('2')), put(a, text('n'), text('2'))]).then(() => {
        durable = true;
      });
      while (!durable) {
        const during = store.snapshot();
        const entries = await readFrom(during, a);
        during.release();
        if (!durable) expect(entries).toHaveLength(1);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await writing;
      expect(await read(store, a)).toHaveLength(2);
      expect(await readFrom(before, a)).toEqual([`${hex(text('k'))}=${hex(text('1'))}`]);
      for (let i = 0; i < 20; i++) await store.write([put(a, text(`x${i}`), text('x')), remove(a, text('k'))]);
      expect(await readFrom(before, a)).toEqual([`${hex(text('k'))}=${hex(text('1'))}`]);
      expect(store.stats().openSnapshots).toBe(1);
      before.release();
      expect(store.stats().openSnapshots).toBe(0);
    });

    it('interleaves scans and gets of one snapshot', async () => {
      const count = 300;
      const key = (i: number) => bytes(i >> 8, i & 255);
      await store.write(Array.from({ length: count }, (_, i) => put(a, key(i), text(`value ${i} ${'y'.repeat(i % 90)}`))));
      const snapshot = store.snapshot();
      const forward = snapshot.scan(a, {});
      const backward = snapshot.scan(a, { reverse: true });
      for (let i = 0; i < count; i++) {
        expect(await forward.next()).toBe(true);
        expect(await backward.next()).toBe(true);
        await snapshot.get(a, key((i * 7) % count));
        expect(hex(forward.key)).toBe(hex(key(i)));
        expect(hex(backward.key)).toBe(hex(key(count - 1 - i)));
        expect(Buffer.from(forward.value).toString()).toBe(`value ${i} ${'y'.repeat(i % 90)}`);
        expect(Buffer.from(backward.value).toString()).toBe(`value ${count - 1 - i} ${'y'.repeat((count - 1 - i) % 90)}`);
      }
      expect(await forward.next()).toBe(false);
      expect(await forward.next()).toBe(false);
      expect(await backward.next()).toBe(false);
      forward.close();
      forward.close();
      snapshot.release();
    });

    it('survives scans that are left open when their snapshot is released', async () => {
      await store.write([put(a, text('1'), text('1')), put(a, text('2'), text('2'))]);
      for (let i = 0; i < 50; i++) {
        const snapshot = store.snapshot();
        const scan = snapshot.scan(a, {});
        await scan.next();
        snapshot.release();
        await store.write([put(a, text('3'), bytes(i))]);
        expect(await scan.next()).toBe(false);
        scan.close();
      }
    });

    it('ends snapshots when it is closed', async () => {
      await store.write([put(a, text('1'), text('1'))]);
      const old = store.snapshot();
      const scan = old.scan(a, {});
      await scan.next();
      await store.write([put(a, text('2'), text('2'))]);
      const current = store.snapshot();
      await store.close();
      scan.close();
      old.release();
      current.release();
      await store.close();
    });

    it('holds large values and keys of the greatest length', async () => {
      const sizes = [0, 1, 2047, 2048, 2049, 40_000, 3_000_000];
      const values = sizes.map((size) => Buffer.alloc(size, size % 251));
      const longest = Buffer.alloc(store.maxKeyBytes, 7);
      await store.write([...values.map((value, i) => put(a, bytes(i + 10), value)), put(a, longest, text('longest'))]);
      const snapshot = store.snapshot();
      for (const [i, value] of values.entries()) {
        const got = await snapshot.get(a, bytes(i + 10));
        expect(got !== undefined && Buffer.compare(got, value)).toBe(0);
      }
      const scan = snapshot.scan(a, { gte: bytes(10) });
      for (const value of values) {
        expect(await scan.next()).toBe(true);
        expect(Buffer.compare(scan.value, value)).toBe(0);
      }
      scan.close();
      expect(hex(await snapshot.get(a, longest))).toBe(hex(text('longest')));
      // Longer keys are nowhere, and as bounds they lie right behind the longest.
      const longer = Buffer.alloc(store.maxKeyBytes + 1, 7);
      expect(await snapshot.get(a, longer)).toBeUndefined();
      expect(await readFrom(snapshot, a, { gte: longest, lt: longer })).toHaveLength(1);
      expect(await readFrom(snapshot, a, { gte: longest, lt: longer, reverse: true })).toHaveLength(1);
      expect(await readFrom(snapshot, a, { gte: longer, lt: bytes(8) })).toHaveLength(0);
      expect(await readFrom(snapshot, a, { gte: longer, lt: bytes(8), reverse: true })).toHaveLength(0);
      snapshot.release();
    });

    it('gives batches of entries in trees of any depth, also under writes', { timeout: 30_000 }, async () => {
      const many = 30_000;
      const keyOf = (n: number) => Buffer.from([n >> 16, (n >> 8) & 255, n & 255, ...Buffer.from('key')]);
      for (let from = 0; from < many; from += 5000) {
        const piece = Array.from({ length: 5000 }, (_, i) => put(a, keyOf((from + i) * 7), Buffer.alloc(((from + i) * 31) % 90, 1)));
        await store.write([...piece, put(b, keyOf(from), text('b')), put(a, keyOf(from * 7 + 3), Buffer.alloc(5000 + from, 2))]);
      }
      const before = store.snapshot();
      const expected = await readFrom(before, a);
      await store.write([
        remove(a, keyOf(14)),
        put(a, keyOf(15), text('new')),
        put(a, keyOf(21), text('changed')),
        put(a, keyOf(4_000_000), text('last')),
      ]);
      expect(await read(store, a)).toHaveLength(expected.length + 1);
      for (const [gte, lt] of [
        [0, 1],
        [14, 22],
        [15, 15],
        [100_000, 100_100],
        [209_990, 9_000_000],
        [70_000, 140_000],
      ] as const) {
        await read(store, a, { gte: keyOf(gte), lt: keyOf(lt) });
      }
      await store.write([{ op: 'delete range', space: a, gte: keyOf(1000), lt: keyOf(200_000) }, put(a, keyOf(5000), text('within'))]);
      await read(store, a);
      await store.sync();
      await read(store, a);
      expect(await readFrom(before, a)).toEqual(expected);
      before.release();
    });

    it('tells roughly how many entries a range has', { timeout: 30_000 }, async () => {
      const many = 20_000;
      const keyOf = (n: number) => Buffer.from([n >> 16, (n >> 8) & 255, n & 255]);
      const estimate = (space: Space, range: KeyRange = {}): number | undefined => {
        const snapshot = store.snapshot();
        try {
          return snapshot.estimate(space, range);
        } finally {
          snapshot.release();
        }
      };
      expect(estimate(a) ?? 0).toBe(0);
      await store.write([put(b, keyOf(1), text('b'))]);
      // Ascending and in between, so that pages are full to different degrees.
      for (let from = 0; from < many; from += 5000)
        await store.write(Array.from({ length: 5000 }, (_, i) => put(a, keyOf((from + i) * 3), Buffer.alloc(((from + i) * 31) % 90, 1))));
      await store.write(Array.from({ length: 2000 }, (_, i) => put(a, keyOf(i * 9 + 1), Buffer.alloc(20, 2))));
      await store.sync();
      // What was written last may not have arrived yet in what is looked at.
      while ((estimate(b) ?? 1) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      const ranges: readonly (readonly [range: KeyRange, entries: number])[] = [
        [{}, 22_000],
        [{ gte: keyOf(30_000) }, 10_000],
        [{ lt: keyOf(30_000) }, 12_000],
        [{ gte: keyOf(30_000), lt: keyOf(33_000) }, 1000],
      ];
      for (const [range, entries] of ranges) {
        const found = estimate(a, range);
        if (found === undefined) continue;
        expect(found).toBeGreaterThan(entries / 2);
        expect(found).toBeLessThan(entries * 2);
      }
      expect(estimate(a, { gte: keyOf(30_000), lt: keyOf(30_010) }) ?? 4).toBe(4);
      expect(estimate(a, { gte: keyOf(100_000) }) ?? 0).toBe(0);
    });

    it('deletes ranges, also of what the same batch and group put', async () => {
      await store.write([1, 2, 3, 4, 5].map((n) => put(a, bytes(n), bytes(n))));
      await store.write([{ op: 'delete range', space: a, gte: bytes(2), lt: bytes(4) }]);
      expect(await read(store, a)).toEqual(['01=01', '04=04', '05=05']);
      const earlier = store.write([put(a, bytes(9), bytes(9)), put(b, bytes(9), bytes(9))]);
      const later = store.write([put(a, bytes(8), bytes(8)), { op: 'delete range', space: a }, put(a, bytes(1), bytes(7))]);
      await Promise.all([earlier, later]);
      expect(await read(store, a)).toEqual(['01=07']);
      expect(await read(store, b)).toEqual(['09=09']);
      await store.write([{ op: 'delete range', space: a }]);
      expect(await store.spaces()).toEqual([b.name]);
      await store.write([put(a, bytes(3), bytes(3))]);
      expect([...(await store.spaces())].sort()).toEqual([a.name, b.name]);
    });

    it('groups batches of concurrent writers', async () => {
      await Promise.all(
        Array.from({ length: 16 }, async (_, writer) => {
          for (let i = 0; i < 20; i++) await store.write([put(a, bytes(writer, i), bytes(i))]);
        }),
      );
      expect(await read(store, a)).toHaveLength(320);
      const { groups, batches } = store.stats();
      expect(batches).toBe(320);
      expect(batches / groups).toBeGreaterThan(1);
    });

    it('syncs', async () => {
      const writing = store.write([put(a, bytes(1), bytes(1))]);
      await store.sync();
      expect(await read(store, a)).toHaveLength(1);
      await writing;
      await store.sync();
    });

    it.runIf(adapter.durable)('finds everything again when opened again', async () => {
      await store.write([put(a, text('k'), text('v')), put(b, text('k'), text('w'))]);
      await store.write([{ op: 'delete range', space: b }]);
      store = await adapter.reopen(store);
      expect(await store.spaces()).toEqual([a.name]);
      const again = store.space(a.name);
      expect(await read(store, again)).toEqual([`${hex(text('k'))}=${hex(text('v'))}`]);
      const fresh = store.space(SpaceName.shared(storageId(3)));
      await store.write([put(fresh, text('f'), text('f'))]);
      store = await adapter.reopen(store);
      expect(await read(store, store.space(a.name))).toHaveLength(1);
      expect(await read(store, store.space(fresh.name))).toHaveLength(1);
    });

    it('does what a sorted map does', async () => {
      const key = fc.uint8Array({ minLength: 1, maxLength: 3 }).map((value) => value.map((byte) => (byte % 4) * 85));
      const space = fc.constantFrom('a', 'b');
      const operation = fc.oneof(
        { weight: 5, arbitrary: fc.record({ op: fc.constant('put' as const), space, key, value: fc.uint8Array({ maxLength: 4 }) }) },
        { weight: 2, arbitrary: fc.record({ op: fc.constant('delete' as const), space, key }) },
        { weight: 1, arbitrary: fc.record({ op: fc.constant('delete range' as const), space, gte: key, lt: key }) },
      );
      const range = fc.record({ space, gte: fc.option(key), lt: fc.option(key), reverse: fc.boolean(), limit: fc.option(fc.nat(5)) });
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(operation, { maxLength: 6 }), { maxLength: 8 }),
          fc.array(range, { maxLength: 5 }),
          async (batches, ranges) => {
            const spaces = { a, b };
            await store.write([
              { op: 'delete range', space: a },
              { op: 'delete range', space: b },
            ]);
            const model = { a: new Map<string, string>(), b: new Map<string, string>() };
            const writes: Promise<void>[] = [];
            for (const batch of batches) {
              const operations: WriteBatch = batch.map((one) => ({ ...one, space: spaces[one.space] }));
              writes.push(store.write(operations));
              for (const one of batch) {
                const map = model[one.space];
                if (one.op === 'put') map.set(hex(one.key) ?? '', hex(one.value) ?? '');
                else if (one.op === 'delete') map.delete(hex(one.key) ?? '');
                else {
                  for (const stored of [...map.keys()]) {
                    if (stored >= (hex(one.gte) ?? '') && stored < (hex(one.lt) ?? '')) map.delete(stored);
                  }
                }
              }
            }
            await Promise.all(writes);
            for (const { space: name, gte, lt, reverse, limit } of ranges) {
              let expected = [...model[name]].sort(([x], [y]) => (x < y ? -1 : 1));
              expected = expected.filter(
                ([stored]) => stored >= (hex(gte ?? undefined) ?? '') && (lt === null || stored < (hex(lt) ?? '')),
              );
              if (reverse) expected.reverse();
              if (limit !== null) expected = expected.slice(0, limit);
              const got = await read(store, spaces[name], {
                ...(gte !== null && { gte }),
                ...(lt !== null && { lt }),
                ...(limit !== null && { limit }),
                reverse,
              });
              expect(got).toEqual(expected.map(([stored, value]) => `${stored}=${value}`));
            }
          },
        ),
        { numRuns: 60 },
      );
    });
  });
}
