import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.js';
import type { FinalLists, HistoryTransaction, Level, Operation, Outcome } from './history.js';

const append = (key: number, value: number): Operation => ({ kind: 'append', key, value });
const read = (key: number, ...values: number[]): Operation => ({ kind: 'read', key, values });

/** All at the same time, unless told otherwise. */
function transaction(name: string, operations: Operation[], outcome: Outcome = 'committed', began = 0, ended = 100): HistoryTransaction {
  return { name, operations, outcome, began, ended };
}

function allowed(transactions: readonly HistoryTransaction[], final: FinalLists): readonly Level[] {
  const levels: readonly Level[] = ['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'];
  return levels.filter((level) => checkHistory(transactions, final, level).length === 0);
}

describe('the history checker', () => {
  it('allows what happened one after the other', () => {
    const history = [
      transaction('a', [append(1, 1)]),
      transaction('b', [read(1, 1), append(2, 2)]),
      transaction('c', [read(1, 1), read(2, 2)]),
    ];
    const final = new Map([
      [1, [1]],
      [2, [2]],
    ]);
    expect(allowed(history, final)).toEqual(['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE']);
  });

  it('finds G0: writes of two transactions in opposite orders', () => {
    const history = [transaction('a', [append(1, 1), append(2, 2)]), transaction('b', [append(1, 3), append(2, 4)])];
    const final = new Map([
      [1, [1, 3]],
      [2, [4, 2]],
    ]);
    expect(allowed(history, final)).toEqual([]);
  });

  it('finds G1a, G1b and G1c', () => {
    const aborted = [transaction('a', [append(1, 1)], 'aborted'), transaction('b', [read(1, 1)])];
    expect(allowed(aborted, new Map([[1, []]]))).toEqual([]);
    const intermediate = [transaction('a', [append(1, 1), append(1, 2)]), transaction('b', [read(1, 1)])];
    expect(allowed(intermediate, new Map([[1, [1, 2]]]))).toEqual([]);
    const circular = [transaction('a', [append(1, 1), read(2, 2)]), transaction('b', [append(2, 2), read(1, 1)])];
    const final = new Map([
      [1, [1]],
      [2, [2]],
    ]);
    expect(allowed(circular, final)).toEqual([]);
  });

  it('allows G-single under READ COMMITTED only', () => {
    const history = [transaction('a', [read(1), read(2, 2)]), transaction('b', [append(1, 1), append(2, 2)])];
    const final = new Map([
      [1, [1]],
      [2, [2]],
    ]);
    expect(allowed(history, final)).toEqual(['READ COMMITTED']);
  });

  it('allows a lost update under READ COMMITTED only', () => {
    const history = [transaction('a', [read(1), append(1, 1)]), transaction('b', [read(1), append(1, 2)])];
    expect(allowed(history, new Map([[1, [1, 2]]]))).toEqual(['READ COMMITTED']);
  });

  it('allows write skew up to REPEATABLE READ', () => {
    const history = [transaction('a', [read(1), append(2, 2)]), transaction('b', [read(2), append(1, 1)])];
    const final = new Map([
      [1, [1]],
      [2, [2]],
    ]);
    expect(allowed(history, final)).toEqual(['READ COMMITTED', 'REPEATABLE READ']);
  });

  it('allows the read-only anomaly up to REPEATABLE READ', () => {
    const history = [
      transaction('saver', [append(1, 1)]),
      transaction('spender', [read(1), read(2), append(2, 2)]),
      transaction('reader', [read(1, 1), read(2)]),
    ];
    const final = new Map([
      [1, [1]],
      [2, [2]],
    ]);
    expect(allowed(history, final)).toEqual(['READ COMMITTED', 'REPEATABLE READ']);
  });

  it('finds a read that misses what was acknowledged before it began', () => {
    const history = [transaction('a', [append(1, 1)], 'committed', 0, 1), transaction('b', [read(1)], 'committed', 2, 3)];
    expect(allowed(history, new Map([[1, [1]]]))).toEqual(['READ COMMITTED']);
  });

  it('finds lost, doubled and halved transactions, and leaves unknown ones their choice', () => {
    expect(allowed([transaction('a', [append(1, 1)])], new Map())).toEqual([]);
    expect(allowed([transaction('a', [append(1, 1)])], new Map([[1, [1, 1]]]))).toEqual([]);
    expect(allowed([transaction('a', [append(1, 1), append(1, 2)], 'unknown')], new Map([[1, [1]]]))).toEqual([]);
    expect(allowed([transaction('a', [append(1, 1)], 'unknown')], new Map())).toHaveLength(3);
    expect(allowed([transaction('a', [append(1, 1)], 'unknown')], new Map([[1, [1]]]))).toHaveLength(3);
  });
});
