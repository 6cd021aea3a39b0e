import { readUser } from '../../store/key-codec.js';

export { compileRowDecoder, encodeRow, isDeleted, rowSeq, rowUpdatedMicros, tombstoneOf } from '../../store/row-codec.js';

/** The user that leads a key of a user or stream table. */
export function readUserPrefix(key: Uint8Array): string {
  return readUser(key);
}
