import { corrupt } from './errors.js';

/** OpenPGP's packets (RFC 4880, section 4). */
export const Tag = { sessionKey: 3, compressed: 8, encrypted: 9, literal: 11, protectedData: 18, mdc: 19 } as const;

export interface Packet {
  readonly tag: number;
  readonly body: Buffer;
}

/** In the new format. */
export function packet(tag: number, body: Uint8Array): Buffer {
  return Buffer.concat([Uint8Array.of(0xc0 | tag), lengthOf(body.length), body]);
}

function lengthOf(size: number): Buffer {
  if (size < 192) return Buffer.of(size);
  if (size < 8384) return Buffer.of(192 + ((size - 192) >> 8), (size - 192) & 0xff);
  const bytes = Buffer.alloc(5);
  bytes[0] = 0xff;
  bytes.writeUInt32BE(size, 1);
  return bytes;
}

/** All packets, in either format; pieces of partial length are put together. @throws SqlError 39000 */
export function* packetsIn(data: Buffer): Generator<Packet> {
  let at = 0;
  const byte = (): number => {
    const value = data[at++];
    if (value === undefined) throw corrupt();
    return value;
  };
  const take = (size: number): Buffer => {
    if (at + size > data.length) throw corrupt();
    at += size;
    return data.subarray(at - size, at);
  };
  while (at < data.length) {
    const head = byte();
    if ((head & 0x80) === 0) throw corrupt();
    if ((head & 0x40) === 0) {
      const kind = head & 3;
      const size = kind === 3 ? data.length - at : take(1 << kind).readUIntBE(0, 1 << kind);
      yield { tag: (head >> 2) & 0x0f, body: take(size) };
      continue;
    }
    const parts: Buffer[] = [];
    for (;;) {
      const first = byte();
      if (first >= 224 && first < 255) {
        parts.push(take(1 << (first & 0x1f)));
        continue;
      }
      const size = first < 192 ? first : first < 224 ? ((first - 192) << 8) + byte() + 192 : take(4).readUInt32BE(0);
      parts.push(take(size));
      break;
    }
    yield { tag: head & 0x3f, body: Buffer.concat(parts) };
  }
}
