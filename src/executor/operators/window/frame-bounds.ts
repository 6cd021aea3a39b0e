import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { BoundFrame, FrameBound, SortKey } from '../../../planner/bind/logical.js';
import type { Row, SqlValue } from '../../../types/value.js';
import type { Callable } from '../../expression/calls.js';
import type { Evaluator } from '../../expression/evaluator.js';
import type { Frame } from '../../frame.js';
import type { Layout } from '../../scope.js';
import type { PartitionRows } from './partition-rows.js';
import type { PeerGroup } from './peer-group.js';

interface BoundShape {
  readonly kind: FrameBound['kind'];
  readonly offset: Evaluator | undefined;
  readonly inRange: Callable | undefined;
}

export interface FrameShape {
  readonly mode: BoundFrame['mode'];
  readonly start: BoundShape;
  readonly end: BoundShape;
  readonly exclude: BoundFrame['exclude'];
  /** RANGE with an offset: the one ORDER BY column. */
  readonly key: Evaluator | undefined;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export function compileFrame(frame: BoundFrame, orderBy: readonly SortKey[], layout: Layout): FrameShape {
  const [order] = orderBy;
  const bound = ({ kind, offset, inRange }: FrameBound): BoundShape => ({
    kind,
    offset: offset === undefined ? undefined : layout.evaluator(offset),
    // The library's functions are declared with their own parameter types; the binder has chosen one for the column and the offset.
    inRange: inRange === undefined ? undefined : (layout.compiler.library.scalar(inRange.source, inRange.proc) as Callable | undefined),
  });
  const start = bound(frame.start);
  const end = bound(frame.end);
  return {
    mode: frame.mode,
    start,
    end,
    exclude: frame.exclude,
    key: order === undefined || (start.inRange ?? end.inRange) === undefined ? undefined : layout.evaluator(order.expr),
    descending: order?.descending === true,
    nullsFirst: order?.nullsFirst === true,
  };
}

/** A run of rows: the first, and the one behind the last. */
export type Segment = readonly [start: number, end: number];

/**
 * The frame of the current row (PostgreSQL manual, "Window Function Calls"). Rows are visited in order, so that the ends of the frame only
 * move forward.
 */
export class FrameBounds {
  readonly #shape: FrameShape;
  readonly #frame: Frame;
  readonly #rows: PartitionRows;
  readonly #peers: PeerGroup;
  #startOffset: SqlValue = null;
  #endOffset: SqlValue = null;
  #current = -1;
  /** GROUPS: where each group starts. */
  #groups: number[] = [];
  #group = 0;
  start = 0;
  /** Behind the last row; never before `start`. */
  end = 0;
  #rangeStart = 0;
  #rangeEnd = 0;

  constructor(shape: FrameShape, rows: PartitionRows, peers: PeerGroup, frame: Frame) {
    this.#shape = shape;
    this.#rows = rows;
    this.#peers = peers;
    this.#frame = frame;
  }

  get excludes(): boolean {
    return this.#shape.exclude !== undefined;
  }

  /** The start of the frame stays at the partition's first row. */
  get startsAtFirst(): boolean {
    return this.#shape.start.kind === 'UNBOUNDED PRECEDING';
  }

  /** Once an execution. @throws SqlError 22004, 22013 */
  readOffsets(): void {
    this.#startOffset = this.#offset(this.#shape.start, 'starting');
    this.#endOffset = this.#offset(this.#shape.end, 'ending');
  }

  #offset({ offset }: BoundShape, which: string): SqlValue {
    if (offset === undefined) return null;
    const value = offset([], this.#frame);
    if (value === null) throw new SqlError(SqlState.nullValueNotAllowed, `frame ${which} offset must not be null`);
    if (this.#shape.mode === 'RANGE') return value;
    const count = Number(value);
    if (count < 0) throw new SqlError(SqlState.invalidPrecedingOrFollowingSize, `frame ${which} offset must not be negative`);
    return count;
  }

  begin(): void {
    this.#current = -1;
    this.#group = 0;
    this.#rangeStart = 0;
    this.#rangeEnd = 0;
    this.#groups = [];
  }

  /** Where the frame of a row lies, before exclusion. */
  moveTo(position: number, row: Row): void {
    if (this.#current === position) return;
    this.#current = position;
    switch (this.#shape.mode) {
      case 'ROWS':
        this.start = this.#rowStart(position);
        this.end = this.#rowEnd(position);
        break;
      case 'RANGE':
        this.start = this.#peerStart(position, row);
        this.end = this.#peerEnd(position, row);
        break;
      case 'GROUPS':
        this.#moveGroups(position);
        break;
    }
    if (this.end < this.start) this.end = this.start;
  }

  #within(position: number): number {
    return Math.min(Math.max(position, 0), this.#rows.length);
  }

  #rowStart(position: number): number {
    switch (this.#shape.start.kind) {
      case 'UNBOUNDED PRECEDING':
        return 0;
      case 'OFFSET PRECEDING':
        return this.#within(position - Number(this.#startOffset));
      case 'CURRENT ROW':
        return position;
      case 'OFFSET FOLLOWING':
        return this.#within(position + Number(this.#startOffset));
      case 'UNBOUNDED FOLLOWING':
        return this.#rows.length;
    }
  }

  #rowEnd(position: number): number {
    switch (this.#shape.end.kind) {
      case 'UNBOUNDED PRECEDING':
        return 0;
      case 'OFFSET PRECEDING':
        return this.#within(position - Number(this.#endOffset) + 1);
      case 'CURRENT ROW':
        return position + 1;
      case 'OFFSET FOLLOWING':
        return this.#within(position + Number(this.#endOffset) + 1);
      case 'UNBOUNDED FOLLOWING':
        return this.#rows.length;
    }
  }

  #peerStart(position: number, row: Row): number {
    switch (this.#shape.start.kind) {
      case 'UNBOUNDED PRECEDING':
        return 0;
      case 'CURRENT ROW':
        this.#peers.moveTo(position);
        return this.#peers.start;
      case 'UNBOUNDED FOLLOWING':
        return this.#rows.length;
      default:
        this.#rangeStart = this.#seek(this.#rangeStart, row, this.#shape.start, this.#startOffset, false);
        return this.#rangeStart;
    }
  }

  #peerEnd(position: number, row: Row): number {
    switch (this.#shape.end.kind) {
      case 'UNBOUNDED PRECEDING':
        return 0;
      case 'CURRENT ROW':
        this.#peers.moveTo(position);
        return this.#peers.end;
      case 'UNBOUNDED FOLLOWING':
        return this.#rows.length;
      default:
        this.#rangeEnd = this.#seek(this.#rangeEnd, row, this.#shape.end, this.#endOffset, true);
        return this.#rangeEnd;
    }
  }

  /** The first row from a place on that is within the distance (`isEnd`: that is beyond it). NULLs are peers of each other alone. */
  #seek(from: number, row: Row, { kind, inRange }: BoundShape, offset: SqlValue, isEnd: boolean): number {
    const { key, descending, nullsFirst } = this.#shape;
    if (key === undefined || inRange === undefined) return from;
    const current = key(row, this.#frame);
    const subtract = (kind === 'OFFSET PRECEDING') !== descending;
    const less = isEnd !== descending;
    let position = from;
    for (; position < this.#rows.length; position++) {
      const value = key(this.#rows.get(position), this.#frame);
      if (value === null || current === null) {
        const isBefore = isEnd
          ? nullsFirst
            ? value === null
            : current === null
          : nullsFirst
            ? value === null && current !== null
            : value !== null && current === null;
        if (!isBefore) break;
        continue;
      }
      const isWithin = inRange(value, current, offset, subtract, less, this.#frame.cx) === true;
      if (isWithin !== isEnd) break;
    }
    return position;
  }

  #moveGroups(position: number): void {
    const { start, end } = this.#shape;
    if (this.#groups.length === 0) {
      this.#peers.moveTo(0);
      for (let at = 0; at < this.#rows.length; at = this.#peers.end) {
        this.#peers.moveTo(at);
        this.#groups.push(at);
      }
      this.#peers.begin();
    }
    const groups = this.#groups;
    while ((groups[this.#group + 1] ?? Number.POSITIVE_INFINITY) <= position) this.#group++;
    const startOf = (group: number): number => (group < 0 ? 0 : (groups[group] ?? this.#rows.length));
    const bound = ({ kind }: BoundShape, offset: SqlValue, isEnd: number): number => {
      switch (kind) {
        case 'UNBOUNDED PRECEDING':
          return 0;
        case 'OFFSET PRECEDING':
          return startOf(this.#group - Number(offset) + isEnd);
        case 'CURRENT ROW':
          return startOf(this.#group + isEnd);
        case 'OFFSET FOLLOWING':
          return startOf(this.#group + Number(offset) + isEnd);
        case 'UNBOUNDED FOLLOWING':
          return this.#rows.length;
      }
    };
    this.start = bound(start, this.#startOffset, 0);
    this.end = bound(end, this.#endOffset, 1);
  }

  /** The frame's rows without those that EXCLUDE leaves out. */
  segments(): readonly Segment[] {
    const { exclude } = this.#shape;
    const { start, end } = this;
    if (exclude === undefined) return [[start, end]];
    const current = this.#current;
    let outStart = current;
    let outEnd = current + 1;
    if (exclude !== 'CURRENT ROW') {
      this.#peers.moveTo(current);
      outStart = this.#peers.start;
      outEnd = this.#peers.end;
    }
    const segments: Segment[] = [
      [start, Math.min(end, outStart)],
      [exclude === 'TIES' ? Math.max(start, current) : 0, exclude === 'TIES' ? Math.min(end, current + 1) : 0],
      [Math.max(start, outEnd), end],
    ];
    return segments.filter(([from, to]) => from < to);
  }

  /** The frame's row number `index` (from 0), or from its end with a negative one; undefined outside of it. */
  rowAt(index: number): number | undefined {
    if (this.#shape.exclude === undefined) {
      const position = index < 0 ? this.end + index : this.start + index;
      return position >= this.start && position < this.end ? position : undefined;
    }
    const segments = this.segments();
    const count = segments.reduce((sum, [from, to]) => sum + to - from, 0);
    let left = index < 0 ? count + index : index;
    if (left < 0) return undefined;
    for (const [from, to] of segments) {
      if (left < to - from) return from + left;
      left -= to - from;
    }
    return undefined;
  }
}
