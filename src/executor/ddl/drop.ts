import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type {
  ForeignKeyConstraint,
  IndexDescriptor,
  RelationDescriptor,
  SchemaDescriptor,
  TableDescriptor,
} from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { SchemaName } from '../../commons/system-names.js';
import type { QName } from '../../planner/parse/ast.js';
import { lockTags } from '../../transaction/lock-tags.js';
import { requireNoWaitingChecks } from '../dml/constraint-checks.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import {
  catalogOf,
  describeRelation,
  kindWord,
  lockRelation,
  lookUpRelation,
  nameText,
  ownedBy,
  requireOwner,
  systemRelation,
} from './names.js';
import { notice } from './notices.js';

type Stored = Exclude<RelationDescriptor, { kind: 'virtual' }>;

/** DROP of relations and schemas: what depends on them goes too with CASCADE, and is listed in the refusal without. */
export async function drop(statement: UtilityStatement<'drop'>, cx: UtilityContext): Promise<UtilityResult> {
  const tag = `DROP ${statement.objectType.toUpperCase()}`;
  if (statement.objectType === 'schema') {
    await dropSchemas(statement, cx);
    return { tag };
  }
  const kind = RELATION_KINDS[statement.objectType];
  if (kind === undefined) throw notSupported(tag);
  const targets: Stored[] = [];
  for (const name of statement.names) {
    const relation = find(name, kind, statement, cx);
    if (relation === undefined) continue;
    requireOwner(relation, cx);
    await lockRelation(relation.kind === 'index' ? relation.table : relation.oid, cx);
    const now = catalogOf(cx).relationByOid(relation.oid);
    if (now?.kind === 'table' && statement.cascade === true) {
      for (const child of catalogOf(cx).referencingTables(now.oid)) await lockRelation(child.oid, cx);
    }
    if (now?.kind === 'table') requireNoWaitingChecks(cx.session.constraintChecks, now, 'DROP TABLE');
    if (now !== undefined && now.kind !== 'virtual') targets.push(now);
  }
  dropAll(targets, [], statement.cascade === true, cx);
  return { tag };
}

const RELATION_KINDS: Readonly<Record<string, RelationDescriptor['kind']>> = {
  table: 'table',
  view: 'view',
  index: 'index',
  sequence: 'sequence',
};

function find(name: QName, kind: RelationDescriptor['kind'], statement: UtilityStatement<'drop'>, cx: UtilityContext): Stored | undefined {
  const relation = lookUpRelation(name, cx);
  if (relation === undefined) {
    const text = nameText(name);
    const missing = `${kind} "${text}" does not exist`;
    if (statement.ifExists !== true) throw new SqlError(SqlState.undefinedTable, missing);
    const noSchema = name.schema !== undefined && catalogOf(cx).schema(name.schema) === undefined;
    notice(cx, noSchema ? `schema "${name.schema}" does not exist, skipping` : `${missing}, skipping`);
    return undefined;
  }
  if (relation.kind === 'virtual') throw systemRelation(relation.name);
  if (relation.kind !== kind)
    throw new SqlError(SqlState.wrongObjectType, `"${relation.name}" is not ${ARTICLE[kind]}`, {
      hint: `Use DROP ${kindWord(relation).toUpperCase()} to remove ${ARTICLE[relation.kind]}.`,
    });
  if (relation.kind === 'index' && relation.parentIndex !== undefined) throw neededByParent(relation, cx);
  if (relation.kind === 'index' && relation.constraint !== undefined) throw neededByConstraint(relation, cx);
  return relation;
}

const ARTICLE: Readonly<Record<RelationDescriptor['kind'], string>> = {
  table: 'a table',
  view: 'a view',
  index: 'an index',
  sequence: 'a sequence',
  virtual: 'a table',
  composite: 'a type',
};

function neededByParent(index: IndexDescriptor, cx: UtilityContext): SqlError {
  const parent = catalogOf(cx).relationByOid(index.parentIndex ?? 0)?.name ?? '';
  return new SqlError(SqlState.dependentObjectsStillExist, `cannot drop index ${index.name} because index ${parent} requires it`, {
    hint: `You can drop index ${parent} instead.`,
  });
}

function neededByConstraint(index: Extract<Stored, { kind: 'index' }>, cx: UtilityContext): SqlError {
  const table = catalogOf(cx).relationByOid(index.table);
  const constraint = table?.kind === 'table' ? table.constraints.find((c) => c.oid === index.constraint) : undefined;
  const what = `constraint ${constraint?.name ?? ''} on table ${table?.name ?? ''}`;
  return new SqlError(SqlState.dependentObjectsStillExist, `cannot drop index ${index.name} because ${what} requires it`, {
    hint: `You can drop ${what} instead.`,
  });
}

async function dropSchemas(statement: UtilityStatement<'drop'>, cx: UtilityContext): Promise<void> {
  const schemas: SchemaDescriptor[] = [];
  for (const name of statement.names) {
    const schema = catalogOf(cx).schema(name.name);
    if (schema === undefined) {
      if (statement.ifExists !== true) throw new SqlError(SqlState.invalidSchemaName, `schema "${name.name}" does not exist`);
      notice(cx, `schema "${name.name}" does not exist, skipping`);
      continue;
    }
    if (PERMANENT_SCHEMAS.has(schema.name))
      throw new SqlError(
        SqlState.dependentObjectsStillExist,
        `cannot drop schema ${schema.name} because it is required by the database system`,
      );
    if (!ownedBy(schema.owner, cx)) throw new SqlError(SqlState.insufficientPrivilege, `must be owner of schema ${schema.name}`);
    schemas.push(schema);
  }
  const targets: Stored[] = [];
  for (const schema of schemas) {
    for (const relation of catalogOf(cx).relations()) {
      if (relation.schema !== schema.oid || relation.kind === 'virtual' || relation.kind === 'index') continue;
      await cx.transaction.lock(lockTags.relation(relation.oid), 'ACCESS EXCLUSIVE');
      targets.push(relation);
    }
  }
  dropAll(targets, schemas, statement.cascade === true, cx);
}

const PERMANENT_SCHEMAS: ReadonlySet<string> = new Set([
  SchemaName.pgCatalog,
  SchemaName.informationSchema,
  SchemaName.system,
  SchemaName.kalamdb,
]);

/** An object that would go with another: it depends on `on`. */
interface Dependent {
  readonly text: string;
  readonly on: string;
  /** Goes along silently: an index with its table, a serial's sequence with its column. */
  readonly automatic: boolean;
  readonly apply: (cx: UtilityContext) => void;
  readonly relation?: Stored;
}

export function dropAll(targets: readonly Stored[], schemas: readonly SchemaDescriptor[], cascade: boolean, cx: UtilityContext): void {
  const doomed = new Map<Oid, Stored>(targets.map((relation) => [relation.oid, relation]));
  const dependents: Dependent[] = [];
  if (schemas.length > 0)
    for (const relation of targets)
      if (!isOwnedByDoomed(relation, doomed)) {
        const schema = schemas.find((s) => s.oid === relation.schema);
        dependents.push({
          text: describeRelation(relation, cx),
          on: `schema ${schema?.name ?? ''}`,
          automatic: false,
          apply: () => undefined,
          relation,
        });
      }
  dependents.push(...typesOf(schemas, cx));
  const queue = [...targets];
  for (let relation = queue.shift(); relation !== undefined; relation = queue.shift()) {
    for (const dependent of dependentsOf(relation, catalogOf(cx), doomed, cx)) {
      dependents.push(dependent);
      if (dependent.relation !== undefined && !doomed.has(dependent.relation.oid)) {
        doomed.set(dependent.relation.oid, dependent.relation);
        queue.push(dependent.relation);
      }
    }
  }
  const loud = dependents.filter((dependent) => !dependent.automatic);
  if (loud.length > 0 && !cascade) throw refused(targets, schemas, loud, cx);
  if (loud.length > 0) announce(loud, cx);
  for (const dependent of dependents) dependent.apply(cx);
  // Indexes first: finding their spaces takes their table.
  const ordered = [...doomed.values()].sort((a, b) => Number(b.kind === 'index') - Number(a.kind === 'index'));
  for (const relation of ordered) removeRelation(relation, cx);
  for (const schema of schemas) cx.session.catalog.remove(cx.transaction, 'schema', schema.oid);
}

/** Enums, domains and ranges go with their schema; composite types are relations. */
function typesOf(schemas: readonly SchemaDescriptor[], cx: UtilityContext): Dependent[] {
  if (schemas.length === 0) return [];
  return [...catalogOf(cx).types()].flatMap((type) => {
    const schema = schemas.find((candidate) => candidate.oid === type.schema);
    if (schema === undefined) return [];
    const apply = () => cx.session.catalog.remove(cx.transaction, 'type', type.oid);
    return [{ text: `type ${schema.name}.${type.name}`, on: `schema ${schema.name}`, automatic: false, apply }];
  });
}

function isOwnedByDoomed(relation: Stored, doomed: ReadonlyMap<Oid, Stored>): boolean {
  return relation.kind === 'sequence' && relation.ownedBy !== undefined && doomed.has(relation.ownedBy.table);
}

function refused(
  targets: readonly Stored[],
  schemas: readonly SchemaDescriptor[],
  loud: readonly Dependent[],
  cx: UtilityContext,
): SqlError {
  const [schema] = schemas;
  const [target] = targets;
  const what =
    targets.length + schemas.length > 1 && schemas.length !== 1
      ? 'desired object(s)'
      : schema !== undefined
        ? `schema ${schema.name}`
        : target === undefined
          ? 'object'
          : describeRelation(target, cx);
  return new SqlError(SqlState.dependentObjectsStillExist, `cannot drop ${what} because other objects depend on it`, {
    detail: loud
      .slice(0, 100)
      .map((dependent) => `${dependent.text} depends on ${dependent.on}`)
      .join('\n'),
    hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
  });
}

function announce(loud: readonly Dependent[], cx: UtilityContext): void {
  const [first] = loud;
  if (loud.length === 1 && first !== undefined) notice(cx, `drop cascades to ${first.text}`);
  else
    notice(cx, `drop cascades to ${loud.length} other objects`, loud.map((dependent) => `drop cascades to ${dependent.text}`).join('\n'));
}

function dependentsOf(relation: Stored, catalog: CatalogSnapshot, doomed: ReadonlyMap<Oid, Stored>, cx: UtilityContext): Dependent[] {
  const on = describeRelation(relation, cx);
  const found: Dependent[] = [];
  const add = (other: RelationDescriptor | undefined, automatic: boolean) => {
    if (other === undefined || other.kind === 'virtual' || doomed.has(other.oid)) return;
    found.push({ text: describeRelation(other, cx), on, automatic, apply: () => undefined, relation: other });
  };
  for (const view of catalog.dependentViews(relation.oid)) add(catalog.relationByOid(view), false);
  if (relation.kind === 'index') for (const part of partsOf(relation, catalog)) add(part, true);
  if (relation.kind === 'table') {
    for (const child of catalog.childrenOf(relation.oid)) add(child, child.partitionBound !== undefined);
    for (const index of catalog.indexesOf(relation.oid)) add(index, true);
    for (const column of relation.columns)
      for (const oid of [column.ownedSequence, column.identity?.sequence]) if (oid !== undefined) add(catalog.relationByOid(oid), true);
    for (const other of catalog.relations()) if (other.kind === 'sequence' && other.ownedBy?.table === relation.oid) add(other, true);
    for (const table of catalog.referencingTables(relation.oid))
      if (!doomed.has(table.oid)) found.push(...foreignKeysOf(table, relation, on));
  }
  if (relation.kind === 'sequence') found.push(...defaultsUsing(relation, catalog, doomed, on));
  return found;
}

/** The parts of a partitioned table's index. */
function partsOf(index: IndexDescriptor, catalog: CatalogSnapshot): readonly IndexDescriptor[] {
  return catalog.childrenOf(index.table).flatMap((child) => catalog.indexesOf(child.oid).filter((part) => part.parentIndex === index.oid));
}

function foreignKeysOf(table: TableDescriptor, target: TableDescriptor, on: string): Dependent[] {
  return table.constraints
    .filter(
      (constraint): constraint is ForeignKeyConstraint => constraint.kind === 'foreign key' && constraint.referencedTable === target.oid,
    )
    .map((constraint) => ({
      text: `constraint ${constraint.name} on table ${table.name}`,
      on,
      automatic: constraint.parent !== undefined,
      apply: (cx) => {
        const now = catalogOf(cx).relationByOid(table.oid);
        if (now?.kind === 'table')
          cx.session.catalog.put(cx.transaction, { ...now, constraints: now.constraints.filter((other) => other.oid !== constraint.oid) });
      },
    }));
}

function defaultsUsing(sequence: Stored, catalog: CatalogSnapshot, doomed: ReadonlyMap<Oid, Stored>, on: string): Dependent[] {
  const found: Dependent[] = [];
  for (const table of catalog.relations()) {
    if (table.kind !== 'table' || doomed.has(table.oid)) continue;
    for (const column of table.columns) {
      if (column.ownedSequence !== sequence.oid) continue;
      found.push({
        text: `default value for column ${column.name} of table ${table.name}`,
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

/** Takes a relation and its rows away, with its statistics. Its dependents are the caller's business. */
export function removeRelation(relation: Stored, cx: UtilityContext): void {
  const { access, transaction, session } = cx;
  if (relation.kind === 'sequence') access.dropCounter(relation.storage, transaction);
  if (relation.kind === 'table') {
    for (const space of access.tableSpaces(relation)) transaction.dropSpace(space);
    if (relation.rowKey === undefined) access.dropCounter(relation.storage, transaction);
    if (catalogOf(cx).statistics(relation.oid) !== undefined) session.catalog.remove(transaction, 'statistics', relation.oid);
  }
  if (relation.kind === 'index' && !relation.clustered) {
    const table = catalogOf(cx).relationByOid(relation.table);
    if (table?.kind === 'table') for (const space of access.indexSpaces(table, relation)) transaction.dropSpace(space);
  }
  session.catalog.remove(transaction, relation.kind, relation.oid);
}
