import { assert } from '../commons/assert.js';
import type { Oid } from '../commons/ids.js';
import { DatabaseOid } from '../commons/system-names.js';
import type { BuiltinCatalog, BuiltinType, InstalledExtension } from './builtin/index.js';
import type { CatalogSnapshot } from './catalog.js';
import { type CatalogCounts, countObjects } from './counts.js';
import type {
  CastDescriptor,
  DatabaseDescriptor,
  DefaultPrivilegesDescriptor,
  ExtensionDescriptor,
  FreeStandingDescriptor,
  IndexDescriptor,
  ObjectPrivilegesDescriptor,
  OperatorClassDescriptor,
  OperatorDescriptor,
  ParameterPrivilegesDescriptor,
  RelationDescriptor,
  RoleDescriptor,
  RoutineDescriptor,
  SchemaDescriptor,
  TableDescriptor,
  TableStatistics,
  TextSearchConfigurationDescriptor,
  TextSearchDictionaryDescriptor,
  TypeDescriptor,
} from './descriptors.js';
import {
  type CatalogObject,
  castKey,
  type Layer,
  type ObjectGroup,
  type ObjectKey,
  type ObjectKind,
  objectKey,
  relationNameKey,
} from './layer.js';

/**
 * A catalog snapshot as layers: the bottom holds what the server is born with, over it the committed objects, over them a session's temporary
 * ones and a transaction's own changes. A layer's entry hides the one below with the same key; so a snapshot costs as much as its changes.
 */
export class LayeredCatalog implements CatalogSnapshot {
  readonly builtin: BuiltinCatalog;
  readonly key: string;
  readonly tempSchema: SchemaDescriptor | undefined;
  readonly layer: Layer;
  /** The database whose catalog it is; 0: it is what all databases share. */
  readonly databaseOid: Oid;
  readonly #below: LayeredCatalog | undefined;
  readonly #children = new Map<Oid, readonly TableDescriptor[]>();
  readonly madeTypes = new Map<Oid, BuiltinType>();
  readonly #groups = new Map<ObjectGroup, readonly CatalogObject[]>();
  #counts: CatalogCounts | undefined;
  #relations: readonly RelationDescriptor[] | undefined;

  constructor(
    builtin: BuiltinCatalog,
    below: LayeredCatalog | undefined,
    layer: Layer,
    key: string,
    tempSchema?: SchemaDescriptor,
    databaseOid: Oid = below?.databaseOid ?? DatabaseOid.postgres,
    extended?: BuiltinCatalog,
  ) {
    this.#below = below;
    this.layer = layer;
    this.databaseOid = databaseOid;
    // Few layers have anything to do with extensions.
    this.builtin =
      extended ?? (layer.changesExtensions ? builtin.withExtensions([...this.extensions()].map(installed)) : (below?.builtin ?? builtin));
    this.key = key;
    this.tempSchema = tempSchema ?? below?.tempSchema;
  }

  /** The same layer on another ground that differs in nothing that extensions have to do with. */
  onto(below: LayeredCatalog, key: string): LayeredCatalog {
    return new LayeredCatalog(below.builtin, below, this.layer, key, this.tempSchema, this.databaseOid, this.builtin);
  }

  schema(name: string): SchemaDescriptor | undefined {
    return this.layer.schemasByName.get(name) ?? this.#unlessHidden(this.#below?.schema(name), 'schema');
  }

  schemaByOid(oid: Oid): SchemaDescriptor | undefined {
    const object = this.#find(objectKey('schema', oid));
    return object?.kind === 'schema' ? object : undefined;
  }

  schemas(): Iterable<SchemaDescriptor> {
    return this.#all('schema').filter((object): object is SchemaDescriptor => object.kind === 'schema');
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

  relations(): readonly RelationDescriptor[] {
    this.#relations ??= this.#all('table').filter(isRelation);
    return this.#relations;
  }

  get counts(): CatalogCounts {
    this.#counts ??= countObjects(this.relations(), [...this.types()], this.#all('schema').length);
    return this.#counts;
  }

  ownerOfPart(oid: Oid): CatalogObject | undefined {
    const own = this.layer.partOwners.get(oid);
    if (own !== undefined || this.#below === undefined) return own;
    const below = this.#below.ownerOfPart(oid);
    return below === undefined ? undefined : this.#unlessHidden(below, below.kind);
  }

  tablesWithDefaultsOver(sequence: string | Oid): readonly TableDescriptor[] {
    return this.#lookedUp(({ defaultsOver }) => defaultsOver.get(sequence));
  }

  tablesWithConstraint(name: string): readonly TableDescriptor[] {
    return this.#lookedUp(({ constrainedByName }) => constrainedByName.get(name));
  }

  /** Tables that each layer has an index of. */
  #lookedUp(select: (layer: Layer) => readonly TableDescriptor[] | undefined): readonly TableDescriptor[] {
    const own = select(this.layer) ?? NO_TABLES;
    const below = this.#below === undefined ? NO_TABLES : this.#below.#lookedUp(select);
    return below.length === 0 ? own : [...below.filter((table) => this.#unlessHidden(table, 'table') !== undefined), ...own];
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

  childrenOf(table: Oid): readonly TableDescriptor[] {
    let found = this.#children.get(table);
    if (found === undefined) {
      found = this.#findChildren(table);
      this.#children.set(table, found);
    }
    return found;
  }

  #findChildren(table: Oid): readonly TableDescriptor[] {
    const below = this.#below?.childrenOf(table) ?? NO_TABLES;
    const { entries, children } = this.layer;
    const own = children.get(table);
    if (own === undefined && (below.length === 0 || entries.size === 0)) return below;
    const found = below.filter((child) => !entries.has(objectKey('table', child.oid)));
    for (const oid of own ?? []) {
      const child = entries.get(objectKey('table', oid));
      if (child?.kind === 'table') found.push(child);
    }
    return found.sort((a, b) => a.oid - b.oid);
  }

  dependentViews(relation: Oid): readonly Oid[] {
    return [...this.#related(relation, (layer) => layer.dependentViews)].filter((oid) => {
      const view = this.relationByOid(oid);
      const query = view?.kind === 'view' ? view : view?.kind === 'table' ? view.materialized : undefined;
      return query?.dependsOn.includes(relation) === true;
    });
  }

  get hasRules(): boolean {
    return this.layer.hasRules || this.#below?.hasRules === true;
  }

  get hasRowSecurity(): boolean {
    return this.layer.hasRowSecurity || this.#below?.hasRowSecurity === true;
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
    return this.#all('role').filter((object): object is RoleDescriptor => object.kind === 'role');
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
    return this.#all('type').filter((object): object is TypeDescriptor => object.kind === 'type');
  }

  routine(oid: Oid): RoutineDescriptor | undefined {
    const object = this.#find(objectKey('routine', oid));
    return object?.kind === 'routine' ? object : undefined;
  }

  routinesNamed(schema: Oid, name: string): readonly RoutineDescriptor[] {
    return this.#listed('routine', (layer) => layer.routinesByName.get(relationNameKey(schema, name)));
  }

  routines(): Iterable<RoutineDescriptor> {
    return this.#all('routine').filter((object): object is RoutineDescriptor => object.kind === 'routine');
  }

  operator(oid: Oid): OperatorDescriptor | undefined {
    const object = this.#find(objectKey('operator', oid));
    return object?.kind === 'operator' ? object : undefined;
  }

  operatorsNamed(name: string): readonly OperatorDescriptor[] {
    return this.#listed('operator', (layer) => layer.operatorsByName.get(name));
  }

  operators(): Iterable<OperatorDescriptor> {
    return this.#all('operator').filter((object): object is OperatorDescriptor => object.kind === 'operator');
  }

  get hasOperatorClasses(): boolean {
    return this.layer.operatorClasses.length > 0 || this.#below?.hasOperatorClasses === true;
  }

  operatorClasses(): Iterable<OperatorClassDescriptor> {
    return this.#all('operator class').filter((object): object is OperatorClassDescriptor => object.kind === 'operator class');
  }

  cast(source: Oid, target: Oid): CastDescriptor | undefined {
    return this.layer.castsByTypes.get(castKey(source, target)) ?? this.#unlessHidden(this.#below?.cast(source, target), 'cast');
  }

  get hasCasts(): boolean {
    return this.layer.castsByTypes.size > 0 || this.#below?.hasCasts === true;
  }

  casts(): Iterable<CastDescriptor> {
    return this.#all('cast').filter((object): object is CastDescriptor => object.kind === 'cast');
  }

  textSearchConfiguration(oid: Oid): TextSearchConfigurationDescriptor | undefined {
    const object = this.#find(objectKey('text search configuration', oid));
    return object?.kind === 'text search configuration' ? object : undefined;
  }

  textSearchConfigurations(): Iterable<TextSearchConfigurationDescriptor> {
    return this.#all('text search configuration').filter(
      (object): object is TextSearchConfigurationDescriptor => object.kind === 'text search configuration',
    );
  }

  textSearchDictionary(oid: Oid): TextSearchDictionaryDescriptor | undefined {
    const object = this.#find(objectKey('text search dictionary', oid));
    return object?.kind === 'text search dictionary' ? object : undefined;
  }

  textSearchDictionaries(): Iterable<TextSearchDictionaryDescriptor> {
    return this.#all('text search dictionary').filter(
      (object): object is TextSearchDictionaryDescriptor => object.kind === 'text search dictionary',
    );
  }

  freeStanding<Kind extends FreeStandingDescriptor['kind']>(kind: Kind): readonly Extract<FreeStandingDescriptor, { kind: Kind }>[] {
    return this.#all(kind).filter((object): object is Extract<FreeStandingDescriptor, { kind: Kind }> => object.kind === kind);
  }

  freeStandingByOid<Kind extends FreeStandingDescriptor['kind']>(
    kind: Kind,
    oid: Oid,
  ): Extract<FreeStandingDescriptor, { kind: Kind }> | undefined {
    const object = this.#find(objectKey(kind, oid));
    return object?.kind === kind ? (object as Extract<FreeStandingDescriptor, { kind: Kind }>) : undefined;
  }

  extension(name: string): ExtensionDescriptor | undefined {
    return this.layer.extensionsByName.get(name) ?? this.#unlessHidden(this.#below?.extension(name), 'extension');
  }

  extensions(): Iterable<ExtensionDescriptor> {
    return this.#all('extension').filter((object): object is ExtensionDescriptor => object.kind === 'extension');
  }

  database(): DatabaseDescriptor {
    const database = this.databaseByOid(this.databaseOid);
    assert(database !== undefined, 'the catalog has its database');
    return database;
  }

  get databaseOwner(): Oid | undefined {
    return this.databaseByOid(this.databaseOid)?.owner;
  }

  databaseByOid(oid: Oid): DatabaseDescriptor | undefined {
    const object = this.#find(objectKey('database', oid));
    return object?.kind === 'database' ? object : undefined;
  }

  databaseNamed(name: string): DatabaseDescriptor | undefined {
    return this.layer.databasesByName.get(name) ?? this.#unlessHidden(this.#below?.databaseNamed(name), 'database');
  }

  databases(): Iterable<DatabaseDescriptor> {
    return this.#all('database').filter((object): object is DatabaseDescriptor => object.kind === 'database');
  }

  #find(key: ObjectKey): CatalogObject | undefined {
    const own = this.layer.entries.get(key);
    if (own !== undefined) return own ?? undefined;
    return this.#below === undefined ? undefined : this.#below.#find(key);
  }

  get hasObjectPrivileges(): boolean {
    return this.layer.objectPrivileges.size > 0 || this.#below?.hasObjectPrivileges === true;
  }

  objectPrivileges(catalog: Oid, object: Oid): ObjectPrivilegesDescriptor | undefined {
    return (
      this.layer.objectPrivileges.get(castKey(catalog, object)) ??
      this.#unlessHidden(this.#below?.objectPrivileges(catalog, object), 'object privileges')
    );
  }

  allObjectPrivileges(): Iterable<ObjectPrivilegesDescriptor> {
    return this.#listed('object privileges', (layer) => [...layer.objectPrivileges.values()]);
  }

  defaultPrivileges(): readonly DefaultPrivilegesDescriptor[] {
    return this.#listed('default privileges', (layer) => layer.defaultPrivileges);
  }

  parameterPrivileges(): readonly ParameterPrivilegesDescriptor[] {
    return this.#listed('parameter privileges', (layer) => layer.parameterPrivileges);
  }

  /** What a lower layer found, unless this layer replaced (renamed, retyped) or removed that object. */
  #unlessHidden<T extends { readonly oid: Oid }>(found: T | undefined, kind: ObjectKind): T | undefined {
    return found === undefined || this.layer.entries.has(objectKey(kind, found.oid)) ? undefined : found;
  }

  /** Those of a list that lie in any layer and that no layer above replaced or removed. */
  #listed<T extends { readonly oid: Oid }>(kind: ObjectKind, select: (layer: Layer) => readonly T[] | undefined): readonly T[] {
    const own = select(this.layer) ?? NONE;
    if (this.#below === undefined) return own;
    const below = this.#below.#listed(kind, select);
    if (below.length === 0) return own;
    const shown = below.filter(({ oid }) => !this.layer.entries.has(objectKey(kind, oid)));
    return own.length === 0 ? shown : [...shown, ...own];
  }

  #related(oid: Oid, select: (layer: Layer) => ReadonlyMap<Oid, readonly Oid[]>): Set<Oid> {
    const found = this.#below === undefined ? new Set<Oid>() : this.#below.#related(oid, select);
    for (const related of select(this.layer).get(oid) ?? []) found.add(related);
    return found;
  }

  /** Lower layers first. Kept: introspection goes through them again and again. */
  #all(group: ObjectGroup): readonly CatalogObject[] {
    let found = this.#groups.get(group);
    if (found === undefined) {
      found = this.#collect(group);
      this.#groups.set(group, found);
    }
    return found;
  }

  #collect(group: ObjectGroup): readonly CatalogObject[] {
    const below = this.#below === undefined ? NONE : this.#below.#all(group);
    const own = this.layer.group(group);
    if (own === undefined) return below;
    const shown = below.length === 0 ? below : below.filter(({ oid }) => !own.oids.has(oid));
    return own.objects.length === 0 ? shown : [...shown, ...own.objects];
  }
}

const NO_TABLES: readonly TableDescriptor[] = [];

const NONE: readonly never[] = Object.freeze([]);

function installed({ name, schema, owner, objectsOwner }: ExtensionDescriptor): InstalledExtension {
  return { name, schema, owner: objectsOwner ?? owner };
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
