import { assert } from '../commons/assert.js';
import type { Oid } from '../commons/ids.js';
import { DatabaseOid } from '../commons/system-names.js';
import type { BuiltinCatalog } from './builtin/index.js';
import type { CatalogSnapshot } from './catalog.js';
import type {
  DatabaseDescriptor,
  IndexDescriptor,
  RelationDescriptor,
  RoleDescriptor,
  SchemaDescriptor,
  TableDescriptor,
  TableStatistics,
  TypeDescriptor,
} from './descriptors.js';
import { type CatalogObject, type Layer, type ObjectKey, objectKey, relationNameKey } from './layer.js';

/**
 * A catalog snapshot as layers: the bottom holds what the server is born with, over it the committed objects, over them a session's temporary
 * ones and a transaction's own changes. A layer's entry hides the one below with the same key; so a snapshot costs as much as its changes.
 */
export class LayeredCatalog implements CatalogSnapshot {
  readonly builtin: BuiltinCatalog;
  readonly key: string;
  readonly tempSchema: SchemaDescriptor | undefined;
  readonly layer: Layer;
  readonly #below: LayeredCatalog | undefined;

  constructor(builtin: BuiltinCatalog, below: LayeredCatalog | undefined, layer: Layer, key: string, tempSchema?: SchemaDescriptor) {
    this.builtin = builtin;
    this.#below = below;
    this.layer = layer;
    this.key = key;
    this.tempSchema = tempSchema ?? below?.tempSchema;
  }

  schema(name: string): SchemaDescriptor | undefined {
    return this.layer.schemasByName.get(name) ?? this.#unlessHidden(this.#below?.schema(name), 'schema');
  }

  schemaByOid(oid: Oid): SchemaDescriptor | undefined {
    const object = this.#find(objectKey('schema', oid));
    return object?.kind === 'schema' ? object : undefined;
  }

  schemas(): Iterable<SchemaDescriptor> {
    return this.#all((object): object is SchemaDescriptor => object.kind === 'schema');
  }

  relation(schema: Oid, name: string): RelationDescriptor | undefined {
    return (
      this.layer.relationsByName.get(relationNameKey(schema, name)) ?? this.#unlessHidden(this.#below?.relation(schema, name), 'table')
    );
  }

  relationByOid(oid: Oid): RelationDescriptor | undefined {
    const object = this.#find(objectKey('table', oid));
    return object !== undefined && isRelation(object) ? object : undefined;
  }

  relations(): Iterable<RelationDescriptor> {
    return this.#all(isRelation);
  }

  indexesOf(table: Oid): readonly IndexDescriptor[] {
    const own = this.layer.indexesByTable.get(table) ?? [];
    if (this.#below === undefined) return own.length > 1 ? [...own].sort(clusteredFirst) : own;
    const below = this.#below.indexesOf(table).filter((index) => !this.layer.entries.has(objectKey('index', index.oid)));
    return own.length === 0 ? below : [...own, ...below].sort(clusteredFirst);
  }

  referencingTables(table: Oid): readonly TableDescriptor[] {
    const found: TableDescriptor[] = [];
    for (const oid of this.#related(table, (layer) => layer.referencing)) {
      const relation = this.relationByOid(oid);
      if (relation?.kind === 'table' && relation.constraints.some((c) => c.kind === 'foreign key' && c.referencedTable === table))
        found.push(relation);
    }
    return found;
  }

  dependentViews(relation: Oid): readonly Oid[] {
    return [...this.#related(relation, (layer) => layer.dependentViews)].filter((oid) => {
      const view = this.relationByOid(oid);
      return view?.kind === 'view' && view.dependsOn.includes(relation);
    });
  }

  statistics(table: Oid): TableStatistics | undefined {
    const object = this.#find(objectKey('statistics', table));
    return object?.kind === 'statistics' ? object : undefined;
  }

  role(name: string): RoleDescriptor | undefined {
    return this.layer.rolesByName.get(name) ?? this.#unlessHidden(this.#below?.role(name), 'role');
  }

  roleByOid(oid: Oid): RoleDescriptor | undefined {
    const object = this.#find(objectKey('role', oid));
    return object?.kind === 'role' ? object : undefined;
  }

  roles(): Iterable<RoleDescriptor> {
    return this.#all((object): object is RoleDescriptor => object.kind === 'role');
  }

  relationOfRowType(type: Oid): RelationDescriptor | undefined {
    return this.layer.byRowType.get(type) ?? this.#unlessHidden(this.#below?.relationOfRowType(type), 'table');
  }

  type(schema: Oid, name: string): TypeDescriptor | undefined {
    return this.layer.typesByName.get(relationNameKey(schema, name)) ?? this.#unlessHidden(this.#below?.type(schema, name), 'type');
  }

  typeByOid(oid: Oid): TypeDescriptor | undefined {
    return this.layer.typesByOid.get(oid) ?? this.#unlessHidden(this.#below?.typeByOid(oid), 'type');
  }

  types(): Iterable<TypeDescriptor> {
    return this.#all((object): object is TypeDescriptor => object.kind === 'type');
  }

  database(): DatabaseDescriptor {
    const object = this.#find(objectKey('database', DatabaseOid.postgres));
    assert(object?.kind === 'database', 'the catalog has its database');
    return object;
  }

  databases(): Iterable<DatabaseDescriptor> {
    return this.#all((object): object is DatabaseDescriptor => object.kind === 'database');
  }

  #find(key: ObjectKey): CatalogObject | undefined {
    const own = this.layer.entries.get(key);
    if (own !== undefined) return own ?? undefined;
    return this.#below === undefined ? undefined : this.#below.#find(key);
  }

  /** What a lower layer found, unless this layer replaced (renamed, retyped) or removed that object. */
  #unlessHidden<T extends { readonly oid: Oid }>(found: T | undefined, kind: 'schema' | 'table' | 'role' | 'type'): T | undefined {
    return found === undefined || this.layer.entries.has(objectKey(kind, found.oid)) ? undefined : found;
  }

  #related(oid: Oid, select: (layer: Layer) => ReadonlyMap<Oid, readonly Oid[]>): Set<Oid> {
    const found = this.#below === undefined ? new Set<Oid>() : this.#below.#related(oid, select);
    for (const related of select(this.layer).get(oid) ?? []) found.add(related);
    return found;
  }

  *#all<T extends CatalogObject>(is: (object: CatalogObject) => object is T): Iterable<T> {
    for (const object of this.#objects()) if (is(object)) yield object;
  }

  *#objects(): Iterable<CatalogObject> {
    if (this.#below !== undefined)
      for (const object of this.#below.#objects()) if (!this.layer.entries.has(objectKey(object.kind, object.oid))) yield object;
    for (const object of this.layer.entries.values()) if (object !== null) yield object;
  }
}

function isRelation(object: CatalogObject): object is RelationDescriptor {
  switch (object.kind) {
    case 'table':
    case 'view':
    case 'index':
    case 'sequence':
    case 'virtual':
    case 'composite':
      return true;
    default:
      return false;
  }
}

function clusteredFirst(a: IndexDescriptor, b: IndexDescriptor): number {
  return Number(b.clustered) - Number(a.clustered) || a.oid - b.oid;
}
