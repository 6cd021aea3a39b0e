import { PAGE_HEADER_BYTES, readUint16, readUint32 } from './page-file.js';

/** Pages of LMDB's tree, as they lie in memory at a place. */

export const NODE_HEADER_BYTES = 8;
const TWO_32 = 4_294_967_296;

export const entriesOf = (memory: Uint8Array, at: number): number => readUint16(memory, at + 20) >> 1;

/** Where an entry begins. */
export const nodeAt = (memory: Uint8Array, at: number, index: number): number =>
  at + PAGE_HEADER_BYTES + readUint16(memory, at + PAGE_HEADER_BYTES + index * 2);

/** Of a branch page: the page below an entry. */
export function childAt(memory: Uint8Array, at: number, index: number): number {
  const node = nodeAt(memory, at, index);
  return readUint32(memory, node) + readUint16(memory, node + 4) * TWO_32;
}

export function compareKeyAt(memory: Uint8Array, at: number, index: number, wanted: Uint8Array): number {
  const node = nodeAt(memory, at, index);
  const size = readUint16(memory, node + 6);
  const common = Math.min(size, wanted.length);
  for (let i = 0; i < common; i++) {
    const difference = (memory[node + NODE_HEADER_BYTES + i] ?? 0) - (wanted[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return size - wanted.length;
}

/** Of a branch page: the last child whose first key is not above a key; the first one's key counts as below everything. */
export function childFor(memory: Uint8Array, at: number, key: Uint8Array): number {
  let low = 1;
  let high = entriesOf(memory, at);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeyAt(memory, at, middle, key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Of a leaf page: how many entries lie below a key. */
export function entriesBelow(memory: Uint8Array, at: number, key: Uint8Array): number {
  let low = 0;
  let high = entriesOf(memory, at);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeyAt(memory, at, middle, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
