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
import type { RelationDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { formatType } from '../../types/format-type.js';

/** Input and output functions of composite types and of arrays (pg_proc). */
const RECORD_IO = { input: 2290, output: 2291, receive: 2402, send: 2403 } as const;
const ARRAY_IO = { input: 750, output: 751, receive: 2400, send: 2401, subscript: 6179, analyze: 3816 } as const;
/** The smallest oid that a user's type may have. */
const FIRST_USER_TYPE = 9100;

/** Types, casts and operator classes as resolution wants them: PostgreSQL's own, and the row types of relations with their arrays. */
export class TypeLookup implements OpclassSource {
  readonly #catalog: CatalogSnapshot;
  readonly #builtin: BuiltinCatalog;

  constructor(catalog: CatalogSnapshot) {
    this.#catalog = catalog;
    this.#builtin = catalog.builtin;
  }

  typeByOid(oid: Oid): BuiltinType | undefined {
    const builtin = this.#builtin.typeByOid(oid);
    if (builtin !== undefined || oid < FIRST_USER_TYPE) return builtin;
    const relation = this.#catalog.relationOfRowType(oid);
    return relation === undefined ? undefined : typeOfRows(relation, oid);
  }

  castBetween(source: Oid, target: Oid): BuiltinCast | undefined {
    return this.#builtin.castBetween(source, target);
  }

  rangeByType(oid: Oid): BuiltinRange | undefined {
    return this.#builtin.rangeByType(oid);
  }

  rangeByMultirange(oid: Oid): BuiltinRange | undefined {
    return this.#builtin.rangeByMultirange(oid);
  }

  defaultOpclasses(method: Oid): readonly BuiltinOpclass[] {
    return this.#builtin.defaultOpclasses(method);
  }

  amop(family: Oid, left: Oid, right: Oid, strategy: number): BuiltinAmop | undefined {
    return this.#builtin.amop(family, left, right, strategy);
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

  /** @param visible tells whether a name without its schema finds the relation */
  format(oid: Oid, visible: (relation: RelationDescriptor) => boolean): string {
    const name = formatType(oid);
    if (name !== '???') return name;
    const relation = this.#catalog.relationOfRowType(oid);
    if (relation === undefined) return this.#builtin.typeByOid(oid)?.name ?? name;
    const suffix = 'rowArrayType' in relation && relation.rowArrayType === oid ? '[]' : '';
    const schema = visible(relation) ? undefined : this.#catalog.schemaByOid(relation.schema)?.name;
    return (schema === undefined ? quoted(relation.name) : `${quoted(schema)}.${quoted(relation.name)}`) + suffix;
  }
}

/** An identifier as quote_ident prints it, but for reserved words, which error texts can do without. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function typeOfRows(relation: RelationDescriptor, oid: Oid): BuiltinType | undefined {
  if (!('rowType' in relation)) return undefined;
  const arrayType = 'rowArrayType' in relation ? relation.rowArrayType : 0;
  const isArray = oid === arrayType;
  const io = isArray ? ARRAY_IO : { ...RECORD_IO, subscript: 0, analyze: 0 };
  return {
    oid,
    name: isArray ? `_${relation.name}` : relation.name,
    namespace: relation.schema,
    length: -1,
    byValue: false,
    kind: isArray ? 'b' : 'c',
    category: isArray ? 'A' : 'C',
    preferred: false,
    delimiter: ',',
    relation: isArray ? 0 : relation.oid,
    element: isArray ? relation.rowType : 0,
    array: isArray ? 0 : arrayType,
    isArray,
    ...io,
    modifierInput: 0,
    modifierOutput: 0,
    align: 'd',
    storage: 'x',
    notNull: false,
    baseType: 0,
    baseTypeModifier: -1,
    dimensions: 0,
    defaultText: undefined,
    collation: 0,
  };
}
