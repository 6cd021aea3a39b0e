import type * as pg from 'libpg-query';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type * as ast from '../ast.js';
import { relationName, roleSpecs } from './names.js';
import type { Mutable, Reader } from './reader.js';

const COMMANDS: readonly ast.PolicyCommand[] = ['all', 'select', 'insert', 'update', 'delete'];

/** @throws SqlError 42601 */
export function createPolicy(node: pg.CreatePolicyStmt, reader: Reader): ast.Statement {
  const command = COMMANDS.find((name) => name === node.cmd_name);
  if (command === undefined) throw new SqlError(SqlState.syntaxError, 'unrecognized row security option');
  const policy: Mutable<ast.CreatePolicyStatement> = {
    type: 'create policy',
    name: node.policy_name ?? '',
    table: relationName(node.table, reader),
    command,
    permissive: node.permissive === true,
    roles: roleSpecs(node.roles, reader),
  };
  if (node.qual !== undefined) policy.using = reader.expr(node.qual);
  if (node.with_check !== undefined) policy.check = reader.expr(node.with_check);
  return policy;
}

export function alterPolicy(node: pg.AlterPolicyStmt, reader: Reader): ast.Statement {
  const policy: Mutable<ast.AlterPolicyStatement> = {
    type: 'alter policy',
    name: node.policy_name ?? '',
    table: relationName(node.table, reader),
  };
  if (node.roles !== undefined) policy.roles = roleSpecs(node.roles, reader);
  if (node.qual !== undefined) policy.using = reader.expr(node.qual);
  if (node.with_check !== undefined) policy.check = reader.expr(node.with_check);
  return policy;
}
