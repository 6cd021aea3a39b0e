/**
 * PostgreSQL's hash_any and its relatives: Bob Jenkins' lookup3 over little-endian words, so that values hash as they do there.
 */
const SEED = 0x9e3779b9 + 3923095;

const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

interface Lanes {
  a: number;
  b: number;
  c: number;
}

function mix(lanes: Lanes): void {
  let { a, b, c } = lanes;
  a = (a - c) ^ rotate(c, 4);
  c = (c + b) | 0;
  b = (b - a) ^ rotate(a, 6);
  a = (a + c) | 0;
  c = (c - b) ^ rotate(b, 8);
  b = (b + a) | 0;
  a = (a - c) ^ rotate(c, 16);
  c = (c + b) | 0;
  b = (b - a) ^ rotate(a, 19);
  a = (a + c) | 0;
  c = (c - b) ^ rotate(b, 4);
  b = (b + a) | 0;
  lanes.a = a;
  lanes.b = b;
  lanes.c = c;
}

function finish(lanes: Lanes): void {
  let { a, b, c } = lanes;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  lanes.a = a;
  lanes.b = b;
  lanes.c = c;
}

/** With a seed the first words take it in. */
function start(length: number, seed: bigint): Lanes {
  const value = (SEED + length) | 0;
  const lanes = { a: value, b: value, c: value };
  if (seed !== 0n) {
    lanes.a = (lanes.a + Number(BigInt.asIntN(32, seed >> 32n))) | 0;
    lanes.b = (lanes.b + Number(BigInt.asIntN(32, seed))) | 0;
    mix(lanes);
  }
  return lanes;
}

/** The 64-bit hash of bytes (hash_bytes_extended), unsigned; its lower half is the 32-bit hash when the seed is 0. */
export function hashBytes(bytes: Uint8Array, seed = 0n): bigint {
  const lanes = start(bytes.length, seed);
  const byte = (at: number): number => bytes[at] ?? 0;
  const word = (at: number): number => byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24);
  let at = 0;
  for (; bytes.length - at >= 12; at += 12) {
    lanes.a = (lanes.a + word(at)) | 0;
    lanes.b = (lanes.b + word(at + 4)) | 0;
    lanes.c = (lanes.c + word(at + 8)) | 0;
    mix(lanes);
  }
  // The lowest byte of the last word is the length's.
  lanes.a = (lanes.a + word(at)) | 0;
  lanes.b = (lanes.b + word(at + 4)) | 0;
  lanes.c = (lanes.c + ((byte(at + 8) << 8) | (byte(at + 9) << 16) | (byte(at + 10) << 24))) | 0;
  finish(lanes);
  return joined(lanes);
}

/** The hash of one 32-bit word (hash_bytes_uint32_extended). */
export function hashWord(value: number, seed = 0n): bigint {
  const lanes = start(4, seed);
  lanes.a = (lanes.a + value) | 0;
  finish(lanes);
  return joined(lanes);
}

function joined({ b, c }: Lanes): bigint {
  return (BigInt(b >>> 0) << 32n) | BigInt(c >>> 0);
}
