import type { CatalogSnapshot } from '../../catalog/catalog.js';
import { qualifiedName } from '../../catalog/definitions/index.js';
import type {
  ForeignKeyConstraint,
  IndexDescriptor,
  RelationDescriptor,
  RoutineDescriptor,
  TableDescriptor,
} from '../../catalog/descriptors.js';
import { defaultOid } from '../../catalog/virtual/pg-catalog/attrdef.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { ancestorsOf } from '../../planner/partitions/descendants.js';
import type { UtilityContext } from './context.js';
import { catalogOf, describeRelation } from './names.js';
import { notice } from './notices.js';
import { dependentsOfRoutine, routinesOver, routinesReading } from './routines/dependents.js';
import { putRules } from './rules/create.js';

type Stored = Exclude<RelationDescriptor, { kind: 'virtual' }>;

/** An object that would go with another: it depends on `on`. */
export interface Dependent {
  readonly oid: Oid;
  readonly text: string;
  readonly on: string;
  /** Goes along silently: an index with its table, a serial's sequence with its column. */
  automatic: boolean;
  readonly apply: (cx: UtilityContext) => void;
  readonly relation?: Stored;
  /** Where it stands by age, when that isn't its own oid: a column is as old as its table. */
  readonly age?: Oid;
  /** What goes with it, where it is no relation. */
  readonly below?: () => readonly Dependent[];
  readonly routine?: RoutineDescriptor;
  /** It is part of that relation, and goes with it without a word. */
  readonly partOf?: Oid;
}

/**
 * What goes with the roots, in PostgreSQL's order: what depends on an object comes right behind it, older objects first. Depth first from the
 * youngest on, each object is met once, and the list is read from its end (dependency.c, findDependentObjects).
 */
export class Cascade {
  readonly #cx: UtilityContext;
  readonly #catalog: CatalogSnapshot;
  readonly #roots: ReadonlySet<Oid>;
  readonly #met = new Map<Oid, Dependent>();
  readonly #list: Dependent[] = [];

  constructor(roots: Iterable<Oid>, cx: UtilityContext) {
    this.#cx = cx;
    this.#catalog = catalogOf(cx);
    this.#roots = new Set(roots);
  }

  get inOrder(): readonly Dependent[] {
    return this.#list.toReversed();
  }

  below(dependents: readonly Dependent[]): void {
    for (const dependent of [...dependents].sort((one, other) => (other.age ?? other.oid) - (one.age ?? one.oid))) {
      if (this.#roots.has(dependent.oid)) continue;
      const known = this.#met.get(dependent.oid);
      if (known !== undefined) {
        known.automatic ||= dependent.automatic;
        continue;
      }
      this.#met.set(dependent.oid, dependent);
      if (dependent.relation !== undefined) this.below(dependentsOf(dependent.relation, this.#catalog, this.#cx));
      if (dependent.routine !== undefined) this.below(dependentsOfRoutine(dependent.routine, this.#cx));
      if (dependent.below !== undefined) this.below(dependent.below());
      this.#list.push(dependent);
    }
  }
}

/** Most that a message lists. */
const MAX_LISTED = 100;

/**
 * Tells what goes along, or refuses.
 * @param what is to be dropped, as errors call it @throws SqlError 2BP01
 */
export function confirm(what: string, dependents: readonly Dependent[], cascade: boolean, cx: UtilityContext): void {
  const loud = dependents.filter((dependent) => !dependent.automatic);
  const [first] = loud;
  if (first === undefined) return;
  if (cascade && loud.length === 1) {
    notice(cx, `drop cascades to ${first.text}`);
    return;
  }
  const line = cascade
    ? (dependent: Dependent) => `drop cascades to ${dependent.text}`
    : (dependent: Dependent) => `${dependent.text} depends on ${dependent.on}`;
  const lines = loud.slice(0, MAX_LISTED).map(line);
  const left = loud.length - lines.length;
  if (left > 0) lines.push(`and ${left} other object${left === 1 ? '' : 's'} (see server log for list)`);
  if (cascade) {
    notice(cx, `drop cascades to ${loud.length} other objects`, lines.join('\n'));
    return;
  }
  const it = what === 'desired object(s)' ? 'them' : 'it';
  throw new SqlError(SqlState.dependentObjectsStillExist, `cannot drop ${what} because other objects depend on ${it}`, {
    detail: lines.join('\n'),
    hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
  });
}

/** Rules of other relations whose commands name this one. */
function rulesNaming(relation: Stored, catalog: CatalogSnapshot, on: string, cx: UtilityContext): Dependent[] {
  return [...catalog.relations()].flatMap((other) => {
    if ((other.kind !== 'table' && other.kind !== 'view') || other.oid === relation.oid) return [];
    return (other.rules ?? []).flatMap((rule): Dependent[] => {
      if (!rule.dependsOn.includes(relation.oid)) return [];
      const apply = () => {
        const now = catalogOf(cx).relationByOid(other.oid);
        if (now?.kind === 'table' || now?.kind === 'view')
          putRules(
            now,
            (now.rules ?? []).filter(({ oid }) => oid !== rule.oid),
            cx,
          );
      };
      return [
        { oid: rule.oid, text: `rule ${rule.name} on ${describeRelation(other, cx)}`, on, automatic: false, apply, partOf: other.oid },
      ];
    });
  });
}

export function dependentsOf(relation: Stored, catalog: CatalogSnapshot, cx: UtilityContext): Dependent[] {
  const on = describeRelation(relation, cx);
  const found: Dependent[] = [];
  const add = (other: RelationDescriptor | undefined, automatic: boolean) => {
    if (other === undefined || other.kind === 'virtual') return;
    found.push({ oid: other.oid, text: describeRelation(other, cx), on, automatic, apply: () => undefined, relation: other });
  };
  for (const view of catalog.dependentViews(relation.oid)) add(catalog.relationByOid(view), false);
  if (relation.kind === 'composite')
    for (const typed of catalog.relations()) if (typed.kind === 'table' && typed.ofType === relation.rowType) add(typed, false);
  if (relation.kind === 'index') for (const part of partsOf(relation, catalog)) add(part, true);
  if (relation.kind === 'table') {
    for (const child of catalog.childrenOf(relation.oid)) add(child, child.partitionBound !== undefined);
    for (const index of catalog.indexesOf(relation.oid)) add(index, true);
    // What is the table's own goes with it without a word.
    const own = (oid: Oid, text: string) => found.push({ oid, text, on, automatic: true, apply: () => undefined });
    for (const constraint of relation.constraints) if (constraint.kind === 'foreign key') own(constraint.oid, constraint.name);
    for (const column of relation.columns) if (column.defaultText !== undefined) own(defaultOid(relation.oid, column.number), column.name);
    for (const column of relation.columns)
      for (const oid of [column.ownedSequence, column.identity?.sequence]) if (oid !== undefined) add(catalog.relationByOid(oid), true);
    for (const other of catalog.relations()) if (other.kind === 'sequence' && other.ownedBy?.table === relation.oid) add(other, true);
    for (const table of catalog.referencingTables(relation.oid))
      if (table.oid !== relation.oid) found.push(...foreignKeysOf(table, relation, on, cx));
    // Keys that refer to a partitioned table lead to its partitions too.
    if (relation.partitionBound !== undefined)
      for (const above of ancestorsOf(relation, catalog))
        for (const table of catalog.referencingTables(above.oid)) found.push(...foreignKeysOf(table, above, on, cx));
  }
  if (catalog.hasRules) found.push(...rulesNaming(relation, catalog, on, cx));
  if (relation.kind === 'sequence') found.push(...defaultsUsing(relation, catalog, on, cx));
  if ('rowType' in relation) {
    const { rowType, rowArrayType } = relation;
    found.push(...routinesOver((type) => type === rowType || type === rowArrayType, cx));
  }
  found.push(...routinesReading(relation.oid, on, cx));
  return found;
}

/** The parts of a partitioned table's index. */
function partsOf(index: IndexDescriptor, catalog: CatalogSnapshot): readonly IndexDescriptor[] {
  return catalog.childrenOf(index.table).flatMap((child) => catalog.indexesOf(child.oid).filter((part) => part.parentIndex === index.oid));
}

function foreignKeysOf(table: TableDescriptor, target: TableDescriptor, on: string, cx: UtilityContext): Dependent[] {
  return table.constraints
    .filter(
      (constraint): constraint is ForeignKeyConstraint => constraint.kind === 'foreign key' && constraint.referencedTable === target.oid,
    )
    .map((constraint) => ({
      oid: constraint.oid,
      text: `constraint ${constraint.name} on ${describeRelation(table, cx)}`,
      on,
      automatic: constraint.parent !== undefined,
      apply: (cx) => {
        const now = catalogOf(cx).relationByOid(table.oid);
        if (now?.kind === 'table')
          cx.session.catalog.put(cx.transaction, { ...now, constraints: now.constraints.filter((other) => other.oid !== constraint.oid) });
      },
    }));
}

function defaultsUsing(sequence: Stored, catalog: CatalogSnapshot, on: string, cx: UtilityContext): Dependent[] {
  const found: Dependent[] = [];
  const tables = [...catalog.tablesWithDefaultsOver(sequence.oid), ...catalog.tablesWithDefaultsOver(qualifiedName(catalog, sequence))];
  for (const table of new Set(tables)) {
    for (const column of table.columns) {
      if (column.ownedSequence !== sequence.oid && !saysSequence(column.defaultText, sequence, catalog)) continue;
      found.push({
        oid: defaultOid(table.oid, column.number),
        text: `default value for column ${column.name} of ${describeRelation(table, cx)}`,
        on,
        automatic: false,
        apply: (cx) => {
          const now = catalogOf(cx).relationByOid(table.oid);
          if (now?.kind !== 'table') return;
          const columns = now.columns.map((other) => {
            if (other.number !== column.number) return other;
            const { defaultText: _default, ownedSequence: _sequence, ...rest } = other;
            return rest;
          });
          cx.session.catalog.put(cx.transaction, { ...now, columns });
        },
      });
    }
  }
  return found;
}

/** nextval of it, in a default that is not its owner's. */
function saysSequence(text: string | undefined, { schema, name }: Stored, catalog: CatalogSnapshot): boolean {
  return text?.includes(`'${qualifiedName(catalog, { schema, name }).replaceAll("'", "''")}'::regclass`) === true;
}
