import { type BenchOptions, type Comparison, median } from '../subject.js';
import { connected, INSERT, listeners, newIds } from './clients.js';

/** From sending an INSERT to hearing of it elsewhere: the commit is part of it, durable on both sides. */
export function commitToNotification({ seconds }: BenchOptions): Comparison {
  return {
    kind: 'comparison',
    name: 'insert → notification, one listener, p50',
    unit: 'µs',
    wanted: 1.3,
    lessIsBetter: true,
    async measure(contender) {
      const [counter] = await listeners(contender, 1);
      const writer = await connected(contender);
      if (counter === undefined) return Number.NaN;
      const times: number[] = [];
      const end = Date.now() + seconds * 1000;
      while (Date.now() < end) {
        const start = performance.now();
        const heard = new Promise<void>((resolve) => {
          counter.heard = () => resolve();
        });
        await Promise.all([writer.query({ name: 'insert', text: INSERT, values: [newIds(), 1, 'hello'] }), heard]);
        times.push((performance.now() - start) * 1000);
      }
      counter.close();
      await writer.end();
      return median(times);
    },
  };
}
