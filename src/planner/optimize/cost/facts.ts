import type { ColumnStatistics, TableDescriptor } from '../../../catalog/descriptors.js';
import { TypeOid } from '../../../types/oids.js';

/** What is known of a column's values. */
export interface ColumnFacts {
  readonly type: number;
  readonly notNull: boolean;
  /** Rows of its table. */
  readonly rows: number;
  readonly statistics?: ColumnStatistics | undefined;
  /** No two rows of its table have the same. */
  readonly unique: boolean;
}

/** A table that ANALYZE never saw. */
export const DEFAULT_ROWS = 1000;
/** PostgreSQL's DEFAULT_NUM_DISTINCT. */
export const DEFAULT_DISTINCT = 200;
const DEFAULT_WIDTH = 32;

const WIDTHS: Readonly<Record<number, number>> = {
  [TypeOid.bool]: 1,
  [TypeOid.int2]: 2,
  [TypeOid.int4]: 4,
  [TypeOid.int8]: 8,
  [TypeOid.float4]: 4,
  [TypeOid.float8]: 8,
  [TypeOid.oid]: 4,
  [TypeOid.date]: 4,
  [TypeOid.time]: 8,
  [TypeOid.timestamp]: 8,
  [TypeOid.timestamptz]: 8,
  [TypeOid.interval]: 16,
  [TypeOid.uuid]: 16,
  [TypeOid.name]: 64,
};

export function widthOf(type: number, facts: ColumnFacts | undefined): number {
  return facts?.statistics?.averageWidth ?? WIDTHS[type] ?? DEFAULT_WIDTH;
}

/** Distinct values among the rows. */
export function distinctOf(facts: ColumnFacts | undefined): number {
  if (facts === undefined) return DEFAULT_DISTINCT;
  if (facts.unique) return Math.max(facts.rows, 1);
  if (facts.statistics !== undefined) return Math.max(facts.statistics.distinct, 1);
  return Math.max(Math.min(DEFAULT_DISTINCT, facts.rows), 1);
}

export function isOnlyKey(table: TableDescriptor, number: number): boolean {
  return table.constraints.some(
    (constraint) =>
      (constraint.kind === 'primary key' || constraint.kind === 'unique') &&
      constraint.columns.length === 1 &&
      constraint.columns[0] === number,
  );
}
