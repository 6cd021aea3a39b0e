const NOTHING = new Uint8Array(0);

/** Entries of a space that lie in one piece of memory, in the order of their keys: good until the next batch is asked for. */
export class EntryBatch {
  bytes: Uint8Array = NOTHING;
  count = 0;
  keyStarts = new Int32Array(64);
  keyEnds = new Int32Array(64);
  valueStarts = new Int32Array(64);
  valueEnds = new Int32Array(64);
  /** Values whose start is negative lie elsewhere: a copy, which is read when it is asked for. Their end is their size. */
  readLarge: (start: number) => Uint8Array = () => NOTHING;

  add(keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void {
    const { count } = this;
    if (count === this.keyStarts.length) this.#grow(count * 2);
    this.keyStarts[count] = keyStart;
    this.keyEnds[count] = keyEnd;
    this.valueStarts[count] = valueStart;
    this.valueEnds[count] = valueEnd;
    this.count = count + 1;
  }

  key(i: number): Uint8Array {
    return this.bytes.subarray(this.keyStarts[i], this.keyEnds[i]);
  }

  value(i: number): Uint8Array {
    const start = this.valueStarts[i] ?? 0;
    return start < 0 ? this.readLarge(start) : this.bytes.subarray(start, this.valueEnds[i]);
  }

  #grow(size: number): void {
    const larger = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(size);
      to.set(from);
      return to;
    };
    this.keyStarts = larger(this.keyStarts);
    this.keyEnds = larger(this.keyEnds);
    this.valueStarts = larger(this.valueStarts);
    this.valueEnds = larger(this.valueEnds);
  }
}

/** A scan that hands out many entries at a time. Never waits. */
export interface BatchScan {
  /** The next entries, at least one; undefined at the end. The same object each time. */
  next(): EntryBatch | undefined;
  close(): void;
}
