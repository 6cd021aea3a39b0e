/** The order of keys everywhere: unsigned bytes, a shorter key before its extensions. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const size = Math.min(a.length, b.length);
  for (let i = 0; i < size; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** A copy that shares no memory. Short arrays live on the heap, longer ones in Buffer's pool: both far cheaper than memory of their own. */
export function copyBytes(bytes: Uint8Array, length = bytes.length): Uint8Array {
  if (length <= 64) {
    const copy = new Uint8Array(length);
    for (let i = 0; i < length; i++) copy[i] = bytes[i] ?? 0;
    return copy;
  }
  const copy = Buffer.allocUnsafe(length);
  copy.set(length === bytes.length ? bytes : bytes.subarray(0, length));
  return copy;
}

/** A copy to be kept among very many: from Buffer's pool it takes half the memory of a short array of its own. */
export function retainBytes(bytes: Uint8Array): Uint8Array {
  const size = bytes.length;
  const copy = Buffer.allocUnsafe(size);
  if (size <= 32) for (let i = 0; i < size; i++) copy[i] = bytes[i] ?? 0;
  else copy.set(bytes);
  return copy;
}
