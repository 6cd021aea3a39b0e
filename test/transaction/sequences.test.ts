import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storageId } from '../../src/commons/ids.js';
import { type SequenceDefinition, SessionSequences } from '../../src/transaction/sequence-definition.js';
import { SequenceStore } from '../../src/transaction/sequences.js';
import { Bench, STORES } from './support.js';

const plain: SequenceDefinition = { name: 's', start: 1n, increment: 1n, min: 1n, max: 2n ** 63n - 1n, cycle: false, cache: 1n };
const id = storageId(20_000);

/** What is reserved in the background becomes durable. */
const idle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

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

    it('count up without waiting, to any number of callers', async () => {
      for (let i = 1; i <= 10_000; i++) expect(sequences.nextval(id, plain)).toBe(i);
      expect(sequences.state(id, plain)).toEqual({ lastValue: 10_000, isCalled: true });
    });

    it('never give a value twice, also after a crash', async () => {
      for (let i = 1; i <= 5; i++) expect(sequences.nextval(id, plain)).toBe(i);
      await idle();
      const afterCrash = new SequenceStore(bench.manager);
      expect(afterCrash.nextval(id, plain)).toBe(33);
      await afterCrash.close();
      expect(new SequenceStore(bench.manager).nextval(id, plain)).toBe(34);
    });

    it('let a caller wait only for a value that is not durable yet', async () => {
      const commits = async (): Promise<boolean> => {
        const t = bench.begin();
        sequences.nextval(id, plain, t);
        return (await t.commit()) !== undefined;
      };
      expect(await commits()).toBe(true);
      await idle();
      const waited: number[] = [];
      for (let i = 2; i <= 200; i++) {
        if (await commits()) waited.push(i);
        await idle();
      }
      expect(waited).toEqual([]);
      const burst = bench.begin();
      for (let i = 0; i < 1000; i++) sequences.nextval(id, plain, burst);
      expect(burst.hasWrites).toBe(true);
      await burst.commit();
      await idle();
      expect(new SequenceStore(bench.manager).nextval(id, plain)).toBeGreaterThan(1200);
    });

    it('honour CACHE, INCREMENT and START', async () => {
      const odd: SequenceDefinition = { ...plain, start: 10n, increment: -3n, min: -(2n ** 63n), max: 10n, cache: 100n };
      expect([sequences.nextval(id, odd), sequences.nextval(id, odd)]).toEqual([10, 7]);
      await idle();
      expect(new SequenceStore(bench.manager).nextval(id, odd)).toBe(10 - 3 * 100);
      const large: SequenceDefinition = { ...plain, start: 2n ** 62n };
      expect(sequences.nextval(storageId(20_001), large)).toBe(2n ** 62n);
    });

    it('end, or begin again', async () => {
      const short: SequenceDefinition = { ...plain, min: 1n, max: 3n };
      for (let i = 1; i <= 3; i++) expect(sequences.nextval(id, short)).toBe(i);
      expect(() => sequences.nextval(id, short)).toThrow('nextval: reached maximum value of sequence "s" (3)');
      const round: SequenceDefinition = { ...short, cycle: true };
      for (let i = 0; i < 100; i++) expect(sequences.nextval(id, round)).toBe((i % 3) + 1);
      const down: SequenceDefinition = { ...short, increment: -1n, start: 2n };
      const other = storageId(20_002);
      expect([sequences.nextval(other, down), sequences.nextval(other, down)]).toEqual([2, 1]);
      expect(() => sequences.nextval(other, down)).toThrow('nextval: reached minimum value of sequence "s" (1)');
    });

    it('are set', async () => {
      expect(sequences.nextval(id, plain)).toBe(1);
      sequences.setval(id, 100, true, plain);
      expect(sequences.nextval(id, plain)).toBe(101);
      sequences.setval(id, 50, false, plain);
      expect(sequences.state(id, plain)).toEqual({ lastValue: 50, isCalled: false });
      await idle();
      expect(new SequenceStore(bench.manager).nextval(id, plain)).toBe(50);
      expect(() => sequences.setval(id, 200, true, { ...plain, max: 100n })).toThrow(
        'setval: value 200 is out of bounds for sequence "s" (1..100)',
      );
    });

    it('go with the transaction that drops them', async () => {
      expect(sequences.nextval(id, plain)).toBe(1);
      const t = bench.begin();
      sequences.drop(t, id);
      await t.commit();
      expect(sequences.nextval(id, plain)).toBe(1);
    });
  });
}

it('remember what a session got', () => {
  const session = new SessionSequences();
  expect(() => session.currval(id, 's')).toThrow('currval of sequence "s" is not yet defined in this session');
  expect(() => session.lastval()).toThrow('lastval is not yet defined in this session');
  session.note(id, 5, 1);
  session.note(storageId(1), 9, undefined);
  expect([session.currval(id, 's'), session.currval(storageId(1), 't'), session.lastval()]).toEqual([5, 9, 5]);
});
