import { bornType } from '../../catalog/born-privileges.js';
import type { CatalogSnapshot } from '../../catalog/catalog.js';
import { type IndexDescriptor, Privilege, type RelationDescriptor, type TableDescriptor } from '../../catalog/descriptors.js';
import { isRoutineSource } from '../../catalog/made-routines.js';
import { typeRecord } from '../../catalog/made-types.js';
import { isMemberOf, privilegesOf } from '../../catalog/privileges.js';
import { FIRST_USER_OID, type Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { RoleOid } from '../../commons/system-names.js';
import { bindScalar, resolveDataType } from '../../planner/bind/bind.js';
import type { BoundExpr } from '../../planner/bind/expression.js';
import { parseExpression, withoutPosition } from '../../planner/bind/stored-text.js';
import { walkExpression } from '../../planner/bind/tree/walk.js';
import type { DataTypeDef, Expr } from '../../planner/parse/ast.js';
import { deparseExpression } from '../../planner/parse/deparse.js';
import { keptExpression } from '../../planner/print/definitions.js';
import { TypeOid } from '../../types/oids.js';
import { ALL_USERS_HINT } from '../routines/call.js';
import type { UtilityContext } from './context.js';
import { catalogOf } from './names.js';
import { typeText } from './types/type-text.js';

export interface BoundOverTable {
  readonly expr: BoundExpr;
  /** Numbers of the columns that it mentions, ascending. */
  readonly columns: readonly number[];
  /** As the catalog keeps it. */
  text(): string;
}

interface ScalarUse {
  readonly clause:
    | 'DEFAULT'
    | 'CHECK'
    | 'GENERATED'
    | 'index expression'
    | 'index predicate'
    | 'partition key'
    | 'partition bound'
    | 'POLICY';
  /** The column that the value is for. */
  readonly target?: { readonly name: string; readonly type: Oid; readonly typmod: number };
  /** The error's text where functions that are not immutable are refused. */
  readonly immutable?: string;
}

/**
 * An expression of a definition over a table's columns, or over none.
 * @throws SqlError 42703, 42804, 42P17 …
 */
export function bindOverTable(expr: Expr, table: TableDescriptor | undefined, use: ScalarUse, cx: UtilityContext): BoundOverTable {
  const { clause, target } = use;
  const planner = { ...cx.planner, catalog: catalogOf(cx) };
  const options = { clause, ...(table === undefined ? {} : { row: table }), ...(target === undefined ? {} : { target }) };
  const bound = withDefaultWords(use, () => bindScalar(expr, planner, options));
  if (table !== undefined && clause !== 'DEFAULT') requireNoRoutines(bound.expr, table, cx);
  if (use.immutable !== undefined) requireImmutable(bound.expr, use.immutable, catalogOf(cx));
  return {
    expr: bound.expr,
    columns: [...bound.used].sort((a, b) => a - b),
    text: () => keptExpression(expr, planner, options) ?? deparseExpression(expr),
  };
}

/** A default's own words for a value that does not fit; it is told without its place. */
function withDefaultWords<T>({ clause }: ScalarUse, bind: () => T): T {
  if (clause !== 'DEFAULT' && clause !== 'GENERATED') return bind();
  try {
    return bind();
  } catch (error) {
    if (!(error instanceof SqlError) || error.code !== SqlState.datatypeMismatch || !UNFIT.test(error.message)) throw error;
    const message = error.message.replace(UNFIT, '$1 but default expression is of type ');
    throw new SqlError(error.code, message, error.fields.hint === undefined ? {} : { hint: error.fields.hint });
  }
}

const UNFIT = /^(column ".*" is of type .*) but expression is of type /;

/** What a user table's owner defines is computed over the rows of all users: no routine may see them but an administrator's. @throws SqlError 42501 */
function requireNoRoutines(expr: BoundExpr, table: TableDescriptor, cx: UtilityContext): void {
  if (maySeeAllUsers(table, cx)) return;
  walkExpression(expr, (node) => {
    if (node.kind === 'call' && isRoutineSource(node.source)) throw allUsersDenied(`function ${node.name} in a definition`, table);
  });
}

/** Whether anything that is computed of a table's rows, whoever writes or reads them, calls a routine of a user's. */
export function callsRoutines(table: TableDescriptor, indexes: readonly IndexDescriptor[], cx: UtilityContext): boolean {
  const planner = { ...cx.planner, catalog: catalogOf(cx), keepsCalls: true };
  return definitionsOf(table, indexes).some(({ text, clause }) => {
    let found = false;
    const { expr } = withoutPosition(() => bindScalar(parseExpression(cx.planner.parser, text), planner, { clause, row: table }));
    walkExpression(expr, (node) => {
      if (node.kind === 'call' && isRoutineSource(node.source)) found = true;
    });
    return found;
  });
}

function definitionsOf(
  table: TableDescriptor,
  indexes: readonly IndexDescriptor[],
): readonly { readonly text: string; readonly clause: ScalarUse['clause'] }[] {
  const found: { text: string; clause: ScalarUse['clause'] }[] = [];
  const add = (text: string | undefined, clause: ScalarUse['clause']) => {
    if (text !== undefined) found.push({ text, clause });
  };
  for (const constraint of table.constraints) if (constraint.kind === 'check') add(constraint.exprText, 'CHECK');
  for (const column of table.columns) if (column.dropped !== true) add(column.generatedText, 'GENERATED');
  for (const { exprText } of table.partitionKey?.columns ?? []) add(exprText, 'partition key');
  for (const index of indexes) {
    for (const { exprText } of index.columns) add(exprText, 'index expression');
    add(index.predicateText, 'index predicate');
  }
  for (const { usingText, checkText } of table.policies ?? []) {
    add(usingText, 'POLICY');
    add(checkText, 'POLICY');
  }
  return found;
}

/** A trigger or rule is handed the rows of whoever writes: of user tables only administrators may make them. @throws SqlError 42501 */
export function requireMaySeeRows(what: 'trigger' | 'rule', relation: RelationDescriptor, cx: UtilityContext): void {
  if (relation.kind === 'table' && !maySeeAllUsers(relation, cx)) throw allUsersDenied(`a ${what}`, relation);
}

function maySeeAllUsers({ tableType }: TableDescriptor, cx: UtilityContext): boolean {
  return (tableType !== 'user' && tableType !== 'stream') || isMemberOf(catalogOf(cx), cx.session.currentRole, RoleOid.admin);
}

function allUsersDenied(what: string, { tableType, name }: TableDescriptor): SqlError {
  return new SqlError(SqlState.insufficientPrivilege, `permission denied to use ${what} of ${tableType} table "${name}"`, {
    hint: ALL_USERS_HINT,
  });
}

/** The text form of these depends on settings, an enum's on its labels. */
/** Enums, ranges, multiranges and rows: their text is their parts'. */
const VARIABLE_KINDS: ReadonlySet<string> = new Set(['e', 'r', 'm', 'c']);
const SETTINGS_DEPENDENT: ReadonlySet<Oid> = new Set([TypeOid.date, TypeOid.timestamp, TypeOid.timestamptz]);

function requireImmutable(expr: BoundExpr, message: string, catalog: CatalogSnapshot): void {
  const isStable = (oid: Oid): boolean => {
    const type = typeRecord(catalog, oid);
    return SETTINGS_DEPENDENT.has(oid) || type?.isArray === true || VARIABLE_KINDS.has(type?.kind ?? 'b');
  };
  walkExpression(expr, (node) => {
    const isFixed =
      node.kind === 'call' ? node.volatility === 'i' : node.kind !== 'io cast' || !(isStable(node.arg.type) || isStable(node.type));
    if (!isFixed) throw new SqlError(SqlState.invalidObjectDefinition, message);
  });
}

/** @throws SqlError 42704 … */
export function dataType(definition: DataTypeDef, cx: UtilityContext): { readonly type: Oid; readonly typmod: number } {
  const catalog = catalogOf(cx);
  const resolved = resolveDataType(definition, { ...cx.planner, catalog });
  requireTypeUsage(resolved.type, cx);
  return resolved;
}

function elementOf(catalog: CatalogSnapshot, oid: Oid): Oid {
  const record = typeRecord(catalog, oid);
  return record?.isArray === true ? record.element : oid;
}

/** A definition may use a type whose USAGE the current role has. @throws SqlError 42501 */
export function requireTypeUsage(oid: Oid, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const type = oid < FIRST_USER_OID ? bornType(catalog, oid) : (catalog.typeByOid(oid) ?? catalog.relationOfRowType(oid));
  if (type === undefined || (type.kind !== undefined && type.kind !== 'type' && type.kind !== 'composite')) return;
  if ((privilegesOf(catalog, cx.session.currentRole, 'type', type) & Privilege.usage) === 0)
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for ${typeText(elementOf(catalog, oid), cx)}`);
}
