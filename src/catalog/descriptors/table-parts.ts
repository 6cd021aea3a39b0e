import type { Oid } from '../../commons/ids.js';
import type { SqlValue } from '../../types/value.js';
import type { AclItem } from './base.js';

/** What a table is made of. */

export interface ColumnDescriptor {
  /** attnum: from 1, never used again after DROP COLUMN. The row's serde stores columns by `number - 1`. */
  readonly number: number;
  readonly name: string;
  readonly type: Oid;
  readonly typmod: number;
  /** For a user's type: the built-in type that values are laid out as in keys. Absent where that is `type`. */
  readonly storedAs?: Oid;
  readonly notNull: boolean;
  readonly dropped?: true;
  /** The default as SQL text, parsed and bound at use; for identity columns absent. */
  readonly defaultText?: string;
  /** GENERATED … AS (expr) STORED */
  readonly generatedText?: string;
  readonly identity?: { readonly always: boolean; readonly sequence: Oid };
  /** serial: the sequence that the column owns (its default is nextval of it). */
  readonly ownedSequence?: Oid;
  /** What rows written before ADD COLUMN … DEFAULT have. Absent: NULL. Stored with the row serde's exact forms. */
  readonly missing?: SqlValue;
  /** SET STORAGE, COMPRESSION, STATISTICS and (n_distinct …): kept and shown. */
  readonly storage?: 'p' | 'e' | 'x' | 'm';
  readonly compression?: 'pglz' | 'lz4';
  readonly statistics?: number;
  readonly attributeOptions?: Readonly<Record<string, string>>;
  readonly collation?: Oid;
  readonly comment?: string;
  /** Privileges on this column besides those on the relation. */
  readonly acl?: readonly AclItem[];
  /** From how many parents the table has it (pg_attribute.attinhcount). */
  readonly inherited?: number;
  /** Only its parents declare it (attislocal is false). */
  readonly notLocal?: true;
}

export interface CheckConstraint {
  readonly kind: 'check';
  readonly oid: Oid;
  readonly name: string;
  readonly exprText: string;
  /** Column numbers that it mentions. */
  readonly columns: readonly number[];
  readonly validated: boolean;
  readonly noInherit?: true;
  /** As a column's. */
  readonly inherited?: number;
  readonly notLocal?: true;
  readonly comment?: string;
}
export interface KeyConstraint {
  readonly kind: 'primary key' | 'unique';
  readonly oid: Oid;
  readonly name: string;
  readonly columns: readonly number[];
  /** The index that enforces it. For a primary key that is the row key, this index has no storage of its own (see IndexDescriptor.clustered). */
  readonly index: Oid;
  readonly deferrable?: true;
  readonly initiallyDeferred?: true;
  /** Of a partition: the constraint of the partitioned table that it is part of. */
  readonly parent?: Oid;
  readonly notLocal?: true;
  readonly comment?: string;
}
export type ForeignKeyActionName = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';
export interface ForeignKeyConstraint {
  readonly kind: 'foreign key';
  readonly oid: Oid;
  readonly name: string;
  readonly columns: readonly number[];
  readonly referencedTable: Oid;
  readonly referencedColumns: readonly number[];
  /** The unique index of the referenced table that it leans on. */
  readonly referencedIndex: Oid;
  readonly match: 'simple' | 'full';
  readonly onDelete: ForeignKeyActionName;
  /** ON DELETE SET NULL (a, b): only these; absent: all. */
  readonly deleteColumns?: readonly number[];
  readonly onUpdate: ForeignKeyActionName;
  readonly validated: boolean;
  readonly deferrable?: true;
  readonly initiallyDeferred?: true;
  /** Of a partition: the constraint of the partitioned table that it is part of. */
  readonly parent?: Oid;
  readonly notLocal?: true;
  readonly comment?: string;
}
/** EXCLUDE: of no two rows may all operators give true for the values of its index. */
export interface ExclusionConstraint {
  readonly kind: 'exclusion';
  readonly oid: Oid;
  readonly name: string;
  /** As of its index's keys: 0 for an expression. */
  readonly columns: readonly number[];
  readonly index: Oid;
  readonly operators: readonly Oid[];
  /** Never there: partitioned tables can't have any. */
  readonly parent?: Oid;
  readonly deferrable?: true;
  readonly initiallyDeferred?: true;
  readonly notLocal?: true;
  readonly comment?: string;
}
export type Constraint = CheckConstraint | KeyConstraint | ForeignKeyConstraint | ExclusionConstraint;

export interface PartitionKeyColumn {
  /** A table column's number, or 0 for an expression. */
  readonly column: number;
  readonly exprText?: string;
  readonly type: Oid;
  readonly opclass: Oid;
  readonly collation?: Oid;
}
/** PARTITION BY: a table without rows of its own. */
export interface PartitionKey {
  readonly strategy: 'range' | 'list' | 'hash';
  readonly columns: readonly PartitionKeyColumn[];
}
/** One column of a range's bound. */
export type RangeDatum = { readonly kind: 'minvalue' | 'maxvalue' } | { readonly kind: 'value'; readonly value: SqlValue };
/** Which rows of its partitioned table a partition has (pg_class.relpartbound). Values are of the key's types. */
export type PartitionBound =
  | { readonly kind: 'default' }
  | { readonly kind: 'list'; readonly values: readonly SqlValue[] }
  | { readonly kind: 'range'; readonly from: readonly RangeDatum[]; readonly to: readonly RangeDatum[] }
  | { readonly kind: 'hash'; readonly modulus: number; readonly remainder: number };

export type TriggerEvent = 'insert' | 'update' | 'delete' | 'truncate';
/** When a trigger or rule applies, by session_replication_role; absent where it stands: unless that is replica. */
export type FiringMode = 'disabled' | 'always' | 'replica';
export interface TriggerDescriptor {
  readonly oid: Oid;
  /** Unique in its relation. */
  readonly name: string;
  /** pg_proc oid. */
  readonly routine: Oid;
  readonly timing: 'before' | 'after' | 'instead of';
  readonly level: 'row' | 'statement';
  readonly events: readonly TriggerEvent[];
  /** UPDATE OF: numbers of columns. */
  readonly columns?: readonly number[];
  readonly whenText?: string;
  readonly args: readonly string[];
  /** REFERENCING OLD TABLE and NEW TABLE */
  readonly oldTable?: string;
  readonly newTable?: string;
  readonly firing?: FiringMode;
  /** CREATE CONSTRAINT TRIGGER: the oid of its constraint. */
  readonly constraint?: Oid;
  readonly constraintTable?: Oid;
  readonly deferrable?: true;
  readonly initiallyDeferred?: true;
  readonly comment?: string;
}
export interface RuleDescriptor {
  readonly oid: Oid;
  /** Unique in its relation. */
  readonly name: string;
  readonly event: 'insert' | 'update' | 'delete';
  readonly instead: boolean;
  readonly whereText?: string;
  /** Commands as SQL, bound with `searchPath` as it was when the rule was made; none: NOTHING. */
  readonly actions: readonly string[];
  readonly searchPath: readonly string[];
  /** Oids of relations that it names. */
  readonly dependsOn: readonly Oid[];
  readonly firing?: FiringMode;
  readonly comment?: string;
}

/** Row-level security: who may see and write which rows. */
export interface PolicyDescriptor {
  readonly oid: Oid;
  /** Unique in its table. */
  readonly name: string;
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete';
  /** Of permissive ones any must hold, of restrictive ones all. */
  readonly permissive: boolean;
  /** 0 is PUBLIC. */
  readonly roles: readonly Oid[];
  readonly usingText?: string;
  readonly checkText?: string;
  readonly comment?: string;
}
