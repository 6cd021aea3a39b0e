import type { BuiltinCatalog, BuiltinProc } from '../../catalog/builtin/index.js';
import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { RelationDescriptor } from '../../catalog/descriptors.js';
import { procByOid } from '../../catalog/made-routines.js';
import { typeOidNamed } from '../../catalog/made-types.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { PlannerContext } from '../context.js';
import type {
  CommonTableExpr,
  DeleteStatement,
  Expr,
  InsertStatement,
  MergeStatement,
  SelectStatement,
  UpdateStatement,
} from '../parse/ast.js';
import type { BoundExpr, ColumnId } from './expression.js';
import type { CursorKeys, LogicalPlan, OutputColumn, RequiredPrivilege } from './logical.js';
import { Lifted, Parameters } from './parameters.js';
import type { Scope } from './scope/scope.js';
import type { QueryShape } from './shape.js';
import { type NamedType, TypeLookup } from './type-lookup.js';

/** Deeper than any honest statement, and well within JavaScript's stack for this room and those behind it. */
const MAX_DEPTH = 1500;

/** Views over views that each read two others would double with each layer. */
const MAX_EXPANSIONS = 5000;

export type ChangeStatement = InsertStatement | UpdateStatement | DeleteStatement | MergeStatement;

/** A query whose names and types are known, except that literals which are whole output columns may still be given another type. */
export interface PendingQuery {
  readonly columns: readonly PendingColumn[];
  /** Gives output column i this expression instead: the same literal or parameter with its type decided. */
  replace(i: number, expr: BoundExpr): void;
  /** Makes the plan. Called once. */
  finish(): BoundQuery;
  /** Of a set operation with nothing over it: the names of the columns of each query that it is of. */
  readonly arms?: readonly (readonly string[])[];
}
export interface PendingColumn {
  readonly name: string;
  readonly type: Oid;
  readonly typmod: number;
  readonly collation?: Oid;
  readonly location?: number;
  /** Of a record whose fields the query tells. */
  readonly fields?: readonly RowField[];
  /** An untyped literal or parameter that is the whole column. */
  readonly untyped?: BoundExpr;
}
export interface BoundQuery {
  readonly plan: LogicalPlan;
  readonly columns: readonly OutputColumn[];
  /** Columns of the queries around it that it uses. */
  readonly outerColumns: readonly ColumnId[];
  readonly cursorKeys?: CursorKeys;
  readonly shape?: QueryShape;
}
export interface QueryOptions {
  /** False: columns that are untyped literals stay so, for who uses the query to decide. */
  readonly resolveUnknown?: boolean;
  /** It is (part of) the recursive term of a WITH RECURSIVE query. */
  readonly isRecursiveTerm?: boolean;
}

/** What the files of this room need of each other, handed down instead of imported: expressions hold queries, queries hold expressions. */
export interface Binders {
  expression(scope: Scope, node: Expr): BoundExpr;
  /** @param parent the query's own scope is made below it */
  query(parent: Scope, statement: SelectStatement, options?: QueryOptions): PendingQuery;
  /** A query of WITH RECURSIVE that reads itself. */
  recursive(body: Scope, cte: CommonTableExpr): BoundQuery;
  change(parent: Scope, statement: ChangeStatement): BoundQuery;
  /** A change in WITH on a relation with rules. Undefined: no rule applies. */
  ruledChange(parent: Scope, statement: Exclude<ChangeStatement, { readonly type: 'merge' }>): BoundQuery | undefined;
}

/** One privilege that is needed; columns are added as they are used. */
export interface PrivilegeUse {
  readonly objectKind: RequiredPrivilege['objectKind'];
  readonly oid: Oid;
  readonly privileges: number;
  readonly columns?: Set<number>;
  /** Needed only when it has columns: reading what RETURNING or WHERE mention of a change's target. */
  readonly isOptional?: true;
  readonly asRole?: Oid;
  readonly location?: number;
}

export function privilegesOf(uses: readonly PrivilegeUse[]): RequiredPrivilege[] {
  const privileges: RequiredPrivilege[] = [];
  for (const { isOptional, columns, ...use } of uses) {
    if (isOptional === true && columns?.size === 0) continue;
    privileges.push(columns === undefined ? use : { ...use, columns: [...columns] });
  }
  return privileges;
}

/** A field of a row whose type has no name. */
export interface RowField {
  readonly name: string;
  readonly type: Oid;
  readonly typmod: number;
  readonly collation?: Oid;
}

export interface ColumnOrigin {
  readonly relation: Oid;
  readonly number: number;
}

/** Whose names and rights count: the session's, or those of a view's definition while it is expanded. */
export interface Environment {
  readonly searchPath: readonly Oid[];
  /** A view's owner, in whose place privileges are checked. */
  readonly asRole?: Oid;
  readonly hasParameters: boolean;
  /** The body of a function that is put in its call's place: what its parameters stand for. */
  readonly arguments?: InlinedArguments;
}
export interface InlinedArguments {
  /** @param names as written: of the parameter, or of the function and it */
  named(names: readonly string[]): BoundExpr | undefined;
  /** @param number from 1 */
  numbered(number: number): BoundExpr | undefined;
}

/** Watches which levels an aggregate's arguments refer to. */
export interface AggregateProbe {
  /** The level where the aggregate is written; what belongs to its own sub-queries lies deeper and doesn't count. */
  readonly depth: number;
  /** The innermost level of a column in its arguments; -1: none. */
  columnDepth: number;
  /** The innermost level of an aggregate in its arguments; -1: none. */
  aggregateDepth: number;
  aggregateLocation: number | undefined;
  /** What its arguments made levels depend on: undone where the aggregate turns out to belong further out. */
  readonly added: { readonly scope: Scope; readonly id: ColumnId }[];
}

/** A column that comes straight out of a table, and from where; several tables' columns are found by their ranges of ids. */
interface OriginRange {
  readonly first: number;
  readonly count: number;
  readonly relation: Oid;
}

/** All that one statement's binding gathers. */
export class BindState {
  readonly cx: PlannerContext;
  readonly catalog: CatalogSnapshot;
  readonly builtin: BuiltinCatalog;
  readonly types: TypeLookup;
  readonly binders: Binders;
  readonly parameters: Parameters;
  readonly lifted = new Lifted();
  readonly environment: Environment;
  readonly keepsShapes: boolean;
  readonly privileges: PrivilegeUse[] = [];
  readonly reads = new Set<Oid>();
  readonly writes = new Set<Oid>();
  readonly probes: AggregateProbe[] = [];
  isVolatile = false;
  /** Functions whose bodies are being put in place: one that calls itself stays a call. */
  readonly inlining = new Set<Oid>();
  /** Tables whose policies are being bound. */
  readonly securing = new Set<Oid>();
  #nextColumn = 1;
  #nextSlot = 0;
  #nextCte = 0;
  #depth = 0;
  #expansions = 0;
  readonly #ranges: OriginRange[] = [];
  readonly #origins = new Map<ColumnId, ColumnOrigin>();

  constructor(cx: PlannerContext, binders: Binders) {
    this.cx = cx;
    this.catalog = cx.catalog;
    this.builtin = cx.catalog.builtin;
    this.types = new TypeLookup(cx.catalog);
    this.binders = binders;
    this.parameters = new Parameters(cx.paramTypes, cx.paramsFixed === true, (oid) => this.typeName(oid));
    this.environment = { searchPath: cx.searchPath, hasParameters: true };
    this.keepsShapes = cx.keepsShapes === true;
  }

  newColumn(): ColumnId {
    return this.#nextColumn++ as ColumnId;
  }

  /** Consecutive ids; @returns the first */
  newColumns(count: number): ColumnId {
    const first = this.#nextColumn;
    this.#nextColumn += count;
    return first as ColumnId;
  }

  newSlot(): number {
    return this.#nextSlot++;
  }

  newCte(): number {
    return this.#nextCte++;
  }

  /** Every recursion of binding passes here. @throws SqlError 54001 */
  enter(): void {
    if (++this.#depth > MAX_DEPTH) {
      throw new SqlError(SqlState.statementTooComplex, 'stack depth limit exceeded', {
        hint: 'Simplify the statement: its expressions, sub-queries or views are nested too deeply.',
      });
    }
  }

  leave(): void {
    this.#depth--;
  }

  /** A view or WITH query is put in place once more. @throws SqlError 54001 */
  noteExpansion(): void {
    if (++this.#expansions > MAX_EXPANSIONS) {
      throw new SqlError(SqlState.statementTooComplex, 'statement is too complex', {
        detail: `Its views and WITH queries stand for more than ${MAX_EXPANSIONS} sub-queries.`,
      });
    }
  }

  typeName(oid: Oid): string {
    return this.types.format(oid, (type) => this.#isVisibleType(type));
  }

  #isVisibleType({ oid, name }: NamedType): boolean {
    for (const schema of this.environment.searchPath) {
      const found = typeOidNamed(this.catalog, schema, name);
      if (found !== undefined) return found === oid;
    }
    return false;
  }

  isVisible(relation: RelationDescriptor): boolean {
    for (const schema of this.environment.searchPath) {
      const found = this.catalog.relation(schema, relation.name);
      if (found !== undefined) return found.oid === relation.oid;
    }
    return false;
  }

  procByOid(oid: Oid): BuiltinProc | undefined {
    return procByOid(this.catalog, oid);
  }

  requires(use: PrivilegeUse): PrivilegeUse {
    this.privileges.push(use);
    return use;
  }

  /** Columns `first … first + count - 1` are the relation's columns 1 … count. */
  noteTableColumns(first: ColumnId, count: number, relation: Oid): void {
    this.#ranges.push({ first, count, relation });
  }

  noteOrigin(id: ColumnId, origin: ColumnOrigin | undefined): void {
    if (origin !== undefined) this.#origins.set(id, origin);
  }

  /** The fields of a column whose type is just `record`, as far as the query tells. */
  readonly recordFields = new Map<ColumnId, readonly RowField[]>();

  /** The table column that a result column shows, if it is one. */
  originOf(id: ColumnId): ColumnOrigin | undefined {
    const own = this.#origins.get(id);
    if (own !== undefined) return own;
    for (const range of this.#ranges) {
      if (id >= range.first && id < range.first + range.count) return { relation: range.relation, number: id - range.first + 1 };
    }
    return undefined;
  }
}
