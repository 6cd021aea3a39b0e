import { Privilege, type TableDescriptor, type ViewDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { FromTable, SelectFromStatement, SelectStatement } from '../../parse/ast.js';
import { coerceToBoolean } from '../coerce.js';
import type { BoundExpr, ColumnId } from '../expression.js';
import { aliasNames } from '../from/alias.js';
import { asRole, findRelation } from '../from/relation.js';
import { shownColumns, viewEnvironment } from '../from/view.js';
import { bindTargets, resolveTargets } from '../query/target.js';
import { ListItem, NOT_FOUND, type RelationItem, TableItem } from '../scope/relation-item.js';
import { entryOf, Scope } from '../scope/scope.js';
import { shapeOf } from '../scope/table-shape.js';
import type { Environment, PrivilegeUse } from '../state.js';
import { storedQuery, withoutPosition } from '../stored-text.js';
import type { TargetColumn } from './changed-relation.js';
import { hasInsteadTrigger, viewAsTable } from './instead.js';

export type ViewCommand = 'insert' | 'update' | 'delete';

/** Why a view cannot be changed, if it cannot, as far as its text tells (PostgreSQL manual, CREATE VIEW, "Updatable Views"). */
export function refusalOf(statement: SelectStatement): string | undefined {
  if (statement.type === 'set operation') return NOT_UPDATABLE('Views containing UNION, INTERSECT, or EXCEPT');
  if (statement.type === 'values') return NOT_UPDATABLE('Views that do not select from a single table or view');
  if (statement.distinct !== undefined) return NOT_UPDATABLE('Views containing DISTINCT');
  if (statement.groupBy !== undefined) return NOT_UPDATABLE('Views containing GROUP BY');
  if (statement.having !== undefined) return NOT_UPDATABLE('Views containing HAVING');
  if (statement.with !== undefined) return NOT_UPDATABLE('Views containing WITH');
  if (statement.limit !== undefined || statement.offset !== undefined) return NOT_UPDATABLE('Views containing LIMIT or OFFSET');
  const [only] = statement.from ?? [];
  if (only?.type !== 'table' || statement.from?.length !== 1) return NOT_UPDATABLE('Views that do not select from a single table or view');
  return only.tableSample === undefined ? undefined : NOT_UPDATABLE('Views containing TABLESAMPLE');
}

const NOT_UPDATABLE = (what: string): string => `${what} are not automatically updatable.`;
export const NO_SINGLE_TABLE = NOT_UPDATABLE('Views that do not select from a single table or view');

export const NO_COLUMNS = 'Views that have no updatable columns are not automatically updatable.';

const HINTS = {
  insert: ['insert into', 'inserting into the view', 'INSERT'],
  update: ['update', 'updating the view', 'UPDATE'],
  delete: ['delete from', 'deleting from the view', 'DELETE'],
} as const;

/** @throws SqlError 55000 */
export function cannotChange(view: string, command: ViewCommand, detail: string): SqlError {
  const [what, doing, event] = HINTS[command];
  return new SqlError(SqlState.objectNotInPrerequisiteState, `cannot ${what} view "${view}"`, {
    detail,
    hint: `To enable ${doing}, provide an INSTEAD OF ${event} trigger or an unconditional ON ${event} DO INSTEAD rule.`,
  });
}

/** A view on the way to the table whose rows it shows. */
export class ViewLayer {
  readonly view: ViewDescriptor;
  readonly statement: SelectFromStatement;
  readonly from: FromTable;
  readonly environment: Environment;
  readonly #scope: Scope;

  /** @param scope of the statement */
  constructor(scope: Scope, view: ViewDescriptor, statement: SelectFromStatement, from: FromTable, environment: Environment) {
    this.#scope = scope;
    this.view = view;
    this.statement = statement;
    this.from = from;
    this.environment = environment;
  }

  /** Whose rights count for what the view reads. */
  get role(): { readonly asRole?: number } {
    return asRole(this.scope());
  }

  scope(): Scope {
    const scope = new Scope(this.#scope.state, undefined, this.environment, this.#scope.depth);
    if (this.statement.windows !== undefined) scope.windows = [...this.statement.windows];
    return scope;
  }

  tableItem(table: TableDescriptor, firstId: ColumnId | undefined, descendants: boolean): TableItem {
    const { state } = this.#scope;
    const { alias } = this.from;
    const names = this.#names(shapeOf(table).live.map((column) => column.name));
    state.reads.add(table.oid);
    return new TableItem(state, table, alias?.name, names, this.reads(table.oid), firstId, descendants);
  }

  /** What the view's own text calls what it reads. */
  names(own: readonly string[]): readonly string[] {
    return this.#names(own) ?? own;
  }

  #names(own: readonly string[]): readonly string[] | undefined {
    const { alias } = this.from;
    return alias?.columns === undefined ? undefined : aliasNames(alias.name, alias.columns, own);
  }

  reads(oid: number): PrivilegeUse {
    return this.#scope.state.requires({ objectKind: 'table', oid, privileges: Privilege.select, columns: new Set(), ...this.role });
  }
}

/** How a name leads to the rows that are changed. */
export interface ChangePath {
  readonly table: TableDescriptor;
  /** Views from the statement's to the one over the table; none for a table. */
  readonly layers: readonly ViewLayer[];
  /** A view whose INSTEAD OF triggers do the work: it stands where otherwise a table would, which `table` then only looks like. */
  readonly instead?: { readonly view: ViewDescriptor; readonly environment: Environment };
}

/**
 * The views between a name and the table whose rows they show.
 * @param stopsAt a view that is taken for what is changed itself
 * @throws SqlError 55000
 */
export function viewPath(
  scope: Scope,
  view: ViewDescriptor,
  command: ViewCommand,
  stopsAt?: (view: ViewDescriptor) => boolean,
): ChangePath {
  const layers: ViewLayer[] = [];
  let environment = scope.environment;
  for (let current = view; ; ) {
    scope.state.noteExpansion();
    if (stopsAt?.(current) === true || hasInsteadTrigger(current, command))
      return { table: viewAsTable(current), layers, instead: { view: current, environment } };
    environment = viewEnvironment(scope, current, environment);
    const statement = storedQuery(scope.state.cx.parser, current, current.queryText);
    const refusal = refusalOf(statement);
    if (refusal !== undefined || statement.type !== 'select') throw cannotChange(current.name, command, refusal ?? '');
    const [from] = statement.from ?? [];
    if (from?.type !== 'table') throw cannotChange(current.name, command, NO_SINGLE_TABLE);
    const layer = new ViewLayer(scope, current, statement, from, environment);
    layers.push(layer);
    const base = withoutPosition(() => findRelation(layer.scope(), from.name));
    if (base?.kind === 'table') return { layers, table: base };
    if (base?.kind !== 'view') throw cannotChange(current.name, command, NO_SINGLE_TABLE);
    current = base;
  }
}

export interface ViewRow {
  readonly item: RelationItem;
  readonly columns: readonly TargetColumn[];
  /** For each column the column below that it is; negative: none. */
  readonly sources: readonly number[];
  readonly condition: BoundExpr | undefined;
}

/**
 * A view over a row of what it reads.
 * @param outer the view above it; undefined: the statement names it, maybe by an alias
 * @throws SqlError 55000
 */
export function bindViewRow(
  scope: Scope,
  layer: ViewLayer,
  below: RelationItem,
  columnsBelow: readonly TargetColumn[],
  outer: ViewLayer | undefined,
  alias: string | undefined,
  command: ViewCommand,
): ViewRow {
  const { view, statement } = layer;
  const inner = layer.scope();
  inner.add(entryOf(below));
  const targets = withoutPosition(() => {
    const bound = bindTargets(inner, statement.columns);
    resolveTargets(inner, bound);
    return bound;
  });
  if (inner.aggregates.length > 0) throw cannotChange(view.name, command, NOT_UPDATABLE('Views that return aggregate functions'));
  if (inner.windowCalls.length > 0) throw cannotChange(view.name, command, NOT_UPDATABLE('Views that return window functions'));
  if (inner.hasSetFunctions) throw cannotChange(view.name, command, NOT_UPDATABLE('Views that return set-returning functions'));
  const { where } = statement;
  const condition =
    where === undefined ? undefined : withoutPosition(() => coerceToBoolean(scope.state, inner.bindIn('WHERE', where), 'WHERE'));
  const all = sourcesOf(statement, below);
  const shown = shownColumns(
    view,
    targets.map((target, i) => ({
      name: target.name,
      expr: target.expr,
      source: target.expr.kind === 'whole row' ? WHOLE_ROW : (all[i] ?? EXPRESSION),
    })),
  );
  const sources = shown.map(({ source }) => source);
  const columns = view.columns.map((column, i) => targetColumn(view, column, sources[i] ?? EXPRESSION, columnsBelow));
  if (command !== 'delete' && columns.every((column) => column.column === undefined)) {
    throw cannotChange(view.name, command, NO_COLUMNS);
  }
  const privilege = outer === undefined ? readsOfView(scope, view) : outer.reads(view.oid);
  const own = view.columns.map((column) => column.name);
  const item = new ListItem(
    outer === undefined ? (alias ?? view.name) : (outer.from.alias?.name ?? view.name),
    (outer === undefined ? alias : outer.from.alias?.name) !== undefined,
    outer === undefined ? own : outer.names(own),
    shown.map(({ expr }) => expr),
    { relation: view, rowType: view.rowType, privilege },
  );
  return { item, columns, sources, condition };
}

function readsOfView(scope: Scope, view: ViewDescriptor): PrivilegeUse {
  return scope.state.requires({
    objectKind: 'table',
    oid: view.oid,
    privileges: Privilege.select,
    columns: new Set(),
    isOptional: true,
    ...asRole(scope),
  });
}

const EXPRESSION = -1;
const SYSTEM_COLUMN = -2;
const WHOLE_ROW = -3;

/** Which column below each of the select list is. */
function sourcesOf(statement: SelectFromStatement, below: RelationItem): readonly number[] {
  return statement.columns.flatMap(({ expr }) => {
    if (expr.type === 'ref' && expr.star === true) return Array.from({ length: below.starSize }, (_, i) => i);
    if (expr.type === 'field' && expr.star === true) return [];
    if (expr.type !== 'ref') return [EXPRESSION];
    const index = below.find(expr.name);
    if (index !== NOT_FOUND) return [index];
    return [below.system(expr.name) === undefined ? (expr.name === below.alias ? WHOLE_ROW : EXPRESSION) : SYSTEM_COLUMN];
  });
}

const DETAILS: Readonly<Record<number, string>> = {
  [EXPRESSION]: 'View columns that are not columns of their base relation are not updatable.',
  [SYSTEM_COLUMN]: 'View columns that refer to system columns are not updatable.',
  [WHOLE_ROW]: 'View columns that return whole-row references are not updatable.',
};

function targetColumn(
  view: ViewDescriptor,
  { name, defaultText }: ViewDescriptor['columns'][number],
  source: number,
  below: readonly TargetColumn[],
): TargetColumn {
  const found = below[source];
  if (found === undefined) return { name, refused: { column: name, view: view.name, detail: DETAILS[source] ?? '' } };
  if (found.column === undefined) return { ...found, name };
  if (defaultText === undefined) return { name, column: { ...found.column, name } };
  const { identity: _, ...column } = found.column;
  return { name, column: { ...column, name, defaultText } };
}
