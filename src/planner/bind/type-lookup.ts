import type {
  BuiltinAmop,
  BuiltinCast,
  BuiltinCatalog,
  BuiltinOpclass,
  BuiltinRange,
  BuiltinType,
  OpclassSource,
} from '../../catalog/builtin/index.js';
import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { OperatorClassDescriptor, RangeDescriptor, RelationDescriptor } from '../../catalog/descriptors.js';
import { castRecord } from '../../catalog/made-routines.js';
import { madeType, rangeRecord } from '../../catalog/made-types.js';
import type { Oid } from '../../commons/ids.js';
import { isExtensionType } from '../../types/extensions/oids.js';
import { formatType } from '../../types/format-type.js';

/** Each class that a user has made is a family of its own. */
function opclassRecord({ oid, name, schema, method, type, isDefault }: OperatorClassDescriptor): BuiltinOpclass {
  return { oid, method, name, namespace: schema, family: oid, inputType: type, isDefault, keyType: 0 };
}

/** Types, casts and operator classes as resolution wants them: PostgreSQL's own, and the row types of relations with their arrays. */
export class TypeLookup implements OpclassSource {
  readonly #catalog: CatalogSnapshot;
  readonly #builtin: BuiltinCatalog;

  constructor(catalog: CatalogSnapshot) {
    this.#catalog = catalog;
    this.#builtin = catalog.builtin;
  }

  typeByOid(oid: Oid): BuiltinType | undefined {
    return this.#builtin.typeByOid(oid) ?? madeType(this.#catalog, oid);
  }

  castBetween(source: Oid, target: Oid): BuiltinCast | undefined {
    const builtin = this.#builtin.castBetween(source, target);
    if (builtin !== undefined || !this.#catalog.hasCasts) return builtin;
    const cast = this.#catalog.cast(source, target);
    return cast === undefined ? undefined : castRecord(cast);
  }

  rangeByType(oid: Oid): BuiltinRange | undefined {
    return this.#builtin.rangeByType(oid) ?? this.#madeRange(oid, (range) => range.oid);
  }

  rangeByMultirange(oid: Oid): BuiltinRange | undefined {
    return this.#builtin.rangeByMultirange(oid) ?? this.#madeRange(oid, (range) => range.multirangeType);
  }

  #madeRange(oid: Oid, part: (range: RangeDescriptor) => Oid): BuiltinRange | undefined {
    const type = oid === 0 ? undefined : this.#catalog.typeByOid(oid);
    return type?.form === 'range' && part(type) === oid ? rangeRecord(type) : undefined;
  }

  defaultOpclasses(method: Oid): readonly BuiltinOpclass[] {
    const builtin = this.#builtin.defaultOpclasses(method);
    if (!this.#catalog.hasOperatorClasses) return builtin;
    const made = [...this.#catalog.operatorClasses()].filter((opclass) => opclass.isDefault && opclass.method === method);
    return made.length === 0 ? builtin : [...builtin, ...made.map(opclassRecord)];
  }

  amop(family: Oid, left: Oid, right: Oid, strategy: number): BuiltinAmop | undefined {
    const builtin = this.#builtin.amop(family, left, right, strategy);
    if (builtin !== undefined || !this.#catalog.hasOperatorClasses) return builtin;
    for (const { oid, type, method, operators } of this.#catalog.operatorClasses()) {
      if (oid !== family || type !== left || type !== right) continue;
      const member = operators.find((operator) => operator.strategy === strategy);
      if (member === undefined) return undefined;
      return { oid: 0, family, left, right, strategy, purpose: 's', operator: member.operator, method, sortFamily: 0 };
    }
    return undefined;
  }

  columnTypes(rowType: Oid): readonly Oid[] | undefined {
    const relation = this.relationOf(rowType);
    if (relation === undefined || !('columns' in relation) || relation.kind === 'index') return this.#builtin.columnTypes(rowType);
    return relation.columns.filter((column) => column.dropped !== true).map((column) => column.type);
  }

  /** The relation whose rows have this composite type. */
  relationOf(oid: Oid): RelationDescriptor | undefined {
    const relation = this.#catalog.relationOfRowType(oid);
    return relation !== undefined && 'rowType' in relation && relation.rowType === oid ? relation : undefined;
  }

  #formatOfExtension(oid: Oid, visible: (named: NamedType) => boolean): string {
    const type = this.#builtin.typeByOid(oid);
    if (type === undefined) return '???';
    if (type.isArray) return `${this.#formatOfExtension(type.element, visible)}[]`;
    const schema = visible(type) ? undefined : this.#catalog.schemaByOid(type.namespace)?.name;
    return schema === undefined ? quoted(type.name) : `${quoted(schema)}.${quoted(type.name)}`;
  }

  /** @param visible tells whether a name without its schema finds the type */
  format(oid: Oid, visible: (named: NamedType) => boolean): string {
    if (isExtensionType(oid)) return this.#formatOfExtension(oid, visible);
    const name = formatType(oid);
    if (name !== '???') return name;
    const builtin = this.#builtin.typeByOid(oid);
    if (builtin !== undefined) return builtin.name;
    const type = madeType(this.#catalog, oid);
    if (type === undefined) return name;
    if (type.isArray) return `${this.format(type.element, visible)}[]`;
    const schema = visible({ oid, name: type.name }) ? undefined : this.#catalog.schemaByOid(type.namespace)?.name;
    return schema === undefined ? quoted(type.name) : `${quoted(schema)}.${quoted(type.name)}`;
  }
}

export interface NamedType {
  readonly oid: Oid;
  readonly name: string;
}

/** An identifier as quote_ident prints it, but for reserved words, which error texts can do without. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
