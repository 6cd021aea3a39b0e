import { canonicalInt8, type Int8 } from '../../../types/integer.js';
import { ExactDecimal } from '../../../types/numeric/numeric.js';
import { Numeric } from '../../../types/value.js';

/** An exact sum of integers: a number as long as it is safe, what overflows from it a bigint. */
export class IntegerSum {
  count = 0;
  #small = 0;
  #big = 0n;

  add(value: Int8): void {
    this.count++;
    if (typeof value === 'number') {
      const sum = this.#small + value;
      if (Number.isSafeInteger(sum)) {
        this.#small = sum;
        return;
      }
    }
    this.#big += BigInt(this.#small) + BigInt(value);
    this.#small = 0;
  }

  remove(value: Int8): void {
    this.add(typeof value === 'number' ? -value : canonicalInt8(-value));
    this.count -= 2;
  }

  total(): bigint {
    return this.#big + BigInt(this.#small);
  }
}

export function integerOfBig(value: bigint): Numeric {
  return new Numeric(new ExactDecimal(value.toString()), 0);
}
