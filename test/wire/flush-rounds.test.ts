import { expect, it } from 'vitest';
import { FlushRounds } from '../../src/wire/flush-rounds.js';

const spend = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

it('flushes what is added in a tick at its end, in order', async () => {
  const rounds = new FlushRounds();
  const flushed: number[] = [];
  for (let i = 0; i < 5; i++) rounds.add({ flush: () => flushed.push(i) });
  expect(flushed).toEqual([]);
  await Promise.resolve();
  await new Promise((resolve) => process.nextTick(resolve));
  expect(flushed).toEqual([0, 1, 2, 3, 4]);
});

it('lets others have their turn within a long round, and keeps its order', async () => {
  const rounds = new FlushRounds();
  const seen: (number | string)[] = [];
  setImmediate(() => seen.push('another'));
  for (let i = 0; i < 100; i++)
    rounds.add({
      flush() {
        spend(0.3);
        seen.push(i);
      },
    });
  await expect.poll(() => seen.length).toBe(101);
  expect(seen.indexOf('another')).toBeLessThan(100);
  expect(seen.filter((each) => each !== 'another')).toEqual(Array.from({ length: 100 }, (_, i) => i));
});

it('waits as long as a round took until the next, so that more comes together', async () => {
  const rounds = new FlushRounds();
  let ended = 0;
  rounds.add({
    flush() {
      spend(8);
      ended = performance.now();
    },
  });
  await new Promise((resolve) => process.nextTick(resolve));
  let again = 0;
  rounds.add({
    flush() {
      again = performance.now();
    },
  });
  await expect.poll(() => again).toBeGreaterThan(0);
  expect(again - ended).toBeGreaterThan(6);
});
