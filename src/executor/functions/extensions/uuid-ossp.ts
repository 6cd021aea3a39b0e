import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { FunctionTable } from '../table.js';

/** RFC 4122's name spaces. */
const NAMESPACES = {
  uuid_ns_dns: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  uuid_ns_url: '6ba7b811-9dad-11d1-80b4-00c04fd430c8',
  uuid_ns_oid: '6ba7b812-9dad-11d1-80b4-00c04fd430c8',
  uuid_ns_x500: '6ba7b814-9dad-11d1-80b4-00c04fd430c8',
} as const;

const NIL = '00000000-0000-0000-0000-000000000000';

function print(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

function named(namespace: string, name: string, algorithm: 'md5' | 'sha1', version: number): string {
  const bytes = createHash(algorithm)
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  return print(marked(bytes, version));
}

/** With its version and RFC 4122's variant. */
function marked(bytes: Buffer, version: number): Buffer {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

/** 100 ns between 1582-10-15 and 1970-01-01. */
const GREGORIAN_OFFSET = 122_192_928_000_000_000n;
const TICKS_PER_MS = 10_000n;

/** Times and clock sequences of one server's UUIDs of version 1: no two are the same. */
class TimeBased {
  #last = 0n;
  readonly #node = randomNode();
  readonly #sequence = randomBytes(2).readUInt16BE() & 0x3fff;

  next(node = this.#node): string {
    const now = BigInt(Date.now()) * TICKS_PER_MS + GREGORIAN_OFFSET;
    this.#last = now > this.#last ? now : this.#last + 1n;
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32BE(Number(this.#last & 0xffffffffn), 0);
    bytes.writeUInt16BE(Number((this.#last >> 32n) & 0xffffn), 4);
    bytes.writeUInt16BE(Number((this.#last >> 48n) & 0x0fffn), 6);
    bytes.writeUInt16BE(this.#sequence, 8);
    node.copy(bytes, 10);
    return print(marked(bytes, 1));
  }
}

/** A random node has the multicast bit, so that it is no network card's. */
function randomNode(): Buffer {
  const node = randomBytes(6);
  node[0] = (node[0] ?? 0) | 0x01;
  return node;
}

/** The machine's address is not told: version 1 has a random node too, the same while the server runs. */
export function uuidFunctions(): FunctionTable {
  const clock = new TimeBased();
  return {
    scalar: {
      uuid_nil: () => NIL,
      uuid_ns_dns: () => NAMESPACES.uuid_ns_dns,
      uuid_ns_url: () => NAMESPACES.uuid_ns_url,
      uuid_ns_oid: () => NAMESPACES.uuid_ns_oid,
      uuid_ns_x500: () => NAMESPACES.uuid_ns_x500,
      uuid_generate_v1: () => clock.next(),
      uuid_generate_v1mc: () => clock.next(randomNode()),
      uuid_generate_v3: (namespace: string, name: string) => named(namespace, name, 'md5', 3),
      uuid_generate_v4: () => randomUUID(),
      uuid_generate_v5: (namespace: string, name: string) => named(namespace, name, 'sha1', 5),
    },
  };
}
