import type { Oid } from '../commons/ids.js';
import type {
  CastDescriptor,
  DatabaseDescriptor,
  DefaultPrivilegesDescriptor,
  Descriptor,
  ExtensionDescriptor,
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

/** The kind in a key: of relations the one that stands for all. */
export function kindOfKey(key: ObjectKey): ObjectKind {
  const kind = key.slice(0, key.lastIndexOf(' '));
  return kind === 'relation' ? 'table' : (kind as ObjectKind);
}

function groupOfKey(key: ObjectKey): ObjectGroup {
  const kind = kindOfKey(key);
  switch (kind) {
    case 'view':
    case 'sequence':
    case 'index':
    case 'virtual':
    case 'composite':
      return 'table';
    default:
      return kind;
  }
}

export type CatalogObject = Descriptor | RelationDescriptor;
/** Kinds of objects, with one for all relations. */
export type ObjectGroup = Exclude<ObjectKind, 'view' | 'sequence' | 'index' | 'virtual' | 'composite'>;

export interface LayerGroup {
  readonly objects: CatalogObject[];
  /** Theirs and those of the removed: what the layer hides of those below. */
  readonly oids: Set<Oid>;
}

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
  /** Table oid → oids of its children. */
  readonly children = new Map<Oid, Oid[]>();
  /** Relation oid → oids of views that read it. */
  readonly dependentViews = new Map<Oid, Oid[]>();
  /** Some table or view of it has rules. */
  hasRules = false;
  /** Some table of it has row-level security. */
  hasRowSecurity = false;
  /** It adds, replaces or removes one. */
  readonly changesExtensions: boolean;
  readonly byRowType = new Map<Oid, RelationDescriptor>();
  readonly typesByName = new Map<string, TypeDescriptor>();
  /** By the oid of the type, of its array type, and of a range's multirange and the array of that. */
  readonly typesByOid = new Map<Oid, TypeDescriptor>();
  readonly databasesByName = new Map<string, DatabaseDescriptor>();
  readonly operatorClasses: OperatorClassDescriptor[] = [];
  readonly extensionsByName = new Map<string, ExtensionDescriptor>();
  /** Overloaded ones share a name. */
  readonly routinesByName = new Map<string, RoutineDescriptor[]>();
  /** By symbol, in all schemas. */
  readonly operatorsByName = new Map<string, OperatorDescriptor[]>();
  readonly castsByTypes = new Map<string, CastDescriptor>();
  /** By catalog and oid there. */
  readonly objectPrivileges = new Map<string, ObjectPrivilegesDescriptor>();
  readonly defaultPrivileges: DefaultPrivilegesDescriptor[] = [];
  readonly parameterPrivileges: ParameterPrivilegesDescriptor[] = [];
  #groups: ReadonlyMap<ObjectGroup, LayerGroup> | undefined;
  #partOwners: ReadonlyMap<Oid, CatalogObject> | undefined;
  #defaultsOver: ReadonlyMap<string | Oid, readonly TableDescriptor[]> | undefined;
  #constrained: ReadonlyMap<string, readonly TableDescriptor[]> | undefined;

  constructor(entries: LayerEntries) {
    this.entries = entries;
    let removesExtension = false;
    for (const [key, object] of entries) {
      if (object !== null) this.#index(object);
      else if (key.startsWith('extension ')) removesExtension = true;
    }
    this.changesExtensions = removesExtension || this.extensionsByName.size > 0;
  }

  /** Its objects of a kind, relations together. Sorted out when somebody first goes through the catalog. */
  group(name: ObjectGroup): LayerGroup | undefined {
    this.#groups ??= groupsOf(this.entries);
    return this.#groups.get(name);
  }

  /** By the oid of a constraint, trigger, rule or policy: the table, view or domain that it is part of. */
  get partOwners(): ReadonlyMap<Oid, CatalogObject> {
    this.#partOwners ??= partOwnersOf(this.entries);
    return this.#partOwners;
  }

  /**
   * By what stands in it as `'name'::regclass`, and by the oid of a sequence that belongs to the column: the tables that have such a default.
   */
  get defaultsOver(): ReadonlyMap<string | Oid, readonly TableDescriptor[]> {
    this.#defaultsOver ??= defaultsOver(this.entries);
    return this.#defaultsOver;
  }

  /** By a constraint's name: the tables that have one of it. */
  get constrainedByName(): ReadonlyMap<string, readonly TableDescriptor[]> {
    this.#constrained ??= constrainedByName(this.entries);
    return this.#constrained;
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
        this.databasesByName.set(object.name, object);
        return;
      case 'statistics':
      case 'text search configuration':
      case 'text search dictionary':
      case 'extended statistics':
      case 'collation':
      case 'publication':
      case 'large object':
        return;
      case 'table':
        this.#indexRelation(object);
        if (object.rowSecurity?.enabled === true) this.hasRowSecurity = true;
        if (object.rules !== undefined) this.hasRules = true;
        this.byRowType.set(object.rowType, object).set(object.rowArrayType, object);
        for (const constraint of object.constraints)
          if (constraint.kind === 'foreign key') append(this.referencing, constraint.referencedTable, object.oid);
        for (const parent of object.parents ?? []) appendNew(this.children, parent, object.oid);
        for (const oid of object.materialized?.dependsOn ?? []) append(this.dependentViews, oid, object.oid);
        return;
      case 'view':
        this.#indexRelation(object);
        if (object.rules !== undefined) this.hasRules = true;
        this.byRowType.set(object.rowType, object).set(object.rowArrayType, object);
        for (const oid of object.dependsOn) append(this.dependentViews, oid, object.oid);
        return;
      case 'type':
        this.#indexType(object);
        return;
      case 'routine':
        append(this.routinesByName, relationNameKey(object.schema, object.name), object);
        return;
      case 'operator':
        append(this.operatorsByName, object.name, object);
        return;
      case 'operator class':
        this.operatorClasses.push(object);
        return;
      case 'extension':
        this.extensionsByName.set(object.name, object);
        return;
      case 'object privileges':
        this.objectPrivileges.set(castKey(object.catalog, object.object), object);
        return;
      case 'default privileges':
        this.defaultPrivileges.push(object);
        return;
      case 'parameter privileges':
        this.parameterPrivileges.push(object);
        return;
      case 'cast':
        this.castsByTypes.set(castKey(object.source, object.target), object);
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

function groupsOf(entries: LayerEntries): ReadonlyMap<ObjectGroup, LayerGroup> {
  const groups = new Map<ObjectGroup, LayerGroup>();
  for (const [key, object] of entries) {
    const name = groupOfKey(key);
    let group = groups.get(name);
    if (group === undefined) {
      group = { objects: [], oids: new Set() };
      groups.set(name, group);
    }
    if (object !== null) group.objects.push(object);
    group.oids.add(object === null ? Number(key.slice(key.lastIndexOf(' ') + 1)) : object.oid);
  }
  return groups;
}

function partOwnersOf(entries: LayerEntries): ReadonlyMap<Oid, CatalogObject> {
  const owners = new Map<Oid, CatalogObject>();
  for (const object of entries.values()) {
    if (object === null) continue;
    if (object.kind === 'type' && object.form === 'domain') for (const { oid } of object.checks) owners.set(oid, object);
    if (object.kind === 'table') {
      for (const { oid } of object.constraints) owners.set(oid, object);
      for (const { oid } of object.policies ?? []) owners.set(oid, object);
    }
    if (object.kind !== 'table' && object.kind !== 'view') continue;
    for (const { oid } of object.rules ?? []) owners.set(oid, object);
    for (const { oid, constraint } of object.triggers ?? []) {
      owners.set(oid, object);
      if (constraint !== undefined) owners.set(constraint, object);
    }
  }
  return owners;
}

const REGCLASS = /'((?:[^']|'')*)'::regclass/g;

function defaultsOver(entries: LayerEntries): ReadonlyMap<string | Oid, readonly TableDescriptor[]> {
  const tables = new Map<string | Oid, TableDescriptor[]>();
  for (const object of entries.values()) {
    if (object?.kind !== 'table') continue;
    for (const { ownedSequence, defaultText } of object.columns) {
      if (ownedSequence !== undefined) appendNew(tables, ownedSequence, object);
      if (defaultText?.includes('::regclass') === true)
        for (const [, name = ''] of defaultText.matchAll(REGCLASS)) appendNew(tables, name.replaceAll("''", "'"), object);
    }
  }
  return tables;
}

function constrainedByName(entries: LayerEntries): ReadonlyMap<string, readonly TableDescriptor[]> {
  const tables = new Map<string, TableDescriptor[]>();
  for (const object of entries.values())
    if (object?.kind === 'table') for (const { name } of object.constraints) appendNew(tables, name, object);
  return tables;
}

export function relationNameKey(schema: Oid, name: string): string {
  return `${schema} ${name}`;
}

export function castKey(source: Oid, target: Oid): string {
  return `${source} ${target}`;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}

/** A table with thousands of partitions: looking through the list for each of them would take too long. */
function appendNew<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else if (list.at(-1) !== value) list.push(value);
}
