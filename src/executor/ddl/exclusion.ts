import type { ExclusionConstraint, IndexColumn, IndexDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { operatorByOid } from '../../catalog/made-routines.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { bindScalar } from '../../planner/bind/bind.js';
import { withoutPosition } from '../../planner/bind/stored-text.js';
import type { QName, TableConstraint } from '../../planner/parse/ast.js';
import { figureColumnName } from '../../planner/parse/column-name.js';
import { indexOptions } from './alter-index.js';
import { deferralOf } from './constraints.js';
import type { UtilityContext } from './context.js';
import { elementColumn } from './create-index.js';
import { catalogOf, nameText } from './names.js';
import { bindOverTable } from './scalar.js';
import { addConstraint, findColumn, freeConstraintName, newOid, requireFreeConstraintName, type TableDraft } from './table-draft.js';
import { typeText } from './types/type-text.js';

type Exclude = Extract<TableConstraint, { type: 'exclude' }>;

/** Access methods that can tell PostgreSQL whether rows conflict. */
const METHODS: ReadonlySet<string> = new Set(['btree', 'hash', 'gist', 'spgist']);

/**
 * EXCLUDE: a constraint and its index, which the rows that are there are put into afterwards.
 * @throws SqlError 0A000, 42704, 42809, 42883
 */
export function addExclusion(draft: TableDraft, exclude: Exclude, cx: UtilityContext): IndexDescriptor {
  const { table } = draft;
  if (table.partitionKey !== undefined)
    throw new SqlError(SqlState.featureNotSupported, 'exclusion constraints are not supported on partitioned tables', {
      position: exclude._location?.start,
    });
  const { using } = exclude;
  if (!METHODS.has(using)) {
    const isKnown = catalogOf(cx)
      .builtin.accessMethods()
      .some(({ name }) => name === using);
    throw isKnown
      ? new SqlError(SqlState.featureNotSupported, `access method "${using}" does not support exclusion constraints`)
      : new SqlError(SqlState.undefinedObject, `access method "${using}" does not exist`);
  }
  const columns = exclude.elements.map(({ element }) => elementColumn(element, table, using, cx, true));
  const operators = exclude.elements.map(({ operator }, i) => operatorOf(operator, columns[i], using, cx));
  const names = exclude.elements.map(({ element: { expr } }) => (expr.type === 'ref' ? expr.name : expressionName(figureColumnName(expr))));
  const including = exclude.including?.map((name) => findColumn(table, name).number);
  const predicate =
    exclude.where === undefined
      ? undefined
      : bindOverTable(
          exclude.where,
          table,
          { clause: 'index predicate', immutable: 'functions in index predicate must be marked IMMUTABLE' },
          cx,
        );
  const name = exclude.name ?? freeConstraintName(draft, [...names, ...(exclude.including ?? [])], 'excl', cx);
  requireFreeConstraintName(draft, name, true, cx);
  const parts = {
    columns,
    method: using,
    exclusion: operators,
    ...(including === undefined ? {} : { including }),
    ...(predicate === undefined ? {} : { predicateText: predicate.text() }),
    ...(exclude.with === undefined ? {} : { options: indexOptions(exclude.with) }),
  };
  return put(draft, name, parts, deferralOf(exclude), cx);
}

/** LIKE INCLUDING INDEXES. @param numbers the new columns' by the old ones' */
export function copyExclusion(draft: TableDraft, index: IndexDescriptor, numbers: ReadonlyMap<number, number>, cx: UtilityContext): void {
  const source = catalogOf(cx).relationByOid(index.table);
  const constraint = source?.kind === 'table' ? source.constraints.find(({ oid }) => oid === index.constraint) : undefined;
  if (constraint?.kind !== 'exclusion') return;
  const columns = index.columns.map((column) => ({ ...column, column: numbers.get(column.column) ?? 0 }));
  const { including, predicateText, options, method, exclusion = [] } = index;
  const names = columns.map(({ column }) => draft.table.columns[column - 1]?.name ?? 'expr');
  const parts = {
    columns,
    method,
    exclusion,
    ...(including === undefined ? {} : { including: including.map((number) => numbers.get(number) ?? 0) }),
    ...(predicateText === undefined ? {} : { predicateText }),
    ...(options === undefined ? {} : { options }),
  };
  put(draft, freeConstraintName(draft, names, 'excl', cx), parts, deferralOf(constraint), cx);
}

type Parts = Pick<IndexDescriptor, 'columns' | 'method' | 'including' | 'predicateText' | 'options'> & {
  readonly exclusion: readonly Oid[];
};

function put(draft: TableDraft, name: string, parts: Parts, deferral: ReturnType<typeof deferralOf>, cx: UtilityContext): IndexDescriptor {
  const constraintOid = newOid(cx);
  const { table } = draft;
  const index: IndexDescriptor = {
    kind: 'index',
    oid: newOid(cx),
    name,
    owner: table.owner,
    schema: draft.schema.oid,
    persistence: table.persistence,
    table: table.oid,
    storage: cx.session.catalog.allocateStorage(),
    clustered: false,
    unique: false,
    primary: false,
    ...parts,
    constraint: constraintOid,
  };
  const constraint: ExclusionConstraint = {
    kind: 'exclusion',
    oid: constraintOid,
    name,
    columns: parts.columns.map(({ column }) => column),
    index: index.oid,
    operators: parts.exclusion,
    ...deferral,
  };
  addConstraint(draft, constraint);
  draft.indexes.push(index);
  return index;
}

const expressionName = (figured: string): string => (figured === '?column?' ? 'expr' : figured);

/** @throws SqlError 42883, 42809 */
function operatorOf(name: QName, column: IndexColumn | undefined, method: string, cx: UtilityContext): Oid {
  const type = column?.type ?? 0;
  const catalog = catalogOf(cx);
  const key = (number: number, label: string) => ({ number, name: label, type, typmod: -1, notNull: false });
  const row: Pick<TableDescriptor, 'name' | 'columns'> = { name: 'key', columns: [key(1, 'one'), key(2, 'other')] };
  const { expr } = withoutPosition(() =>
    bindScalar(
      {
        type: 'binary',
        op: name.name,
        ...(name.schema === undefined ? {} : { opSchema: name.schema }),
        left: { type: 'ref', name: 'one' },
        right: { type: 'ref', name: 'other' },
      },
      { ...cx.planner, catalog, keepsCalls: true },
      { clause: 'index expression', row },
    ),
  );
  const oid = expr.kind === 'call' ? expr.operator?.oid : undefined;
  const operator = oid === undefined ? undefined : operatorByOid(catalog, oid);
  if (oid === undefined || operator === undefined)
    throw new SqlError(SqlState.undefinedFunction, `operator does not exist: ${nameText(name)}`);
  const shown = `${operator.name}(${[operator.left, operator.right].map((each) => typeName(each, cx)).join(',')})`;
  if (operator.commutator !== oid)
    throw new SqlError(SqlState.wrongObjectType, `operator ${shown} is not commutative`, {
      detail: 'Only commutative operators can be used in exclusion constraints.',
    });
  const opclass = catalog.builtin.opclassByOid(column?.opclass ?? 0);
  const family = catalog.builtin.amopsByOperator(oid).some((amop) => amop.family === opclass?.family && amop.purpose === 's');
  const familyName = catalog.builtin.opfamilies().find((each) => each.oid === opclass?.family)?.name ?? '';
  // A hash index has the entries of a btree here, and its family by that name.
  if (!family && method !== 'hash')
    throw new SqlError(SqlState.wrongObjectType, `operator ${shown} is not a member of operator family "${familyName}"`, {
      detail: 'The exclusion operator must be related to the index operator class for the constraint.',
    });
  return oid;
}

function typeName(oid: Oid, cx: UtilityContext): string {
  return typeText(oid, cx).slice('type '.length);
}
