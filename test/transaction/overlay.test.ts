import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { Bench, drain, key, row } from './support.js';

/** A store whose scans wait now and then, as one over a network does. */
function waiting(store: Store): Store {
  return new Proxy(store, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (property !== 'snapshot') return typeof member === 'function' ? member.bind(target) : member;
      return () => {
        const snapshot = target.snapshot();
        const scan = snapshot.scan.bind(snapshot);
        snapshot.scan = (space, range) => {
          const inner = scan(space, range);
          const next = inner.next.bind(inner);
          let count = 0;
          inner.next = () => (count++ % 2 === 0 ? Promise.resolve().then(next) : next());
          return inner;
        };
        return snapshot;
      };
    },
  });
}

const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 2 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('put' as const), name, value: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), name }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('savepoint' as const, 'rollback' as const, 'release' as const, 'command' as const) }),
  },
);
const range = fc.record({ gte: fc.option(name), lt: fc.option(name), reverse: fc.boolean(), limit: fc.option(fc.nat(4)) });

for (const wrapped of [false, true]) {
  it(`scans what a map would hold, also while it is written to${wrapped ? ', over a store that waits' : ''}`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(name),
        fc.array(step, { maxLength: 25 }),
        fc.array(range, { minLength: 1, maxLength: 4 }),
        fc.array(step, { maxLength: 6 }),
        async (seeds, steps, ranges, during) => {
          const store = new MemoryStore();
          const bench = await Bench.over(wrapped ? waiting(store) : store);
          await bench.seed(...seeds);
          const t = bench.begin();
          let model = new Map(seeds.map((seed) => [seed, seed]));
          const saved: Map<string, string>[] = [];
          const run = (one: (typeof steps)[number]) => {
            if (one.kind === 'put') {
              t.put(bench.table, key(one.name), row(String(one.value)));
              model.set(one.name, String(one.value));
            } else if (one.kind === 'delete') {
              t.delete(bench.table, key(one.name));
              model.delete(one.name);
            } else if (one.kind === 'savepoint') {
              t.savepoint();
              saved.push(new Map(model));
            } else if (one.kind === 'command') t.view().release();
            else if (saved.length > 0) {
              if (one.kind === 'rollback') {
                model = new Map(saved.at(-1));
                t.rollbackTo(saved.length);
              } else {
                t.release(saved.length);
                saved.pop();
              }
            }
          };
          for (const one of steps) run(one);
          const view = t.view();
          const frozen = new Map(model);
          const writes = during.filter(({ kind }) => kind === 'put' || kind === 'delete');
          for (const { gte, lt, reverse, limit } of ranges) {
            let expected = [...frozen]
              .filter(([k]) => (gte === null || k >= gte) && (lt === null || k < lt))
              .sort(([a], [b]) => (a < b ? -1 : 1));
            if (reverse) expected.reverse();
            if (limit !== null) expected = expected.slice(0, limit);
            const scan = view.scan(bench.table, {
              ...(gte !== null && { gte: key(gte) }),
              ...(lt !== null && { lt: key(lt) }),
              ...(limit !== null && { limit }),
              reverse,
            });
            const seen: string[] = [];
            while (await scan.next()) {
              seen.push(Buffer.from(scan.key).toString());
              for (const one of writes) run(one);
            }
            expect(seen).toEqual(expected.map(([k]) => k));
          }
          expect((await drain(t.scanNewest(bench.table, {}))).sort()).toEqual([...model].map(([k, v]) => `${k}=${v}`).sort());
          view.release();
          await t.commit();
          expect((await bench.committed()).sort()).toEqual([...model].map(([k, v]) => `${k}=${v}`).sort());
          await bench.close();
        },
      ),
      { numRuns: 150 },
    );
  });
}
