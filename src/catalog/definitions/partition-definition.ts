import { codecFor } from '../../types/type-codec.js';
import type { SqlValue } from '../../types/value.js';
import type { CatalogSnapshot } from '../catalog.js';
import { collationsOf } from '../collations.js';
import type { PartitionKeyColumn, RangeDatum, TableDescriptor } from '../descriptors.js';
import { quoteIdentifier } from './identifiers.js';
import type { DefinitionOptions } from './index-definition.js';
import { expressionText, keyText } from './texts.js';

/** A value of a partition key as a constant of SQL. */
export type ConstantText = (value: SqlValue, type: number) => string;

/** pg_get_partkeydef: `RANGE (a, lower(b))`. */
export function partitionKeyDefinition(
  catalog: CatalogSnapshot,
  table: TableDescriptor,
  options: DefinitionOptions = {},
): string | undefined {
  const { partitionKey } = table;
  if (partitionKey === undefined) return undefined;
  const columns = partitionKey.columns.map((column) => {
    let text = keyColumnText(table, column, options);
    const usual = catalog.builtin.typeByOid(column.type)?.collation ?? 0;
    if (column.collation !== undefined && column.collation !== usual) {
      const collation = collationsOf(catalog).find(({ oid }) => oid === column.collation);
      if (collation !== undefined) text += ` COLLATE ${quoteIdentifier(collation.name)}`;
    }
    const opclass = catalog.builtin.opclassByOid(column.opclass);
    if (opclass !== undefined && (!opclass.isDefault || isOther(catalog, column))) text += ` ${quoteIdentifier(opclass.name)}`;
    return text;
  });
  return `${partitionKey.strategy.toUpperCase()} (${columns.join(', ')})`;
}

/** A default class, but of another type. */
function isOther(catalog: CatalogSnapshot, column: PartitionKeyColumn): boolean {
  const opclass = catalog.builtin.opclassByOid(column.opclass);
  const usual = opclass === undefined ? undefined : catalog.builtin.defaultOpclass(column.type, opclass.method);
  return usual !== undefined && usual.oid !== column.opclass;
}

function keyColumnText(table: TableDescriptor, column: PartitionKeyColumn, options: DefinitionOptions): string {
  if (column.exprText !== undefined) return keyText(expressionText(column.exprText, table, options));
  return quoteIdentifier(table.columns[column.column - 1]?.name ?? '');
}

/** pg_get_partition_constraintdef: what a partition's rows fulfil, those of the partitioned tables above first. */
export function partitionConstraintDefinition(
  catalog: CatalogSnapshot,
  table: TableDescriptor,
  constant: ConstantText,
  options: DefinitionOptions = {},
): string | undefined {
  const conditions: string[] = [];
  for (let at: TableDescriptor | undefined = table; at?.partitionBound !== undefined; ) {
    const parent = catalog.relationByOid(at.parents?.[0] ?? 0);
    if (parent?.kind !== 'table') break;
    conditions.unshift(...conditionsOf(catalog, parent, at, constant, options));
    at = parent;
  }
  if (conditions.length === 0) return undefined;
  return conditions.length === 1 ? conditions[0] : `(${conditions.join(' AND ')})`;
}

function conditionsOf(
  catalog: CatalogSnapshot,
  parent: TableDescriptor,
  partition: TableDescriptor,
  constant: ConstantText,
  options: DefinitionOptions,
): readonly string[] {
  const columns = parent.partitionKey?.columns ?? [];
  const names = columns.map((column) => keyColumnText(parent, column, options));
  const bound = partition.partitionBound;
  switch (bound?.kind) {
    case undefined:
      return [];
    case 'hash':
      return [`satisfies_hash_partition('${parent.oid}'::oid, ${bound.modulus}, ${bound.remainder}, ${names.join(', ')})`];
    case 'list':
      return listConditions(names[0] ?? '', bound.values, columns[0], constant);
    case 'range':
      return rangeConditions(names, bound.from, bound.to, columns, constant);
    case 'default': {
      const others = catalog.childrenOf(parent.oid).filter((child) => child.partitionBound !== undefined && child.oid !== partition.oid);
      if (others.length === 0) return [];
      if (parent.partitionKey?.strategy === 'list') {
        const values = others.flatMap((child) => (child.partitionBound?.kind === 'list' ? child.partitionBound.values : []));
        return [`(NOT ${joined(listConditions(names[0] ?? '', values, columns[0], constant))})`];
      }
      const ranges = others.flatMap((child) => {
        const own = child.partitionBound;
        return own?.kind === 'range' ? [joined(rangeConditions(names, own.from, own.to, columns, constant, false))] : [];
      });
      const notNull = names.map((name) => `(${name} IS NOT NULL)`).join(' AND ');
      const any = ranges.length === 1 ? (ranges[0] ?? '') : `(${ranges.join(' OR ')})`;
      return [`(NOT (${notNull} AND ${any}))`];
    }
  }
}

function joined(conditions: readonly string[]): string {
  return conditions.length === 1 ? (conditions[0] ?? '') : `(${conditions.join(' AND ')})`;
}

function listConditions(
  name: string,
  values: readonly SqlValue[],
  column: PartitionKeyColumn | undefined,
  constant: ConstantText,
): readonly string[] {
  const texts = values.filter((value) => value !== null).map((value) => constant(value, column?.type ?? 0));
  const isArray = codecFor(column?.type ?? 0)?.name.startsWith('_') === true;
  const alternatives = texts.map((text) => `(${name} = ${text})`).join(' OR ');
  const some =
    isArray && texts.length > 1
      ? `(${alternatives})`
      : texts.length === 1
        ? `(${name} = ${texts[0]})`
        : `(${name} = ANY (ARRAY[${texts.join(', ')}]))`;
  if (!values.includes(null)) return [`(${name} IS NOT NULL)`, some];
  return texts.length === 0 ? [`(${name} IS NULL)`] : [`((${name} IS NULL) OR ${some})`];
}

function rangeConditions(
  names: readonly string[],
  from: readonly RangeDatum[],
  to: readonly RangeDatum[],
  columns: readonly PartitionKeyColumn[],
  constant: ConstantText,
  withNotNull = true,
): readonly string[] {
  const conditions = withNotNull ? names.map((name) => `(${name} IS NOT NULL)`) : [];
  const text = (datum: RangeDatum | undefined, i: number): string | undefined =>
    datum?.kind === 'value' ? constant(datum.value, columns[i]?.type ?? 0) : undefined;
  let i = 0;
  for (; i < names.length - 1; i++) {
    const lower = text(from[i], i);
    const upper = text(to[i], i);
    if (lower === undefined || lower !== upper) break;
    conditions.push(`(${names[i]} = ${lower})`);
  }
  const low = sideOf(names, from, i, '>', '>=', text);
  const high = sideOf(names, to, i, '<', '<', text);
  if (low !== undefined) conditions.push(low);
  if (high !== undefined) conditions.push(high);
  return conditions;
}

/** (a > 1) OR ((a = 1) AND (b >= 2)) */
function sideOf(
  names: readonly string[],
  datums: readonly RangeDatum[],
  from: number,
  strict: string,
  last: string,
  text: (datum: RangeDatum | undefined, i: number) => string | undefined,
): string | undefined {
  const arms: string[] = [];
  const equal: string[] = [];
  for (let i = from; i < names.length; i++) {
    const value = text(datums[i], i);
    if (value === undefined) {
      // Nothing is beyond MAXVALUE, and all is beyond MINVALUE: of the column before, the value itself counts or not.
      const isAll = (datums[i]?.kind === 'minvalue') === (strict === '>');
      if (!isAll || equal.length === 0) break;
      const arm = equal.length === 1 ? equal[0] : `(${equal.join(' AND ')})`;
      arms.push(arm ?? '');
      break;
    }
    const next = datums[i + 1];
    const isLast = i === names.length - 1;
    const operator = isLast ? last : strict;
    const condition = `(${names[i]} ${next !== undefined && next.kind !== 'value' && (next.kind === 'minvalue') === (strict === '>') ? `${strict}=` : operator} ${value})`;
    arms.push(equal.length === 0 ? condition : `(${[...equal, condition].join(' AND ')})`);
    if (next !== undefined && next.kind !== 'value') break;
    equal.push(`(${names[i]} = ${value})`);
  }
  return arms.length === 0 ? undefined : arms.length === 1 ? arms[0] : `(${arms.join(' OR ')})`;
}
