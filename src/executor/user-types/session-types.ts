/**
 * Life of a user-made type: DDL puts a descriptor into the catalog → resolution knows it by its row of pg_type (catalog/made-types) →
 * values are read and written by what is made here of the descriptor, once a session, found through the session's formats.
 */
import type { CatalogSnapshot } from '../../catalog/catalog.js';
import { quoteIdentifier, schemaName } from '../../catalog/definitions/index.js';
import type { BaseTypeDescriptor, EnumDescriptor, RelationDescriptor, TypeDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { PlannerContext } from '../../planner/context.js';
import { arrayCodec } from '../../types/array/codec.js';
import type { FormatContext } from '../../types/format-context.js';
import { codecFor, type TypeCodec } from '../../types/type-codec.js';
import type { EnumLabel, UserType, UserTypes } from '../../types/user-types.js';
import type { FunctionLibrary } from '../functions/implementation.js';
import type { ExpressionScope } from '../routines/statements.js';
import { compositeType } from './composite-type.js';
import { domainType } from './domain-type.js';
import { enumType } from './enum-type.js';
import { multirangeType, rangeType } from './range-type.js';

/** What making a type's implementation takes. */
export interface TypeEnvironment {
  readonly library: FunctionLibrary;
  readonly planner: () => PlannerContext;
  readonly catalog: () => CatalogSnapshot;
  /** The catalog without what the transaction under way has changed. */
  readonly committed: () => CatalogSnapshot;
  readonly format: () => FormatContext;
  /** For checks that call users' functions. Released behind each. */
  readonly context: () => ExpressionScope;
}

interface Made {
  readonly descriptor: TypeDescriptor | RelationDescriptor;
  readonly type: UserType;
}

/** The implementations that one session has met. A descriptor that changed makes a new one. */
export class SessionTypes implements UserTypes {
  readonly #environment: TypeEnvironment;
  readonly #made = new Map<Oid, Made>();
  #seen: CatalogSnapshot | undefined;

  constructor(environment: TypeEnvironment) {
    this.#environment = environment;
  }

  find(oid: Oid): UserType | undefined {
    const catalog = this.#environment.catalog();
    const known = this.#made.get(oid);
    if (known !== undefined && this.#seen === catalog) return known.type;
    if (this.#seen !== catalog) this.#forget(catalog);
    const descriptor = catalog.typeByOid(oid) ?? catalog.relationOfRowType(oid);
    const again = this.#made.get(oid);
    if (descriptor === undefined) return undefined;
    if (again?.descriptor === descriptor) return again.type;
    const type = this.#make(descriptor, oid);
    // What holds only until the commit is made anew each time.
    if (type !== undefined && type.refuseNew === undefined) this.#made.set(oid, { descriptor, type });
    return type;
  }

  /** A domain's checks may lean on other types: all are made anew when any of those met has changed. */
  #forget(catalog: CatalogSnapshot): void {
    this.#seen = catalog;
    for (const [oid, { descriptor }] of this.#made) {
      const now = catalog.typeByOid(oid) ?? catalog.relationOfRowType(oid);
      if (now !== descriptor) {
        this.#made.clear();
        return;
      }
    }
  }

  #make(descriptor: TypeDescriptor | RelationDescriptor, oid: Oid): UserType | undefined {
    if (descriptor.kind === 'type') return this.#makeType(descriptor, oid);
    if (!hasRowType(descriptor)) return undefined;
    if (oid === descriptor.rowType) return compositeType(descriptor, oid, this.#nameOf(descriptor));
    return arrayType(oid, descriptor.rowType);
  }

  #makeType(type: TypeDescriptor, oid: Oid): UserType {
    if (oid === type.arrayType) return arrayType(oid, type.oid);
    switch (type.form) {
      case 'enum':
        return enumType(type, this.#nameOf(type), this.#newLabels(type));
      case 'domain':
        return domainType(type, this.#nameOf(type), schemaName(this.#environment.catalog(), type.schema), this.#environment);
      case 'base':
        return baseType(type);
      case 'range':
        if (oid === type.multirangeArrayType) return arrayType(oid, type.multirangeType);
        return oid === type.multirangeType ? multirangeType(type) : rangeType(type);
    }
  }

  /** Labels that a type has got in this transaction, apart from those that it was made with. */
  #newLabels(type: EnumDescriptor): ((label: EnumLabel) => boolean) | undefined {
    const before = this.#environment.committed().typeByOid(type.oid);
    if (before === type) return undefined;
    if (before?.form !== 'enum') return ({ added }) => added === true;
    const known = new Set(before.labels.map(({ order }) => order));
    return ({ order }) => !known.has(order);
  }

  #nameOf(object: { readonly name: string; readonly schema: Oid }): string {
    const { searchPath } = this.#environment.planner();
    const catalog = this.#environment.catalog();
    const visible = searchPath.find(
      (schema) => catalog.type(schema, object.name) !== undefined || catalog.relation(schema, object.name) !== undefined,
    );
    const name = quoteIdentifier(object.name);
    return visible === object.schema ? name : `${quoteIdentifier(schemaName(catalog, object.schema))}.${name}`;
  }
}

/** Values are another type's. @throws SqlError 42704 for a shell */
function baseType({ oid, name, like }: BaseTypeDescriptor): UserType {
  const codec = like === undefined ? undefined : codecFor(like);
  if (codec === undefined) throw new SqlError(SqlState.undefinedObject, `type "${name}" is only a shell`);
  return { ...bound(codec), form: 'base', over: 0, oid, name };
}

type WithRowType = Extract<RelationDescriptor, { rowType: Oid }>;

function hasRowType(relation: RelationDescriptor): relation is WithRowType {
  return 'rowType' in relation;
}

function arrayType(oid: Oid, element: Oid): UserType {
  const codec = codecFor(element);
  if (codec === undefined) throw new TypeError(`type ${element} has a codec`);
  return { ...arrayCodec(oid, bound(codec)), form: 'array', over: element };
}

/** A codec's functions without their object, so that they can be spread into another. */
function bound(codec: TypeCodec): TypeCodec {
  return {
    oid: codec.oid,
    name: codec.name,
    input: (text, cx, typmod) => codec.input(text, cx, typmod),
    output: (value, cx) => codec.output(value, cx),
    ...(codec.send && { send: codec.send }),
    ...(codec.receive && { receive: codec.receive }),
    ...(codec.compare && { compare: codec.compare }),
    ...(codec.hashKey && { hashKey: codec.hashKey }),
  };
}
