/**
 * Keys as strings, one character a byte (latin1): JavaScript compares and hashes those, and their order is that of the bytes. A string takes
 * a fifth of the memory of a Uint8Array.
 */
const latin1Slice = (Buffer.prototype as unknown as { latin1Slice(this: Uint8Array, start: number, end: number): string }).latin1Slice;

export function keyText(key: Uint8Array): string {
  return latin1Slice.call(key, 0, key.length);
}

const scratch = Buffer.allocUnsafeSlow(8192);

/** `keyText` of a byte, a number of four bytes and a key: one flat string, which a Map hashes faster than one put together from parts. */
export function keyTextWithPrefix(first: number, number: number, key: Uint8Array): string {
  const size = key.length;
  if (size + 5 > scratch.length) return keyText(Buffer.concat([Buffer.of(first, number >>> 24, number >>> 16, number >>> 8, number), key]));
  scratch[0] = first;
  scratch[1] = number >>> 24;
  scratch[2] = number >>> 16;
  scratch[3] = number >>> 8;
  scratch[4] = number;
  if (size <= 48) for (let i = 0; i < size; i++) scratch[5 + i] = key[i] ?? 0;
  else scratch.set(key, 5);
  return latin1Slice.call(scratch, 0, size + 5);
}
