import type { Row, SqlValue } from '../../../types/value.js';
import type { Frame } from '../../frame.js';
import type { FrameBounds } from './frame-bounds.js';
import type { PartitionRows } from './partition-rows.js';
import type { PeerGroup } from './peer-group.js';

/** What the calls of one window see of the partition that is being computed. */
export interface Partition {
  readonly rows: PartitionRows;
  readonly peers: PeerGroup;
  readonly bounds: FrameBounds;
  readonly frame: Frame;
}

/** One call of a window in one execution. Rows are asked for in order. */
export interface WindowEvaluator {
  /** A partition starts. */
  begin(): void;
  /** Works toward a row's value; false: there is more to do, ask again after others had their turn. */
  prepare?(position: number, row: Row): boolean;
  value(position: number, row: Row): SqlValue;
}

/** When a row's value is known: as soon as the row is, when its peers are, or not before the whole partition is. */
export type Readiness = 'row' | 'peers' | 'partition';

export interface CompiledWindowCall {
  readonly make: MakeWindowEvaluator;
  readonly ready: Readiness;
}

export type MakeWindowEvaluator = (partition: Partition) => WindowEvaluator;
