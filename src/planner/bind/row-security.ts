import type { PolicyDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { inheritsFrom } from '../../catalog/privileges.js';
import { hidesRows } from '../../catalog/row-security.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { coerceToBoolean } from './coerce.js';
import type { BoundExpr } from './expression.js';
import type { TableTarget } from './logical.js';
import { booleanNode, logicNode } from './nodes.js';
import { TableItem } from './scope/relation-item.js';
import { entryOf, Scope } from './scope/scope.js';
import { isPartitioned } from './scope/table-shape.js';
import { storedExpression, withoutPosition } from './stored-text.js';

/**
 * Row-level security (PostgreSQL manual, "Row Security Policies"). Policies become conditions of the table's scan, which come before whatever
 * could tell of a row (see planScan), and checks of the rows that are written. A plan with them holds for one role: the environments of
 * plans tell roles apart as soon as a table has them.
 */
type RowCommand = 'select' | 'insert' | 'update' | 'delete';

interface Policies {
  readonly permissive: readonly PolicyDescriptor[];
  readonly restrictive: readonly PolicyDescriptor[];
}

/**
 * What rows must fulfil to be found by a command; undefined: nothing.
 * @param isRead their columns are read as well: then only rows that SELECT would show are found
 */
export function visibleRows(scope: Scope, item: TableItem, command: Exclude<RowCommand, 'insert'>, isRead: boolean): BoundExpr | undefined {
  const table = item.relation;
  if (table.kind !== 'table') return undefined;
  refuseHiddenUsers(scope, table);
  if (!isSecured(scope, table)) return undefined;
  const commands: readonly RowCommand[] = command !== 'select' && isRead ? [command, 'select'] : [command];
  const conditions = commands.map((each) => combined(scope, table, item, policiesFor(scope, table, each), usingOf));
  return conditions.length === 1 ? conditions[0] : logicNode('and', conditions);
}

/**
 * What rows that are written must fulfil.
 * @param isRead they are shown as well: by RETURNING, or since the command looks for rows
 */
export function writtenRows(
  scope: Scope,
  item: TableItem,
  command: 'insert' | 'update',
  isRead: boolean,
): NonNullable<TableTarget['viewChecks']> {
  const table = item.relation;
  if (table.kind !== 'table' || !isSecured(scope, table)) return [];
  const own = policiesFor(scope, table, command);
  const view = table.name;
  const checks: { view: string; condition: BoundExpr; policy: { name?: string } }[] = [
    { view, condition: combined(scope, table, item, { ...own, restrictive: [] }, checkOf), policy: {} },
  ];
  for (const policy of own.restrictive) {
    const condition = bindPart(scope, table, item, policy, checkOf(policy));
    if (condition !== undefined) checks.push({ view, condition, policy: { name: policy.name } });
  }
  if (isRead) checks.push({ view, condition: combined(scope, table, item, policiesFor(scope, table, 'select'), usingOf), policy: {} });
  return checks;
}

/** Whether rows of the table are hidden from the statement's role. @throws SqlError 42501 with row_security = off */
export function isSecured(scope: Scope, table: TableDescriptor): boolean {
  const { catalog } = scope.state;
  const role = roleOf(scope);
  if (scope.state.keepsShapes || !hidesRows(catalog, table, role)) return false;
  if (scope.state.cx.rowSecurityOff === true)
    throw new SqlError(SqlState.insufficientPrivilege, `query would be affected by row-level security policy for table "${table.name}"`, {
      ...(inheritsFrom(catalog, role, table.owner)
        ? { hint: "To disable the policy for the table's owner, use ALTER TABLE NO FORCE ROW LEVEL SECURITY." }
        : {}),
    });
  return true;
}

/** row_security = off asks for all rows or an error, as pg_dump does: other users' rows of a user table are left out too. @throws SqlError 42501 */
function refuseHiddenUsers({ state }: Scope, table: TableDescriptor): void {
  if (state.cx.rowSecurityOff !== true || state.cx.allUsers || state.keepsShapes || !isPartitioned(table)) return;
  throw new SqlError(
    SqlState.insufficientPrivilege,
    `query would show only the acting user's rows of ${table.tableType} table "${table.name}", and row_security is off`,
    {
      hint: "For the rows of all users SET kalamdb.all_users = on (pg_dump: PGOPTIONS='-c kalamdb.all_users=on'), for your own SET row_security = on (pg_dump --enable-row-security).",
    },
  );
}

const roleOf = (scope: Scope): Oid => scope.environment.asRole ?? scope.state.cx.currentRole;

function policiesFor(scope: Scope, table: TableDescriptor, command: RowCommand): Policies {
  const { catalog } = scope.state;
  const role = roleOf(scope);
  const applying = (table.policies ?? []).filter(
    (policy) =>
      (policy.command === 'all' || policy.command === command) && policy.roles.some((oid) => oid === 0 || inheritsFrom(catalog, role, oid)),
  );
  return {
    permissive: applying.filter((policy) => policy.permissive),
    restrictive: applying.filter((policy) => !policy.permissive),
  };
}

type Part = (policy: PolicyDescriptor) => string | undefined;
const usingOf: Part = (policy) => policy.usingText;
const checkOf: Part = (policy) => policy.checkText ?? policy.usingText;

/** Any permissive one, and all restrictive ones; without a permissive one nothing passes. */
function combined(scope: Scope, table: TableDescriptor, item: TableItem, { permissive, restrictive }: Policies, part: Part): BoundExpr {
  if (permissive.length === 0) return booleanNode(false);
  const bound = (policy: PolicyDescriptor): BoundExpr => bindPart(scope, table, item, policy, part(policy)) ?? booleanNode(true);
  const any = permissive.map(bound);
  const all = [any.length === 1 ? (any[0] ?? booleanNode(true)) : logicNode('or', any), ...restrictive.map(bound)];
  return all.length === 1 ? (all[0] ?? booleanNode(true)) : logicNode('and', all);
}

/** Undefined: nothing is asked. @throws SqlError 42P17 for one that reads its own table */
function bindPart(
  scope: Scope,
  table: TableDescriptor,
  item: TableItem,
  policy: PolicyDescriptor,
  text: string | undefined,
): BoundExpr | undefined {
  if (text === undefined) return undefined;
  const { state } = scope;
  if (state.securing.has(table.oid))
    throw new SqlError(SqlState.invalidObjectDefinition, `infinite recursion detected in policy for relation "${table.name}"`);
  state.securing.add(table.oid);
  try {
    return withoutPosition(() => {
      const { asRole } = scope.environment;
      const environment = { searchPath: state.environment.searchPath, hasParameters: false, ...(asRole === undefined ? {} : { asRole }) };
      const inner = new Scope(state, undefined, environment, scope.depth);
      // The same row, without asking for the privilege to read what the policy reads of it.
      const row = new TableItem(state, table, undefined, undefined, undefined, item.firstId);
      inner.add(entryOf(row));
      const condition = coerceToBoolean(state, inner.bindIn('POLICY', storedExpression(state.cx.parser, policy, text)), 'POLICY');
      item.readWith(row);
      return condition;
    });
  } finally {
    state.securing.delete(table.oid);
  }
}
