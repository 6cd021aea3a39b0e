import type { CatalogSnapshot } from '../catalog/catalog.js';
import type { ColumnDescriptor, TableDescriptor } from '../catalog/descriptors.js';
import type { Oid } from '../commons/ids.js';
import type { FormatContext } from '../types/format-context.js';
import type { Parser } from './parse/parse.js';

/** All that planning depends on besides the statement itself. What influences a plan is part of the plan cache's key (see `planKey`). */
export interface PlannerContext {
  readonly catalog: CatalogSnapshot;
  readonly parser: Parser;
  /** Effective: existing schemas only, with pg_temp and pg_catalog where PostgreSQL searches them implicitly. Oids of schemas, in order. */
  readonly searchPath: readonly Oid[];
  /** Oid of the role whose privileges count (for views: their owner is put in while expanding). */
  readonly currentRole: Oid;
  /** Types of $1 … as the client gave them; 0: to be inferred. */
  readonly paramTypes: readonly Oid[];
  /** No parameters but these (the simple protocol has none): others are 42P02 instead of inferred. */
  readonly paramsFixed?: boolean;
  /** kalamdb.all_users: scans of user tables read all partitions and have `_user_id`. */
  readonly allUsers: boolean;
  /** For constants: text input of literals depends on DateStyle and the like. */
  readonly format: FormatContext;
  readonly planning: PlanningSettings;
  /** How many rows a table has by now, of all users or of the acting one; undefined: nobody knows. */
  readonly rowsOf?: (table: TableDescriptor, allUsers: boolean) => number | undefined;
  /** row_security = off: what policies would hide rows from fails. */
  readonly rowSecurityOff?: boolean;
  /** The binder keeps how queries are written besides what they mean (see bind/shape.ts): to print them as SQL. */
  readonly keepsShapes?: true;
  /** It is a cursor's: the keys of the rows that it is on are kept for WHERE CURRENT OF. */
  readonly isCursor?: true | undefined;
  /** REFERENCING of the trigger whose function's statement it is. */
  readonly transitions?: readonly { readonly name: string; readonly columns: readonly ColumnDescriptor[] }[] | undefined;
  /** Names that a routine gives its statements besides columns. */
  readonly variables?: VariableScope | undefined;
  /** Calls stay calls: functions in SQL are not put in their places. For who looks for calls. */
  readonly keepsCalls?: boolean;
  /** The statement is kept and not run: what it reads may have no rows yet (REFRESH MATERIALIZED VIEW). */
  readonly isDefinition?: boolean;
  /** What the statement's result columns are cast to, as by an assignment that is known to be possible. */
  readonly results?: readonly { readonly type: Oid; readonly typmod: number }[] | undefined;
}

/** A routine's parameters and variables, as its statements name them. */
export interface VariableScope {
  /** What a name means that is a column's too; 'error' is 42702. */
  readonly precedence: 'column' | 'variable' | 'error';
  /** @param names one to three parts as written: `x`, `row.field`, `block.row.field` @returns undefined: it is no variable */
  find(names: readonly string[]): Variable | undefined;
}

/** A parameter of the statement, or a field of it. */
export interface Variable {
  /** From 0. */
  readonly index: number;
  readonly type: Oid;
  readonly typmod: number;
  readonly collation?: Oid;
  /** Of a row: the last of the names are its fields, which are yet to be found in it. */
  readonly fields?: readonly string[];
  /** The columns of a value of type record, where they are known. */
  readonly row?: readonly { readonly name: string; readonly type: Oid; readonly typmod: number }[];
}

/** PostgreSQL's planner settings that we honour. */
export interface PlanningSettings {
  readonly enableHashJoin: boolean;
  readonly enableMergeJoin: boolean;
  readonly enableNestedLoop: boolean;
  readonly enableSequentialScan: boolean;
  readonly enableIndexScan: boolean;
  readonly enableHashAggregate: boolean;
  readonly enableSort: boolean;
  readonly workMemBytes: number;
}
