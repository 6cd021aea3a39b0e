import type { Oid } from '../../commons/ids.js';
import type { AclItem } from './base.js';

/** Privileges that are kept apart from what they are on. */

/** On an object that no descriptor is kept of: PostgreSQL's own functions, types, languages and relations, those of extensions, tablespaces. */
export interface ObjectPrivilegesDescriptor {
  readonly kind: 'object privileges';
  readonly oid: Oid;
  /** The catalog that the object is a row of (pg_proc …), and its oid there. */
  readonly catalog: Oid;
  readonly object: Oid;
  /** Absent: those that it was born with. */
  readonly acl?: readonly AclItem[];
  /** On columns of a relation, by their numbers. */
  readonly columns?: Readonly<Record<number, readonly AclItem[]>>;
}

export type DefaultPrivilegesObject = 'table' | 'sequence' | 'routine' | 'type' | 'schema';

/** ALTER DEFAULT PRIVILEGES: what a role's new objects start with. */
export interface DefaultPrivilegesDescriptor {
  readonly kind: 'default privileges';
  readonly oid: Oid;
  readonly role: Oid;
  /** 0: wherever they are made; the acl then stands for the built-in default, else it comes on top. */
  readonly schema: Oid;
  readonly objects: DefaultPrivilegesObject;
  readonly acl: readonly AclItem[];
}

/** GRANT SET, ALTER SYSTEM ON PARAMETER. All databases share them. */
export interface ParameterPrivilegesDescriptor {
  readonly kind: 'parameter privileges';
  readonly oid: Oid;
  /** In lower case. */
  readonly name: string;
  readonly acl: readonly AclItem[];
}
