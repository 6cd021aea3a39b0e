import type { Oid } from '../../../commons/ids.js';
import type { Row, SqlArray } from '../../../types/value.js';
import type { BuiltinIndex } from '../../builtin/index.js';
import type { CatalogSnapshot } from '../../catalog.js';
import type {
  Constraint,
  DomainCheck,
  DomainDescriptor,
  ForeignKeyActionName,
  ForeignKeyConstraint,
  TableDescriptor,
  TriggerDescriptor,
} from '../../descriptors.js';
import { tablesFor } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';
import { array } from '../values.js';

export const CONSTRAINT_PROVIDERS: Providers = { 'pg_catalog.pg_constraint': constraints };

function* constraints(scan: VirtualScan): Iterable<Row> {
  yield* ownConstraints(scan);
  const { builtin } = scan.catalog;
  const make = () => [
    ...builtin.systemIndexes().flatMap((index) => (index.constraint === undefined ? [] : [systemKeyRow(index, index.constraint)])),
    ...builtin.domainChecks().map((check) => domainCheckRow({ oid: check.domain, schema: check.namespace }, { ...check, validated: true })),
  ];
  yield* scan.builtinRows.matching(scan, make, ['oid', 'conrelid', 'conindid', 'conname', 'contypid', 'confrelid', 'connamespace']);
}

/** Keys of PostgreSQL's own tables. */
function systemKeyRow({ oid, name, namespace, table, isPrimary, columns }: BuiltinIndex, constraint: Oid): Row {
  const none = [null, null, null, null, null, null, null];
  const kind = isPrimary ? 'p' : 'u';
  return [
    constraint,
    name,
    namespace,
    kind,
    false,
    false,
    true,
    table,
    0,
    oid,
    0,
    0,
    ' ',
    ' ',
    ' ',
    true,
    0,
    true,
    array(columns),
    ...none,
  ];
}

function* ownConstraints(scan: VirtualScan): Iterable<Row> {
  const domain = scan.number('contypid');
  const oid = scan.number('oid');
  if (oid !== undefined) {
    const owner = scan.catalog.ownerOfPart(oid);
    if (owner?.kind === 'table') yield* constraintsOf(scan.catalog, owner);
    if (owner?.kind === 'type' && owner.form === 'domain') for (const check of owner.checks) yield domainCheckRow(owner, check);
    return;
  }
  if (domain === undefined || domain === 0) for (const table of tables(scan)) yield* constraintsOf(scan.catalog, table);
  if (domain === 0) return;
  for (const type of scan.catalog.types()) {
    if (type.form !== 'domain' || (domain !== undefined && domain !== type.oid)) continue;
    for (const check of type.checks) yield domainCheckRow(type, check);
  }
}

function* constraintsOf(catalog: CatalogSnapshot, table: TableDescriptor): Iterable<Row> {
  for (const constraint of table.constraints) yield constraintRow(catalog, table, constraint);
  for (const trigger of table.triggers ?? [])
    if (trigger.constraint !== undefined) yield triggerConstraintRow(table, trigger, trigger.constraint);
}

function tables(scan: VirtualScan): Iterable<TableDescriptor> {
  const { catalog } = scan;
  const referenced = scan.number('confrelid');
  if (referenced !== undefined && referenced !== 0) return catalog.referencingTables(referenced);
  const index = scan.number('conindid');
  if (index !== undefined && index !== 0) return tablesOfIndex(catalog, index);
  const name = scan.text('conname');
  const oid = scan.number('conrelid');
  // Triggers that are constraints have names as well, which nobody has indexed: they are few.
  if (name !== undefined && oid === undefined) return new Set([...catalog.tablesWithConstraint(name), ...tablesWithTriggers(catalog)]);
  return tablesFor(catalog, { oid, schema: scan.number('connamespace') });
}

function* tablesWithTriggers(catalog: CatalogSnapshot): Iterable<TableDescriptor> {
  for (const relation of catalog.relations()) if (relation.kind === 'table' && relation.triggers !== undefined) yield relation;
}

/** Where an index is a key's own, or what a foreign key leans on. */
function tablesOfIndex(catalog: CatalogSnapshot, oid: number): readonly TableDescriptor[] {
  const index = catalog.relationByOid(oid);
  const table = index?.kind === 'index' ? catalog.relationByOid(index.table) : undefined;
  if (table?.kind !== 'table') return [];
  return [table, ...catalog.referencingTables(table.oid).filter((other) => other.oid !== table.oid)];
}

const KINDS = { check: 'c', 'primary key': 'p', unique: 'u', 'foreign key': 'f', exclusion: 'x' } as const;
const ACTIONS: Readonly<Record<ForeignKeyActionName, string>> = {
  'no action': 'a',
  restrict: 'r',
  cascade: 'c',
  'set null': 'n',
  'set default': 'd',
};

function constraintRow(catalog: CatalogSnapshot, table: TableDescriptor, constraint: Constraint): Row {
  const foreign = constraint.kind === 'foreign key' ? constraint : undefined;
  const check = constraint.kind === 'check' ? constraint : undefined;
  const equality = foreign === undefined ? undefined : equalityOperators(catalog, table, foreign);
  return [
    constraint.oid,
    constraint.name,
    table.schema,
    KINDS[constraint.kind],
    constraint.kind !== 'check' && constraint.deferrable === true,
    constraint.kind !== 'check' && constraint.initiallyDeferred === true,
    'validated' in constraint ? constraint.validated : true,
    table.oid,
    0, // contypid
    constraintIndex(constraint),
    check === undefined && 'parent' in constraint ? (constraint.parent ?? 0) : 0, // conparentid
    foreign?.referencedTable ?? 0,
    foreign === undefined ? ' ' : ACTIONS[foreign.onUpdate],
    foreign === undefined ? ' ' : ACTIONS[foreign.onDelete],
    foreign === undefined ? ' ' : foreign.match === 'full' ? 'f' : 's',
    constraint.notLocal !== true, // conislocal
    inheritedCount(constraint), // coninhcount
    check === undefined ? !isOfPartitioned(table, constraint) : check.noInherit === true,
    check !== undefined && check.columns.length === 0 ? null : array(constraint.columns),
    foreign === undefined ? null : array(foreign.referencedColumns),
    equality?.between ?? null,
    equality?.referenced ?? null,
    equality?.referencing ?? null,
    foreign?.deleteColumns === undefined ? null : array(foreign.deleteColumns), // confdelsetcols
    constraint.kind === 'exclusion' ? array(constraint.operators) : null, // conexclop
    // SQL text, which pg_get_expr gives back as it is.
    check?.exprText ?? null,
  ];
}

/** CREATE CONSTRAINT TRIGGER's. */
function triggerConstraintRow(table: TableDescriptor, trigger: TriggerDescriptor, oid: Oid): Row {
  const none = [null, null, null, null, null, null, null, null];
  const { name } = trigger;
  const isDeferrable = trigger.deferrable === true;
  const isDeferred = trigger.initiallyDeferred === true;
  return [oid, name, table.schema, 't', isDeferrable, isDeferred, true, table.oid, 0, 0, 0, 0, ' ', ' ', ' ', true, 0, true, ...none];
}

function inheritedCount(constraint: Constraint): number {
  if (constraint.kind === 'check') return constraint.inherited ?? 0;
  return constraint.parent === undefined ? 0 : 1;
}

/** Keys of partitioned tables are their partitions' too. */
function isOfPartitioned(table: TableDescriptor, constraint: Constraint): boolean {
  return table.partitionKey !== undefined || (constraint.kind !== 'check' && constraint.parent !== undefined);
}

function domainCheckRow(domain: Pick<DomainDescriptor, 'oid' | 'schema'>, check: DomainCheck): Row {
  const { oid, name, validated, exprText } = check;
  const none = [null, null, null, null, null, null, null];
  return [oid, name, domain.schema, 'c', false, false, validated, 0, domain.oid, 0, 0, 0, ' ', ' ', ' ', true, 0, false, ...none, exprText];
}

function constraintIndex(constraint: Constraint): number {
  if (constraint.kind === 'foreign key') return constraint.referencedIndex;
  return constraint.kind === 'check' ? 0 : constraint.index;
}

interface EqualityOperators {
  readonly between: SqlArray;
  readonly referenced: SqlArray;
  readonly referencing: SqlArray;
}

/** conpfeqop, conppeqop, conffeqop: = of the referenced column with the referencing one, and of each with its own type. */
function equalityOperators(catalog: CatalogSnapshot, table: TableDescriptor, key: ForeignKeyConstraint): EqualityOperators {
  const { builtin } = catalog;
  const referenced = catalog.relationByOid(key.referencedTable);
  const typesOf = (columns: readonly number[], of: TableDescriptor | undefined) => columns.map((n) => of?.columns[n - 1]?.type ?? 0);
  const own = typesOf(key.columns, table);
  const others = typesOf(key.referencedColumns, referenced?.kind === 'table' ? referenced : undefined);
  const equal = (left: number, right: number) =>
    builtin.operatorsByName('=').find((operator) => operator.left === left && operator.right === right)?.oid ??
    builtin.equalityOperator(left);
  return {
    between: array(others.map((type, i) => equal(type, own[i] ?? 0))),
    referenced: array(others.map((type) => equal(type, type))),
    referencing: array(own.map((type) => equal(type, type))),
  };
}
