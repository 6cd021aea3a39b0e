import type { SqlValue } from '../types/value.js';

/** Columns ↔ bytes. Columns go by their number, from 0; what comes back are copies. */
export interface Serde {
  /** @returns a buffer of its own with room for the header in front, which is not written yet */
  encode(columns: readonly SqlValue[]): Uint8Array;
  /** May give fewer columns than the table has now. */
  decode(row: Uint8Array): SqlValue[];
}
