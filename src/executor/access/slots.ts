import { type ShardId, type SlotId, shardId, slotId, type UserId } from '../../commons/ids.js';
import { SLOT_COUNT } from '../../commons/system-names.js';

/** Users are spread over so many slots, for ever: slots move between shards, users never between slots. */

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The slot of a user: FNV-1a, 32 bits, over the UTF-8 of the user's id, modulo 1024. Part of the storage format: a change of it would
 * lose every user's rows.
 */
export function slotOfUser(user: UserId): SlotId {
  let hash = FNV_OFFSET;
  for (let i = 0; i < user.length; i++) {
    const unit = user.charCodeAt(i);
    if (unit >= 0x80) return slotOfBytes(Buffer.from(user, 'utf8'));
    hash = Math.imul(hash ^ unit, FNV_PRIME);
  }
  return slotId((hash >>> 0) % SLOT_COUNT);
}

function slotOfBytes(bytes: Uint8Array): SlotId {
  let hash = FNV_OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return slotId((hash >>> 0) % SLOT_COUNT);
}

/** Slots dealt out to shards evenly: the map of a new data directory. */
export function evenSlotMap(shards: number): readonly ShardId[] {
  return Array.from({ length: SLOT_COUNT }, (_, slot) => shardId(slot % shards));
}
