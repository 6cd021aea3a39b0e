import type { Row } from '../../types/value.js';
import type { Batch } from '../context.js';

/** The first batch is small, for LIMIT and point queries; later ones grow. */
export const FIRST_BATCH = 32;
export const MAX_BATCH = 512;
/** Rows looked at between two looks at the clock. */
export const CHECK_EVERY = 1024;

export function grown(size: number): number {
  return size < MAX_BATCH ? size * 4 : size;
}

/** Cuts a list of rows into batches. */
export function* inBatches(rows: readonly Row[]): Generator<Batch, void, void> {
  if (rows.length === 0) return;
  if (rows.length <= MAX_BATCH) {
    yield [...rows];
    return;
  }
  for (let at = 0; at < rows.length; at += MAX_BATCH) yield rows.slice(at, at + MAX_BATCH);
}
