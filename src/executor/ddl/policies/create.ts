import type { PolicyDescriptor, TableDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { withoutPosition } from '../../../planner/bind/stored-text.js';
import type { Expr, RenameStatement, RoleSpec } from '../../../planner/parse/ast.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { findRole, findTableForChange } from '../names.js';
import { bindOverTable } from '../scalar.js';
import { newOid } from '../table-draft.js';

/** CREATE POLICY. @throws SqlError 42710, 42601, 42804 … */
export async function createPolicy(statement: UtilityStatement<'create policy'>, cx: UtilityContext): Promise<UtilityResult> {
  const table = await findTableForChange(statement.table, cx);
  const { name, command } = statement;
  requireParts(command, statement.using, statement.check);
  if (table.policies?.some((other) => other.name === name) === true)
    throw new SqlError(SqlState.duplicateObject, `policy "${name}" for table "${table.name}" already exists`);
  const policy: PolicyDescriptor = {
    oid: newOid(cx),
    name,
    command,
    permissive: statement.permissive,
    roles: rolesOf(statement.roles, cx),
    ...(statement.using === undefined ? {} : { usingText: policyText(statement.using, table, cx) }),
    ...(statement.check === undefined ? {} : { checkText: policyText(statement.check, table, cx) }),
  };
  putPolicies(table, [...(table.policies ?? []), policy], cx);
  return { tag: 'CREATE POLICY' };
}

/** ALTER POLICY. @throws SqlError 42704, 42601 … */
export async function alterPolicy(statement: UtilityStatement<'alter policy'>, cx: UtilityContext): Promise<UtilityResult> {
  const table = await findTableForChange(statement.table, cx);
  const before = table.policies?.find((policy) => policy.name === statement.name);
  if (before === undefined) throw noPolicy(statement.name, table);
  requireParts(before.command, statement.using, statement.check);
  const after: PolicyDescriptor = {
    ...before,
    ...(statement.roles === undefined ? {} : { roles: rolesOf(statement.roles, cx) }),
    ...(statement.using === undefined ? {} : { usingText: policyText(statement.using, table, cx) }),
    ...(statement.check === undefined ? {} : { checkText: policyText(statement.check, table, cx) }),
  };
  putPolicies(
    table,
    (table.policies ?? []).map((policy) => (policy === before ? after : policy)),
    cx,
  );
  return { tag: 'ALTER POLICY' };
}

/** ALTER POLICY … RENAME TO. @throws SqlError 42704, 42710 */
export async function renamePolicy({ relation: name, member = '', to }: RenameStatement, cx: UtilityContext): Promise<void> {
  const table = await findTableForChange(name, cx);
  const policies = table.policies ?? [];
  const policy = policies.find((candidate) => candidate.name === member);
  if (policy === undefined) throw noPolicy(member, table);
  if (policies.some((other) => other.name === to))
    throw new SqlError(SqlState.duplicateObject, `policy "${to}" for table "${table.name}" already exists`);
  putPolicies(table, [...policies.filter((other) => other !== policy), { ...policy, name: to }], cx);
}

export function noPolicy(name: string, table: { readonly name: string }): SqlError {
  return new SqlError(SqlState.undefinedObject, `policy "${name}" for table "${table.name}" does not exist`);
}

/** In the order of their names. */
export function putPolicies(table: TableDescriptor, policies: readonly PolicyDescriptor[], cx: UtilityContext): void {
  const { policies: _before, ...rest } = table;
  const sorted = [...policies].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  cx.session.catalog.put(cx.transaction, sorted.length === 0 ? rest : { ...rest, policies: sorted });
}

/** Rows that are read have no new version, rows that are inserted no old one. @throws SqlError 42601 */
function requireParts(command: PolicyDescriptor['command'], using: Expr | undefined, check: Expr | undefined): void {
  if ((command === 'select' || command === 'delete') && check !== undefined)
    throw new SqlError(SqlState.syntaxError, 'WITH CHECK cannot be applied to SELECT or DELETE');
  if (command === 'insert' && using !== undefined)
    throw new SqlError(SqlState.syntaxError, 'only WITH CHECK expression allowed for INSERT');
}

/** Oids of roles; [0] is PUBLIC, which leaves no other to be named. */
function rolesOf(specs: readonly RoleSpec[], cx: UtilityContext): readonly Oid[] {
  const roles = [...new Set(specs.map((spec) => findRole(spec, cx)))];
  if (!roles.includes(0)) return roles;
  if (roles.length > 1)
    cx.session.notice({
      severity: 'WARNING',
      code: SqlState.warning,
      message: 'ignoring specified roles other than PUBLIC',
      hint: 'All roles are members of the PUBLIC role.',
    });
  return [0];
}

function policyText(expr: Expr, table: TableDescriptor, cx: UtilityContext): string {
  // PostgreSQL tells no places in policies.
  return withoutPosition(() => bindOverTable(expr, table, { clause: 'POLICY' }, cx).text());
}
