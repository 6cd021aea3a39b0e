import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storageId } from '../../src/commons/ids.js';
import { type SequenceDefinition, SessionSequences } from '../../src/transaction/sequence-definition.js';
import { SequenceStore } from '../../src/transaction/sequences.js';
import { Bench, STORES } from './support.js';

const plain: SequenceDefinition = { name: 's', start: 1n, increment: 1n, min: 1n, max: 2n ** 63n - 1n, cycle: false, cache: 1n };
const id = storageId(20_000);

for (const [name, open] of Object.entries(STORES)) {
  describe(`sequences over ${name}`, () => {
    let bench: Bench;
    let cleanUp: () => void;
    let sequences: SequenceStore;
    beforeEach(async () => {
      const opened = await open();
      cleanUp = opened.cleanUp;
      bench = await Bench.over(opened.store);
      sequences = new SequenceStore(bench.manager);
    });
    afterEach(async () => {
      await bench.close();
      cleanUp();
    });

    it('count up, mostly without waiting, to any number of callers', async () => {
      const first = sequences.nextval(id, plain);
      expect(first).toBeInstanceOf(Promise);
      const others = [sequences.nextval(id, plain), sequences.nextval(id, plain)];
      expect(await Promise.all([first, ...others])).toEqual([1, 2, 3]);
      for (let i = 4; i <= 32; i++) expect(sequences.nextval(id, plain)).toBe(i);
      expect(await sequences.nextval(id, plain)).toBe(33);
      let waited = 0;
      for (let i = 34; i <= 200; i++) {
        const value = sequences.nextval(id, plain);
        if (value instanceof Promise) waited++;
        expect(await value).toBe(i);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(waited).toBeLessThan(10);
      expect(await sequences.state(id, plain)).toEqual({ lastValue: 200, isCalled: true });
    });

    it('never give a value twice, also after a crash', async () => {
      for (let i = 1; i <= 5; i++) expect(await sequences.nextval(id, plain)).toBe(i);
      const afterCrash = new SequenceStore(bench.manager);
      expect(await afterCrash.nextval(id, plain)).toBe(33);
      await afterCrash.close();
      expect(await new SequenceStore(bench.manager).nextval(id, plain)).toBe(34);
    });

    it('honour CACHE, INCREMENT and START', async () => {
      const odd: SequenceDefinition = { ...plain, start: 10n, increment: -3n, min: -(2n ** 63n), max: 10n, cache: 100n };
      expect([await sequences.nextval(id, odd), await sequences.nextval(id, odd)]).toEqual([10, 7]);
      expect(await new SequenceStore(bench.manager).nextval(id, odd)).toBe(10 - 3 * 100);
      const large: SequenceDefinition = { ...plain, start: 2n ** 62n };
      expect(await sequences.nextval(storageId(20_001), large)).toBe(2n ** 62n);
    });

    it('end, or begin again', async () => {
      const short: SequenceDefinition = { ...plain, min: 1n, max: 3n };
      for (let i = 1; i <= 3; i++) expect(await sequences.nextval(id, short)).toBe(i);
      await expect(sequences.nextval(id, short)).rejects.toMatchObject({
        code: '2200H',
        message: 'nextval: reached maximum value of sequence "s" (3)',
      });
      const round: SequenceDefinition = { ...short, cycle: true };
      for (let i = 0; i < 100; i++) expect(await sequences.nextval(id, round)).toBe((i % 3) + 1);
      const down: SequenceDefinition = { ...short, increment: -1n, start: 2n };
      const other = storageId(20_002);
      expect([await sequences.nextval(other, down), await sequences.nextval(other, down)]).toEqual([2, 1]);
      await expect(sequences.nextval(other, down)).rejects.toThrow('nextval: reached minimum value of sequence "s" (1)');
    });

    it('are set', async () => {
      expect(await sequences.nextval(id, plain)).toBe(1);
      await sequences.setval(id, 100, true, plain);
      expect(await sequences.nextval(id, plain)).toBe(101);
      await sequences.setval(id, 50, false, plain);
      expect(await sequences.state(id, plain)).toEqual({ lastValue: 50, isCalled: false });
      expect(await new SequenceStore(bench.manager).nextval(id, plain)).toBe(50);
      await expect(sequences.setval(id, 200, true, { ...plain, max: 100n })).rejects.toMatchObject({
        code: '22003',
        message: 'setval: value 200 is out of bounds for sequence "s" (1..100)',
      });
    });

    it('go with the transaction that drops them', async () => {
      expect(await sequences.nextval(id, plain)).toBe(1);
      const t = bench.begin();
      sequences.drop(t, id);
      await t.commit();
      expect(await sequences.nextval(id, plain)).toBe(1);
    });
  });
}

it('remember what a session got', () => {
  const session = new SessionSequences();
  expect(() => session.currval(id, 's')).toThrow('currval of sequence "s" is not yet defined in this session');
  expect(() => session.lastval()).toThrow('lastval is not yet defined in this session');
  session.note(id, 5, true);
  session.note(storageId(1), 9, false);
  expect([session.currval(id, 's'), session.currval(storageId(1), 't'), session.lastval()]).toEqual([5, 9, 5]);
});
