import type { CatalogSnapshot } from '../catalog/catalog.js';
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
