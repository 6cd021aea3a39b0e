import type { Oid, StorageId } from '../../commons/ids.js';
import type { ObjectBase } from './base.js';

/** Objects that no look-up of a statement's goes through by name: they are gone through as a list, and found by oid. */

/** What CREATE STATISTICS made. Nothing is computed of it: estimates take columns to be independent. */
export interface ExtendedStatisticsDescriptor extends ObjectBase {
  readonly kind: 'extended statistics';
  readonly schema: Oid;
  readonly table: Oid;
  /** Columns' numbers, ascending. */
  readonly columns: readonly number[];
  readonly exprTexts: readonly string[];
  /** d ndistinct, f dependencies, m most common values, e expressions: as pg_statistic_ext has them. */
  readonly kinds: readonly string[];
  /** ALTER STATISTICS … SET STATISTICS. */
  readonly target?: number;
}

/** A name of its own for a comparison by code points. */
export interface CollationDescriptor extends ObjectBase {
  readonly kind: 'collation';
  readonly schema: Oid;
  readonly provider: 'c';
  readonly encoding: number;
  readonly collate: string;
  readonly ctype: string;
}

export interface PublishedTable {
  readonly oid: Oid;
  readonly table: Oid;
  readonly columns?: readonly number[];
  readonly whereText?: string;
}

export interface PublicationDescriptor extends ObjectBase {
  readonly kind: 'publication';
  readonly allTables: boolean;
  readonly publishes: readonly ('insert' | 'update' | 'delete' | 'truncate')[];
  readonly viaRoot: boolean;
  readonly tables: readonly PublishedTable[];
  readonly schemas: readonly { readonly oid: Oid; readonly schema: Oid }[];
}

/** Its bytes are rows of a space of its own. */
export interface LargeObjectDescriptor extends ObjectBase {
  readonly kind: 'large object';
  /** Its number as text. */
  readonly name: string;
  readonly storage: StorageId;
}

export type FreeStandingDescriptor = ExtendedStatisticsDescriptor | CollationDescriptor | PublicationDescriptor | LargeObjectDescriptor;
