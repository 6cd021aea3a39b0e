import { btreeOperator, defaultOpclass, equalityOperator } from '../resolve/opclass.js';
import { groupBy, indexBy, NONE } from '../tables/group.js';
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
} from '../types.js';

/** The built-in catalog with the objects of extensions beside its own. */
export class ExtendedCatalog implements BuiltinCatalog {
  readonly #base: BuiltinCatalog;
  readonly #types: readonly BuiltinType[];
  readonly #typesByOid: ReadonlyMap<number, BuiltinType>;
  readonly #typesByName: ReadonlyMap<string, readonly BuiltinType[]>;
  readonly #procs: readonly BuiltinProc[];
  readonly #procsByOid: ReadonlyMap<number, BuiltinProc>;
  readonly #procsByName: ReadonlyMap<string, readonly BuiltinProc[]>;
  readonly #operators: readonly BuiltinOperator[];
  readonly #operatorsByOid: ReadonlyMap<number, BuiltinOperator>;
  readonly #operatorsByName: ReadonlyMap<string, readonly BuiltinOperator[]>;
  readonly #casts: readonly BuiltinCast[];
  readonly #castsBySource: ReadonlyMap<number, readonly BuiltinCast[]>;
  readonly #aggregates: readonly BuiltinAggregate[];
  readonly #aggregatesByProc: ReadonlyMap<number, BuiltinAggregate>;
  readonly #accessMethods: readonly BuiltinAccessMethod[];
  readonly #opfamilies: readonly BuiltinOpfamily[];
  readonly #opclasses: readonly BuiltinOpclass[];
  readonly #defaultOpclasses: ReadonlyMap<number, readonly BuiltinOpclass[]>;
  readonly #amops: readonly BuiltinAmop[];
  readonly #amopsByFamily: ReadonlyMap<number, readonly BuiltinAmop[]>;
  readonly #amopsByOperator: ReadonlyMap<number, readonly BuiltinAmop[]>;
  readonly #amprocs: readonly BuiltinAmproc[];

  readonly #owners = new Map<number, number>();

  constructor(base: BuiltinCatalog, owned: readonly { readonly owner: number; readonly objects: ExtensionObjects }[]) {
    this.#base = base;
    const parts = owned.map(({ objects }) => objects);
    for (const { owner, objects } of owned)
      for (const rows of [objects.types, objects.procs, objects.operators, objects.opfamilies, objects.opclasses])
        for (const { oid } of rows) this.#owners.set(oid, owner);
    const own = <K extends keyof ExtensionObjects>(kind: K) => parts.flatMap((part): ExtensionObjects[K][number][] => [...part[kind]]);
    const types = own('types') as readonly BuiltinType[];
    const procs = own('procs') as readonly BuiltinProc[];
    const operators = own('operators') as readonly BuiltinOperator[];
    const casts = own('casts') as readonly BuiltinCast[];
    const aggregates = own('aggregates') as readonly BuiltinAggregate[];
    const opclasses = own('opclasses') as readonly BuiltinOpclass[];
    const amops = own('amops') as readonly BuiltinAmop[];
    this.#types = joined(base.types(), types);
    this.#typesByOid = indexBy(types, (type) => type.oid);
    this.#typesByName = groupBy(types, (type) => type.name);
    this.#procs = joined(base.procs(), procs);
    this.#procsByOid = indexBy(procs, (proc) => proc.oid);
    this.#procsByName = groupBy(procs, (proc) => proc.name);
    this.#operators = joined(base.operators(), operators);
    this.#operatorsByOid = indexBy(operators, (operator) => operator.oid);
    this.#operatorsByName = groupBy(operators, (operator) => operator.name);
    this.#casts = joined(base.casts(), casts);
    this.#castsBySource = groupBy(casts, (cast) => cast.source);
    this.#aggregates = joined(base.aggregates(), aggregates);
    this.#aggregatesByProc = indexBy(aggregates, (aggregate) => aggregate.proc);
    this.#accessMethods = joined(base.accessMethods(), own('accessMethods') as readonly BuiltinAccessMethod[]);
    this.#opfamilies = joined(base.opfamilies(), own('opfamilies') as readonly BuiltinOpfamily[]);
    this.#opclasses = joined(base.opclasses(), opclasses);
    this.#defaultOpclasses = groupBy(
      this.#opclasses.filter((opclass) => opclass.isDefault),
      (opclass) => opclass.method,
    );
    this.#amops = joined(base.amops(), amops);
    this.#amopsByFamily = groupBy(amops, (amop) => amop.family);
    this.#amopsByOperator = groupBy(this.#amops, (amop) => amop.operator);
    this.#amprocs = joined(base.amprocs(), own('amprocs') as readonly BuiltinAmproc[]);
  }

  types(): readonly BuiltinType[] {
    return this.#types;
  }

  typeByOid(oid: number): BuiltinType | undefined {
    return this.#base.typeByOid(oid) ?? this.#typesByOid.get(oid);
  }

  typeByName(name: string, namespace?: number): BuiltinType | undefined {
    return this.#base.typeByName(name, namespace) ?? this.#typesByName.get(name)?.find((type) => type.namespace === namespace);
  }

  procs(): readonly BuiltinProc[] {
    return this.#procs;
  }

  procByOid(oid: number): BuiltinProc | undefined {
    return this.#base.procByOid(oid) ?? this.#procsByOid.get(oid);
  }

  procsByName(name: string, namespace?: number): readonly BuiltinProc[] {
    const found = this.#base.procsByName(name, namespace);
    const own = this.#procsByName.get(name);
    return own === undefined ? found : joined(found, inNamespace(own, namespace));
  }

  operators(): readonly BuiltinOperator[] {
    return this.#operators;
  }

  operatorByOid(oid: number): BuiltinOperator | undefined {
    return this.#base.operatorByOid(oid) ?? this.#operatorsByOid.get(oid);
  }

  operatorsByName(name: string): readonly BuiltinOperator[] {
    return joined(this.#base.operatorsByName(name), this.#operatorsByName.get(name) ?? NONE);
  }

  casts(): readonly BuiltinCast[] {
    return this.#casts;
  }

  castsFrom(source: number): readonly BuiltinCast[] {
    return joined(this.#base.castsFrom(source), this.#castsBySource.get(source) ?? NONE);
  }

  castBetween(source: number, target: number): BuiltinCast | undefined {
    return this.#base.castBetween(source, target) ?? this.#castsBySource.get(source)?.find((cast) => cast.target === target);
  }

  aggregates(): readonly BuiltinAggregate[] {
    return this.#aggregates;
  }

  aggregateByProc(proc: number): BuiltinAggregate | undefined {
    return this.#base.aggregateByProc(proc) ?? this.#aggregatesByProc.get(proc);
  }

  ranges(): readonly BuiltinRange[] {
    return this.#base.ranges();
  }

  rangeByType(oid: number): BuiltinRange | undefined {
    return this.#base.rangeByType(oid);
  }

  rangeByMultirange(oid: number): BuiltinRange | undefined {
    return this.#base.rangeByMultirange(oid);
  }

  accessMethods(): readonly BuiltinAccessMethod[] {
    return this.#accessMethods;
  }

  opfamilies(): readonly BuiltinOpfamily[] {
    return this.#opfamilies;
  }

  opclasses(): readonly BuiltinOpclass[] {
    return this.#opclasses;
  }

  opclassByOid(oid: number): BuiltinOpclass | undefined {
    return this.#base.opclassByOid(oid) ?? this.#opclasses.find((opclass) => opclass.oid === oid);
  }

  defaultOpclasses(method: number): readonly BuiltinOpclass[] {
    return this.#defaultOpclasses.get(method) ?? NONE;
  }

  amops(): readonly BuiltinAmop[] {
    return this.#amops;
  }

  amprocs(): readonly BuiltinAmproc[] {
    return this.#amprocs;
  }

  amop(family: number, left: number, right: number, strategy: number): BuiltinAmop | undefined {
    return (
      this.#base.amop(family, left, right, strategy) ??
      this.#amopsByFamily.get(family)?.find((amop) => amop.left === left && amop.right === right && amop.strategy === strategy)
    );
  }

  columnTypes(rowType: number): readonly number[] | undefined {
    return this.#base.columnTypes(rowType);
  }

  amopsByOperator(operator: number): readonly BuiltinAmop[] {
    return this.#amopsByOperator.get(operator) ?? NONE;
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
    return this.#base.collations();
  }

  conversions(): readonly BuiltinConversion[] {
    return this.#base.conversions();
  }

  domainChecks(): readonly BuiltinDomainCheck[] {
    return this.#base.domainChecks();
  }

  descriptions(): readonly BuiltinDescription[] {
    return this.#base.descriptions();
  }

  descriptionsOf(object: number): readonly BuiltinDescription[] {
    return this.#base.descriptionsOf(object);
  }

  namespaces(): readonly BuiltinNamespace[] {
    return this.#base.namespaces();
  }

  languages(): readonly BuiltinLanguage[] {
    return this.#base.languages();
  }

  settings(): readonly BuiltinSetting[] {
    return this.#base.settings();
  }

  systemRelations(): readonly BuiltinRelation[] {
    return this.#base.systemRelations();
  }

  systemIndexes(): readonly BuiltinIndex[] {
    return this.#base.systemIndexes();
  }

  toastTables(): readonly BuiltinToastTable[] {
    return this.#base.toastTables();
  }

  availableExtensions(): readonly AvailableExtension[] {
    return this.#base.availableExtensions();
  }

  withExtensions(installed: readonly InstalledExtension[]): BuiltinCatalog {
    return this.#base.withExtensions(installed);
  }

  ownerOf(object: number): number | undefined {
    return this.#owners.get(object);
  }

  extensionObjects(name: string, schema: number): ExtensionObjects | undefined {
    return this.#base.extensionObjects(name, schema);
  }
}

function joined<T>(base: readonly T[], own: readonly T[]): readonly T[] {
  return own.length === 0 ? base : base.length === 0 ? own : [...base, ...own];
}

const PG_CATALOG = 11;

function inNamespace<T extends { readonly namespace: number }>(rows: readonly T[], namespace = PG_CATALOG): readonly T[] {
  return rows.filter((row) => row.namespace === namespace);
}
