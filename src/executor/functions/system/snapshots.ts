import type { Int8 } from '../../../types/integer.js';
import { snapshotParts } from '../../../types/snapshot-text.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

/**
 * Snapshots of transactions by their numbers. Which of the others are under way is not told: a snapshot holds all that were begun before its
 * transaction, and none after.
 */
function currentSnapshot(cx: FunctionContext): string {
  const { id } = cx.transaction;
  return `${id}:${id}:`;
}

function isVisible(xid: Int8, snapshot: string): boolean {
  const { xmin, xmax, xip } = snapshotParts(snapshot);
  if (xid < xmin) return true;
  return xid < xmax && !xip.some((other) => BigInt(other) === BigInt(xid));
}

export const snapshotFunctions: FunctionTable = {
  scalar: {
    pg_current_snapshot: currentSnapshot,
    pg_snapshot_xmin: (snapshot: string) => snapshotParts(snapshot).xmin,
    pg_snapshot_xmax: (snapshot: string) => snapshotParts(snapshot).xmax,
    pg_visible_in_snapshot: isVisible,
  },
  set: {
    pg_snapshot_xip: ([snapshot]) => snapshotParts(snapshot as string).xip,
  },
};
