import type { Oid } from '../commons/ids.js';
import { keyTextWithPrefix } from '../store/key-text.js';
import type { Space } from '../store/store.js';
import type { LockTag } from './transaction.js';

const ROW = 0x72;
const INDEX_KEY = 0x69;
const SHARED = 's';
/** The kind of the tag of a database itself, whatever its name is. */
export const DATABASE_TAG = 'database oid';
const SHARED_CODE = 0x73;

/** The only place that composes lock tags. The first letter is the kind. */
export const lockTags = {
  relation: (oid: Oid): LockTag => `t${oid}` as LockTag,
  /** A row, by its key in its table's space. Only in row modes. */
  row: (space: Space, key: Uint8Array): LockTag => keyTextWithPrefix(ROW, space.id, key) as LockTag,
  /** A key that a unique index may hold once: taken by whoever is about to put it there. */
  indexKey: (space: Space, key: Uint8Array): LockTag => keyTextWithPrefix(INDEX_KEY, space.id, key) as LockTag,
  /** pg_advisory_lock(bigint). */
  advisory: (key: bigint | number): LockTag => `a${key}` as LockTag,
  /** pg_advisory_lock(int, int): another space of keys than the one above. */
  advisoryPair: (first: number, second: number): LockTag => `a${first},${second}` as LockTag,
  /** Anything else that DDL serializes on: kind 'schema', 'type', …; without a NUL in either. */
  object: (kind: string, name: string): LockTag => `o${kind}\0${name}` as LockTag,
  /** The same of what all databases share: kind 'role', 'database'. */
  shared: (kind: string, name: string): LockTag => `${SHARED}${kind}\0${name}` as LockTag,
  /** A database itself: whoever connects to it, copies or drops it. */
  database: (oid: Oid): LockTag => `${SHARED}${DATABASE_TAG}\0${oid}` as LockTag,
};

/** Every other tag means something within its owner's database. */
export const isSharedTag = (tag: LockTag): boolean => tag.charCodeAt(0) === SHARED_CODE;

export type LockTarget =
  | { readonly kind: 'relation'; readonly oid: Oid }
  | { readonly kind: 'row' | 'index key'; readonly spaceId: number }
  | { readonly kind: 'advisory'; readonly key: bigint }
  | { readonly kind: 'advisory pair'; readonly first: number; readonly second: number }
  | { readonly kind: 'object' | 'shared object'; readonly objectKind: string; readonly name: string };

/** What a tag stands for: for pg_locks. */
export function parseLockTag(tag: LockTag): LockTarget {
  const rest = tag.slice(1);
  switch (tag[0]) {
    case 't':
      return { kind: 'relation', oid: Number(rest) };
    case 'r':
      return { kind: 'row', spaceId: spaceIdOf(rest) };
    case 'i':
      return { kind: 'index key', spaceId: spaceIdOf(rest) };
    case 'a': {
      const comma = rest.indexOf(',');
      if (comma < 0) return { kind: 'advisory', key: BigInt(rest) };
      return { kind: 'advisory pair', first: Number(rest.slice(0, comma)), second: Number(rest.slice(comma + 1)) };
    }
    default: {
      const [objectKind = '', name = ''] = rest.split('\0');
      return { kind: isSharedTag(tag) ? 'shared object' : 'object', objectKind, name };
    }
  }
}

/** The number of the space that a row's or an index key's tag names; undefined for other tags. */
export function spaceOfTag(tag: LockTag): number | undefined {
  return tag[0] === 'r' || tag[0] === 'i' ? spaceIdOf(tag.slice(1, 5)) : undefined;
}

/** The key in that space. */
export const keyOfTag = (tag: LockTag): Uint8Array => Buffer.from(tag.slice(5), 'latin1');

/** Four bytes, as characters. */
function spaceIdOf(text: string): number {
  let id = 0;
  for (let i = 0; i < 4; i++) id = id * 256 + text.charCodeAt(i);
  return id;
}
