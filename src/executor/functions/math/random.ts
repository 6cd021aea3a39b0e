import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { formatFloat8 } from '../../../types/float.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

const MASK = (1n << 64n) - 1n;
const rotate = (value: bigint, count: bigint): bigint => ((value << count) | (value >> (64n - count))) & MASK;

/** xoroshiro128** seeded by splitmix64, as PostgreSQL 15 has it: the same numbers follow the same setseed(). */
class SeededRandom {
  #s0: bigint;
  #s1: bigint;

  /** @param seed -1 … 1 */
  constructor(seed: number) {
    let state = BigInt.asUintN(64, BigInt(Math.trunc((2 ** 52 - 1) * seed)));
    const next = (): bigint => {
      state = (state + 0x9e3779b97f4a7c15n) & MASK;
      let value = state;
      value = ((value ^ (value >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
      value = ((value ^ (value >> 27n)) * 0x94d049bb133111ebn) & MASK;
      return value ^ (value >> 31n);
    };
    this.#s0 = next();
    this.#s1 = next();
  }

  /** 0 … 1, 1 excluded. */
  next(): number {
    const s0 = this.#s0;
    const mixed = this.#s1 ^ s0;
    const value = (rotate((s0 * 5n) & MASK, 7n) * 9n) & MASK;
    this.#s0 = rotate(s0, 24n) ^ mixed ^ ((mixed << 16n) & MASK);
    this.#s1 = rotate(mixed, 37n);
    return Number(value >> 12n) * 2 ** -52;
  }
}

/** random() and setseed(): made for each library, since it remembers which sessions set a seed. */
export function randomFunctions(): FunctionTable {
  const seeded = new WeakMap<object, SeededRandom>();
  return {
    scalar: {
      drandom: (cx: FunctionContext) => seeded.get(cx.session)?.next() ?? Math.random(),
      setseed: (seed: number, cx: FunctionContext) => {
        if (!(seed >= -1 && seed <= 1)) {
          throw new SqlError(SqlState.invalidParameterValue, `setseed parameter ${formatFloat8(seed, 0)} is out of allowed range [-1,1]`);
        }
        seeded.set(cx.session, new SeededRandom(seed));
        return '';
      },
    },
  };
}
