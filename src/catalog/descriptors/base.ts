import type { Oid } from '../../commons/ids.js';

export interface AclItem {
  /** Role oid; 0 is PUBLIC. */
  readonly grantee: Oid;
  readonly grantor: Oid;
  /** Bits of Privilege. */
  readonly privileges: number;
  readonly grantable: number;
}
/** PostgreSQL's privileges and their letters in an aclitem. */
export const Privilege = {
  insert: 1, // a
  select: 2, // r
  update: 4, // w
  delete: 8, // d
  truncate: 16, // D
  references: 32, // x
  trigger: 64, // t
  execute: 128, // X
  usage: 256, // U
  create: 512, // C
  temporary: 1024, // T
  connect: 2048, // c
  set: 4096, // s
  alterSystem: 8192, // A
} as const;

/** What all objects with a name and an owner have. */
export interface ObjectBase {
  readonly oid: Oid;
  readonly name: string;
  readonly owner: Oid;
  /** Absent: PostgreSQL's default (the owner has all, PUBLIC what the kind gives). */
  readonly acl?: readonly AclItem[];
  readonly comment?: string;
}
