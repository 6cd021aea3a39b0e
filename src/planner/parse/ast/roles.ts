/** Roles and privileges. */
import type { DefElement } from './definitions.js';
import type { Node, QName } from './nodes.js';
import type { RoutineRef } from './routines.js';
import type { SetStatement } from './sessions.js';

export type RoleSpec = Node &
  ({ readonly type: 'role'; readonly name: string } | { readonly type: 'current_user' | 'session_user' | 'current_role' | 'public' });

export interface CreateRoleStatement extends Node {
  readonly type: 'create role';
  readonly kind: 'role' | 'user' | 'group';
  readonly name: string;
  readonly options: readonly DefElement[];
}
export interface AlterRoleStatement extends Node {
  readonly type: 'alter role';
  readonly role: RoleSpec;
  readonly options: readonly DefElement[];
}
export interface AlterRoleSetStatement extends Node {
  readonly type: 'alter role set';
  /** Absent: ALTER ROLE ALL. */
  readonly role?: RoleSpec;
  readonly database?: string;
  readonly set: SetStatement;
}
export interface AlterDatabaseSetStatement extends Node {
  readonly type: 'alter database set';
  readonly database: string;
  readonly set: SetStatement;
}
export interface DropRoleStatement extends Node {
  readonly type: 'drop role';
  readonly roles: readonly RoleSpec[];
  readonly ifExists?: true;
}
export interface GrantStatement extends Node {
  readonly type: 'grant' | 'revoke';
  readonly objectType: 'table' | 'sequence' | 'schema' | 'database' | 'function' | 'type' | 'language' | string;
  /** 'object': the named ones (settings by their whole name); 'all in schema': names are schemas. */
  readonly target: 'object' | 'all in schema';
  readonly names: readonly QName[];
  /** Instead of names: functions, procedures, routines. */
  readonly routines?: readonly RoutineRef[];
  /** Absent: ALL PRIVILEGES. */
  readonly privileges?: readonly { readonly privilege: string; readonly columns?: readonly string[] }[];
  readonly grantees: readonly RoleSpec[];
  readonly grantOption?: true;
  readonly cascade?: true;
  readonly grantedBy?: RoleSpec;
}
/** What objects that are made later start with. */
export interface AlterDefaultPrivilegesStatement extends Node {
  readonly type: 'alter default privileges';
  /** Absent: the current role. */
  readonly roles?: readonly RoleSpec[];
  /** Absent: in all. */
  readonly schemas?: readonly string[];
  /** Without names. */
  readonly grant: GrantStatement;
}
export interface GrantRoleStatement extends Node {
  readonly type: 'grant role' | 'revoke role';
  readonly roles: readonly string[];
  readonly grantees: readonly RoleSpec[];
  readonly adminOption?: true;
  readonly cascade?: true;
  readonly grantedBy?: RoleSpec;
}
export interface ReassignOwnedStatement extends Node {
  readonly type: 'reassign owned';
  readonly roles: readonly RoleSpec[];
  readonly to: RoleSpec;
}
export interface DropOwnedStatement extends Node {
  readonly type: 'drop owned';
  readonly roles: readonly RoleSpec[];
  readonly cascade?: true;
}
