import { AVAILABLE_EXTENSIONS } from './extensions/available.js';
import { ExtensionCatalogs } from './extensions/extension-catalogs.js';
import { btreeOperator, defaultOpclass, equalityOperator } from './resolve/opclass.js';
import { AggregateTable } from './tables/aggregate-table.js';
import { CastTable } from './tables/cast-table.js';
import { DescribedTable } from './tables/described-table.js';
import { NONE } from './tables/group.js';
import { IndexTable } from './tables/index-table.js';
import { NamingTable } from './tables/naming-table.js';
import { OpclassTable } from './tables/opclass-table.js';
import { OperatorTable } from './tables/operator-table.js';
import { ProcTable } from './tables/proc-table.js';
import { RangeTable } from './tables/range-table.js';
import { RelationTable } from './tables/relation-table.js';
import { SettingTable } from './tables/setting-table.js';
import { TypeTable } from './tables/type-table.js';
import type {
  AvailableExtension,
  BuiltinAccessMethod,
  BuiltinAggregate,
  BuiltinAmop,
  BuiltinAmproc,
  BuiltinCast,
  BuiltinCatalog,
  BuiltinCollation,
  BuiltinConversion,
  BuiltinDescription,
  BuiltinDomainCheck,
  BuiltinIndex,
  BuiltinLanguage,
  BuiltinNamespace,
  BuiltinOpclass,
  BuiltinOperator,
  BuiltinOpfamily,
  BuiltinProc,
  BuiltinRange,
  BuiltinRelation,
  BuiltinSetting,
  BuiltinToastTable,
  BuiltinType,
  ExtensionObjects,
  InstalledExtension,
} from './types.js';

const PG_CATALOG = 11;

/** Look-ups over the data files. What every statement needs is read at once, the rest when first asked for. */
class FileCatalog implements BuiltinCatalog {
  readonly #types = new TypeTable();
  readonly #procs = new ProcTable();
  readonly #operators = new OperatorTable();
  readonly #casts = new CastTable();
  readonly #ranges = new RangeTable();
  readonly #opclasses = new OpclassTable();
  readonly #aggregates = new AggregateTable();
  readonly #naming = new NamingTable();
  readonly #extensions = new ExtensionCatalogs(this);
  #settings: SettingTable | undefined;
  #relations: RelationTable | undefined;
  #indexes: IndexTable | undefined;
  #described: DescribedTable | undefined;

  types(): readonly BuiltinType[] {
    return this.#types.rows;
  }

  typeByOid(oid: number): BuiltinType | undefined {
    return this.#types.byOid.get(oid);
  }

  typeByName(name: string, namespace = PG_CATALOG): BuiltinType | undefined {
    return this.#types.byName.get(name)?.find((type) => type.namespace === namespace);
  }

  procs(): readonly BuiltinProc[] {
    return this.#procs.rows;
  }

  procByOid(oid: number): BuiltinProc | undefined {
    return this.#procs.byOid.get(oid);
  }

  procsByName(name: string, namespace = PG_CATALOG): readonly BuiltinProc[] {
    return this.#procs.byName.get(namespace)?.get(name) ?? NONE;
  }

  operators(): readonly BuiltinOperator[] {
    return this.#operators.rows;
  }

  operatorByOid(oid: number): BuiltinOperator | undefined {
    return this.#operators.byOid.get(oid);
  }

  operatorsByName(name: string): readonly BuiltinOperator[] {
    return this.#operators.byName.get(name) ?? NONE;
  }

  casts(): readonly BuiltinCast[] {
    return this.#casts.rows;
  }

  castsFrom(source: number): readonly BuiltinCast[] {
    return this.#casts.bySource.get(source) ?? NONE;
  }

  castBetween(source: number, target: number): BuiltinCast | undefined {
    return this.#casts.byPair.get(source)?.get(target);
  }

  aggregates(): readonly BuiltinAggregate[] {
    return this.#aggregates.rows;
  }

  aggregateByProc(proc: number): BuiltinAggregate | undefined {
    return this.#aggregates.byProc.get(proc);
  }

  ranges(): readonly BuiltinRange[] {
    return this.#ranges.rows;
  }

  rangeByType(oid: number): BuiltinRange | undefined {
    return this.#ranges.byType.get(oid);
  }

  rangeByMultirange(oid: number): BuiltinRange | undefined {
    return this.#ranges.byMultirange.get(oid);
  }

  accessMethods(): readonly BuiltinAccessMethod[] {
    return this.#opclasses.methods;
  }

  opfamilies(): readonly BuiltinOpfamily[] {
    return this.#opclasses.families;
  }

  opclasses(): readonly BuiltinOpclass[] {
    return this.#opclasses.rows;
  }

  opclassByOid(oid: number): BuiltinOpclass | undefined {
    return this.#opclasses.byOid.get(oid);
  }

  defaultOpclasses(method: number): readonly BuiltinOpclass[] {
    return this.#opclasses.defaultsByMethod.get(method) ?? NONE;
  }

  amops(): readonly BuiltinAmop[] {
    return this.#opclasses.amops;
  }

  amprocs(): readonly BuiltinAmproc[] {
    return this.#opclasses.amprocs;
  }

  amop(family: number, left: number, right: number, strategy: number): BuiltinAmop | undefined {
    return this.#opclasses.amopsByFamily
      .get(family)
      ?.find((amop) => amop.left === left && amop.right === right && amop.strategy === strategy);
  }

  columnTypes(rowType: number): readonly number[] | undefined {
    const relation = this.#types.byOid.get(rowType)?.relation ?? 0;
    if (relation === 0) return undefined;
    return this.systemRelations()
      .find((candidate) => candidate.oid === relation)
      ?.columns.map((column) => column.type);
  }

  amopsByOperator(operator: number): readonly BuiltinAmop[] {
    return this.#opclasses.amopsByOperator.get(operator) ?? NONE;
  }

  defaultOpclass(type: number, method: number): BuiltinOpclass | undefined {
    return defaultOpclass(this, type, method);
  }

  btreeOperator(type: number, strategy: number): number {
    return btreeOperator(this, type, strategy);
  }

  equalityOperator(type: number): number {
    return equalityOperator(this, type);
  }

  lessThanOperator(type: number): number {
    return btreeOperator(this, type, 1);
  }

  greaterThanOperator(type: number): number {
    return btreeOperator(this, type, 5);
  }

  collations(): readonly BuiltinCollation[] {
    return this.#naming.collations;
  }

  namespaces(): readonly BuiltinNamespace[] {
    return this.#naming.namespaces;
  }

  languages(): readonly BuiltinLanguage[] {
    return this.#naming.languages;
  }

  settings(): readonly BuiltinSetting[] {
    this.#settings ??= new SettingTable();
    return this.#settings.rows;
  }

  systemRelations(): readonly BuiltinRelation[] {
    this.#relations ??= new RelationTable();
    return this.#relations.rows;
  }

  systemIndexes(): readonly BuiltinIndex[] {
    this.#indexes ??= new IndexTable();
    return this.#indexes.rows;
  }

  toastTables(): readonly BuiltinToastTable[] {
    this.#indexes ??= new IndexTable();
    return this.#indexes.toastTables;
  }

  conversions(): readonly BuiltinConversion[] {
    return this.#rarelyAsked().conversions;
  }

  domainChecks(): readonly BuiltinDomainCheck[] {
    return this.#rarelyAsked().domainChecks;
  }

  descriptions(): readonly BuiltinDescription[] {
    return this.#rarelyAsked().descriptions;
  }

  descriptionsOf(object: number): readonly BuiltinDescription[] {
    return this.#rarelyAsked().byObject.get(object) ?? NONE;
  }

  #rarelyAsked(): DescribedTable {
    this.#described ??= new DescribedTable();
    return this.#described;
  }

  availableExtensions(): readonly AvailableExtension[] {
    return AVAILABLE_EXTENSIONS;
  }

  withExtensions(installed: readonly InstalledExtension[]): BuiltinCatalog {
    return this.#extensions.catalogWith(installed);
  }

  ownerOf(): number | undefined {
    return undefined;
  }

  extensionObjects(name: string, schema: number): ExtensionObjects | undefined {
    return this.#extensions.objectsOf(name, schema);
  }
}

/** Reads the data files (some 15 ms): once a process, then handed around. */
export function loadBuiltinCatalog(): BuiltinCatalog {
  return Object.freeze(new FileCatalog());
}
