import type { Oid } from '../../commons/ids.js';
import type { EnumLabel } from '../../types/user-types.js';
import type { ObjectBase } from './base.js';

/** Types that users make. */

interface TypeBase extends ObjectBase {
  readonly kind: 'type';
  readonly schema: Oid;
  /** Made in pg_temp: it lives in its session only. */
  readonly persistence?: 'temporary';
  readonly arrayType: Oid;
}
export interface EnumDescriptor extends TypeBase {
  readonly form: 'enum';
  /** In order. A label's order never changes, since stored values are made of it. */
  readonly labels: readonly EnumLabel[];
}
export interface DomainCheck {
  readonly oid: Oid;
  readonly name: string;
  readonly exprText: string;
  readonly validated: boolean;
  readonly comment?: string;
}
export interface DomainDescriptor extends TypeBase {
  readonly form: 'domain';
  readonly baseType: Oid;
  readonly typmod: number;
  readonly collation?: Oid;
  readonly notNull: boolean;
  readonly defaultText?: string;
  readonly checks: readonly DomainCheck[];
}
export interface RangeDescriptor extends TypeBase {
  readonly form: 'range';
  readonly subtype: Oid;
  readonly opclass: Oid;
  readonly collation?: Oid;
  /** pg_proc oid; 0: none. */
  readonly subdiff: Oid;
  readonly multirangeName: string;
  readonly multirangeType: Oid;
  readonly multirangeArrayType: Oid;
  /** Numbers of its functions: range with two and with three arguments, multirange with none, one, and a list. Absent: of an older server. */
  readonly constructors?: readonly Oid[];
}
/** CREATE TYPE name (INPUT = …): values as those of a built-in type. Nothing but its name: a shell, until its functions are there. */
export interface BaseTypeDescriptor extends TypeBase {
  readonly form: 'base';
  /** The built-in type; undefined for a shell. */
  readonly like?: Oid;
  readonly input?: Oid;
  readonly output?: Oid;
  readonly category?: string;
  readonly preferred?: boolean;
  readonly defaultText?: string;
}
/** A type that is no relation's row type. */
export type TypeDescriptor = EnumDescriptor | DomainDescriptor | RangeDescriptor | BaseTypeDescriptor;
