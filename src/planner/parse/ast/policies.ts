/** Row-level security. */
import type { Expr } from './expressions.js';
import type { Node, QName } from './nodes.js';
import type { RoleSpec } from './roles.js';

export type PolicyCommand = 'all' | 'select' | 'insert' | 'update' | 'delete';

export interface CreatePolicyStatement extends Node {
  readonly type: 'create policy';
  readonly name: string;
  readonly table: QName;
  readonly command: PolicyCommand;
  readonly permissive: boolean;
  readonly roles: readonly RoleSpec[];
  readonly using?: Expr;
  readonly check?: Expr;
}

export interface AlterPolicyStatement extends Node {
  readonly type: 'alter policy';
  readonly name: string;
  readonly table: QName;
  readonly roles?: readonly RoleSpec[];
  readonly using?: Expr;
  readonly check?: Expr;
}
