import type { Oid } from '../../commons/ids.js';
import type { SqlValue } from '../../types/value.js';
import type { Expr, SelectStatement } from '../parse/ast.js';
import type { LogicalPlan } from './logical.js';
import type { QueryShape } from './shape.js';

/** Identifies one column of one relation instance or of one computed result within a query; unique in the statement. */
export type ColumnId = number & { readonly __columnId: never };

interface Typed {
  readonly type: Oid;
  /** -1 when none. */
  readonly typmod: number;
  /** Where it stands in the statement's text; kept for errors at run time where PostgreSQL reports one, and for EXPLAIN. */
  readonly location?: number;
  /** Oid of the collation that comparisons of it use; absent: default (C order). */
  readonly collation?: Oid;
  /** How SQL text calls it where that is one word: CURRENT_DATE, or the column that USING has merged. */
  readonly writtenAs?: string;
  /** What USING has merged of two columns and is no column itself: each such one has a number of its own. */
  readonly mergedColumn?: ColumnId;
}

/**
 * A bound expression: every name resolved, every type known, every implicit cast spelled out. Plain frozen trees.
 * A `column` whose id is not produced below it is an outer reference: the sub-query is correlated.
 */
export type BoundExpr =
  | BoundConst
  | BoundParam
  | BoundColumn
  | BoundCall
  | BoundLogic
  | BoundNot
  | BoundNullTest
  | BoundBooleanTest
  | BoundDistinct
  | BoundCase
  | BoundPlaceholder
  | BoundCoalesce
  | BoundNullIf
  | BoundMinMax
  | BoundRelabel
  | BoundIoCast
  | BoundArrayCast
  | BoundTypmodCast
  | BoundDomainCast
  | BoundArray
  | BoundSubscript
  | BoundRow
  | BoundField
  | BoundRowCompare
  | BoundQuantified
  | BoundSubquery
  | BoundWholeRow;

export interface BoundConst extends Typed {
  readonly kind: 'const';
  readonly value: SqlValue;
}
/** $n (source 'param', index from 0) or a lifted literal (source 'lifted'): known when execution starts. */
export interface BoundParam extends Typed {
  readonly kind: 'param';
  readonly source: 'param' | 'lifted';
  readonly index: number;
  /** The columns of a value of type record, where they are known. */
  readonly rowFields?: readonly { readonly name: string; readonly type: Oid; readonly typmod: number }[];
}
export interface BoundColumn extends Typed {
  readonly kind: 'column';
  readonly id: ColumnId;
  /** For EXPLAIN and errors. */
  readonly name: string;
}
/** A function or an operator: both are calls of a pg_proc entry. Arguments are complete (defaults and variadic packing done). */
export interface BoundCall extends Typed {
  readonly kind: 'call';
  readonly proc: Oid;
  /** pg_proc.prosrc: the key into the executor's table of implementations. */
  readonly source: string;
  readonly name: string;
  readonly args: readonly BoundExpr[];
  readonly strict: boolean;
  readonly volatility: 'i' | 's' | 'v';
  readonly returnsSet: boolean;
  /** The columns of a composite result, where they are known: of its type, its OUT parameters or a column definition list. */
  readonly rowColumns?: readonly { readonly name: string; readonly type: Oid; readonly typmod: number }[];
  /** Written f(… VARIADIC array) for a VARIADIC "any" function: the last argument is the array of the arguments. */
  readonly variadicArray?: true;
  /** Set when it was written as an operator. */
  readonly operator?: { readonly oid: Oid; readonly symbol: string };
  /** Collected from an explicit or implicit cast: how EXPLAIN prints it. */
  readonly cast?: 'implicit' | 'explicit';
  /** The arguments as written, where names or defaults make `args` differ from them. */
  readonly written?: readonly { readonly arg: BoundExpr; readonly name?: string }[];
  /** Written with keywords: EXTRACT(… FROM …). */
  readonly sqlSyntax?: true;
}
export interface BoundLogic extends Typed {
  readonly kind: 'and' | 'or';
  readonly args: readonly BoundExpr[];
}
export interface BoundNot extends Typed {
  readonly kind: 'not';
  readonly arg: BoundExpr;
}
/** `x IS [NOT] NULL`; for a row-typed argument PostgreSQL's field-wise rule holds (`rowwise`). */
export interface BoundNullTest extends Typed {
  readonly kind: 'null test';
  readonly arg: BoundExpr;
  readonly negated: boolean;
  readonly rowwise: boolean;
}
export interface BoundBooleanTest extends Typed {
  readonly kind: 'boolean test';
  readonly arg: BoundExpr;
  readonly test: 'true' | 'false' | 'unknown';
  readonly negated: boolean;
}
/** IS [NOT] DISTINCT FROM over an equality function. */
export interface BoundDistinct extends Typed {
  readonly kind: 'distinct';
  readonly equal: BoundCall;
  readonly negated: boolean;
}
/** CASE. With an operand, `whens[].when` are comparisons against a `placeholder` of slot `slot`. */
export interface BoundCase extends Typed {
  readonly kind: 'case';
  readonly operand?: BoundExpr;
  readonly slot: number;
  readonly whens: readonly { readonly when: BoundExpr; readonly value: BoundExpr }[];
  readonly else: BoundExpr;
}
/** Stands for a value that the enclosing node computes: CASE's operand, an array cast's or quantified comparison's element. Slots are unique in the statement. */
export interface BoundPlaceholder extends Typed {
  readonly kind: 'placeholder';
  readonly slot: number;
}
export interface BoundCoalesce extends Typed {
  readonly kind: 'coalesce';
  readonly args: readonly BoundExpr[];
}
export interface BoundNullIf extends Typed {
  readonly kind: 'nullif';
  /** Its first argument is the value. */
  readonly equal: BoundCall;
}
/** GREATEST and LEAST: compared by the type's codec. */
export interface BoundMinMax extends Typed {
  readonly kind: 'minmax';
  readonly op: 'greatest' | 'least';
  readonly args: readonly BoundExpr[];
}
/** A cast that changes the type's name only (binary-coercible). */
export interface BoundRelabel extends Typed {
  readonly kind: 'relabel';
  readonly arg: BoundExpr;
  readonly explicit: boolean;
}
/** A cast through the text form. */
export interface BoundIoCast extends Typed {
  readonly kind: 'io cast';
  readonly arg: BoundExpr;
  readonly explicit: boolean;
}
/** An array cast, element by element: `element` is an expression over placeholder `slot`. */
export interface BoundArrayCast extends Typed {
  readonly kind: 'array cast';
  readonly arg: BoundExpr;
  readonly slot: number;
  readonly element: BoundExpr;
  readonly explicit?: true;
}
/** A length coercion: varchar(5), numeric(10,2), timestamp(3). */
export interface BoundTypmodCast extends Typed {
  readonly kind: 'typmod cast';
  readonly arg: BoundExpr;
  readonly explicit: boolean;
}
/** A value of the base type as one of a domain: its constraints are checked, for NULL too. */
export interface BoundDomainCast extends Typed {
  readonly kind: 'domain cast';
  readonly arg: BoundExpr;
  readonly explicit: boolean;
}
export interface BoundArray extends Typed {
  readonly kind: 'array';
  readonly elements: readonly BoundExpr[];
  /** Elements are arrays themselves: ARRAY[[1,2],[3,4]]. */
  readonly nested: boolean;
}
/** a[i][j] or a[lo:hi]…; an absent bound of a slice is open. Also jsonb subscripts (`container` 'jsonb'). */
export interface BoundSubscript extends Typed {
  readonly kind: 'subscript';
  readonly container: 'array' | 'jsonb';
  readonly arg: BoundExpr;
  readonly slice: boolean;
  readonly subscripts: readonly { readonly lower?: BoundExpr; readonly upper?: BoundExpr }[];
}
export interface BoundRow extends Typed {
  readonly kind: 'row';
  readonly fields: readonly BoundExpr[];
  readonly names?: readonly string[];
}
export interface BoundField extends Typed {
  readonly kind: 'field';
  readonly arg: BoundExpr;
  /** From 0. */
  readonly index: number;
  readonly name: string;
}
/** (a, b) < (c, d): `=` and `<>` are bound to AND/OR of calls instead. */
export interface BoundRowCompare extends Typed {
  readonly kind: 'row compare';
  readonly op: '<' | '<=' | '>' | '>=';
  readonly left: readonly BoundExpr[];
  readonly right: readonly BoundExpr[];
  /** Equality and less-than calls per column, over the same operands. */
  readonly equal: readonly BoundCall[];
  readonly less: readonly BoundCall[];
}
/** left op ANY/ALL (array): `compare` has the left side and placeholder `slot` as its arguments. IN over values of one type becomes ANY over an array. */
export interface BoundQuantified extends Typed {
  readonly kind: 'quantified';
  readonly quantifier: 'any' | 'all';
  readonly array: BoundExpr;
  readonly slot: number;
  readonly compare: BoundExpr;
}
/**
 * A sub-query in an expression.
 * - exists: true when it has a row
 * - scalar: its one column of its one row, NULL without one, 21000 with more
 * - array: ARRAY(…)
 * - any / all: `compare` is evaluated for each row, its columns being the sub-plan's `outputs`; NULLs as SQL says. `NOT IN` is not(any).
 * - row: a record of the one row (for SET (a, b) = (SELECT …))
 */
export interface BoundSubquery extends Typed {
  readonly kind: 'subquery';
  readonly mode: 'exists' | 'scalar' | 'array' | 'any' | 'all' | 'row';
  readonly plan: LogicalPlan;
  /** The ids of the plan's output columns that count, in order. */
  readonly outputs: readonly ColumnId[];
  readonly compare?: BoundExpr;
  /** Columns from outside that it uses. */
  readonly outerColumns: readonly ColumnId[];
  /** What it was bound from, to know it again where the same is written at another place of its query. Empty: it is like no other. */
  readonly written: readonly (SelectStatement | Expr | string)[];
  readonly shape?: QueryShape;
}
/** A whole row of a relation as a composite: `SELECT t FROM t`. */
export interface BoundWholeRow extends Typed {
  readonly kind: 'whole row';
  readonly columns: readonly BoundColumn[];
  /** As the query calls them. */
  readonly names: readonly string[];
  /** As the row's type does, where that differs: what the value carries. */
  readonly typeNames?: readonly string[];
  /** An outer join may have given no row: then all columns are NULL, and so is the row. */
  readonly optional?: true;
}
