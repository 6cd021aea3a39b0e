import type { Oid } from '../commons/ids.js';
import type {
  DatabaseDescriptor,
  Descriptor,
  IndexDescriptor,
  RelationDescriptor,
  RoleDescriptor,
  SchemaDescriptor,
  TypeDescriptor,
} from './descriptors.js';

/** Identifies an object within the catalog: statistics share their table's oid. */
export type ObjectKey = string & { readonly __objectKey: never };
export type ObjectKind = Descriptor['kind'] | 'virtual';

const RELATION_KINDS: ReadonlySet<ObjectKind> = new Set<ObjectKind>(['table', 'view', 'sequence', 'index', 'virtual', 'composite']);

/** Relations share one number space, so that a look-up by oid needs no kind. */
export function objectKey(kind: ObjectKind, oid: Oid): ObjectKey {
  return `${RELATION_KINDS.has(kind) ? 'relation' : kind} ${oid}` as ObjectKey;
}

export type CatalogObject = Descriptor | RelationDescriptor;
/** Null: the object was removed by this layer. */
export type LayerEntries = ReadonlyMap<ObjectKey, CatalogObject | null>;

/**
 * A set of catalog objects that lies over another: its own ones, and which of those below it hides. Look-ups by name and by table are indexed.
 * Immutable once made.
 */
export class Layer {
  readonly entries: LayerEntries;
  readonly schemasByName = new Map<string, SchemaDescriptor>();
  readonly relationsByName = new Map<string, RelationDescriptor>();
  readonly rolesByName = new Map<string, RoleDescriptor>();
  readonly indexesByTable = new Map<Oid, IndexDescriptor[]>();
  /** Table oid → oids of tables whose foreign keys point at it. */
  readonly referencing = new Map<Oid, Oid[]>();
  /** Relation oid → oids of views that read it. */
  readonly dependentViews = new Map<Oid, Oid[]>();
  readonly byRowType = new Map<Oid, RelationDescriptor>();
  readonly typesByName = new Map<string, TypeDescriptor>();
  /** By the oid of the type, of its array type, and of a range's multirange and the array of that. */
  readonly typesByOid = new Map<Oid, TypeDescriptor>();
  readonly databases: DatabaseDescriptor[] = [];

  constructor(entries: LayerEntries) {
    this.entries = entries;
    for (const object of entries.values()) if (object !== null) this.#index(object);
  }

  /** This layer with another's entries put over its own. */
  merge(above: LayerEntries): Layer {
    const entries = new Map(this.entries);
    for (const [key, object] of above) entries.set(key, object);
    return new Layer(entries);
  }

  /** The bottom layer hides nothing: removals that reached it are forgotten. */
  withoutRemovals(): Layer {
    const entries = new Map<ObjectKey, CatalogObject>();
    for (const [key, object] of this.entries) if (object !== null) entries.set(key, object);
    return new Layer(entries);
  }

  #index(object: CatalogObject): void {
    switch (object.kind) {
      case 'schema':
        this.schemasByName.set(object.name, object);
        return;
      case 'role':
        this.rolesByName.set(object.name, object);
        return;
      case 'database':
        this.databases.push(object);
        return;
      case 'statistics':
        return;
      case 'table':
        this.#indexRelation(object);
        this.byRowType.set(object.rowType, object).set(object.rowArrayType, object);
        for (const constraint of object.constraints)
          if (constraint.kind === 'foreign key') append(this.referencing, constraint.referencedTable, object.oid);
        return;
      case 'view':
        this.#indexRelation(object);
        this.byRowType.set(object.rowType, object).set(object.rowArrayType, object);
        for (const oid of object.dependsOn) append(this.dependentViews, oid, object.oid);
        return;
      case 'type':
        this.#indexType(object);
        return;
      case 'composite':
        this.#indexRelation(object);
        this.byRowType.set(object.rowType, object).set(object.rowArrayType, object);
        return;
      case 'virtual':
        this.#indexRelation(object);
        this.byRowType.set(object.rowType, object);
        return;
      case 'index':
        this.#indexRelation(object);
        append(this.indexesByTable, object.table, object);
        return;
      case 'sequence':
        this.#indexRelation(object);
        return;
    }
  }

  #indexType(type: TypeDescriptor): void {
    this.typesByName.set(relationNameKey(type.schema, type.name), type);
    this.typesByOid.set(type.oid, type).set(type.arrayType, type);
    if (type.form !== 'range') return;
    this.typesByName.set(relationNameKey(type.schema, type.multirangeName), type);
    this.typesByOid.set(type.multirangeType, type).set(type.multirangeArrayType, type);
  }

  #indexRelation(relation: RelationDescriptor): void {
    this.relationsByName.set(relationNameKey(relation.schema, relation.name), relation);
  }
}

export function relationNameKey(schema: Oid, name: string): string {
  return `${schema} ${name}`;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}
