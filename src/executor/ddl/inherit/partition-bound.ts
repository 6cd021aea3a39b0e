import { quoteLiteral } from '../../../catalog/definitions/index.js';
import type { PartitionBound, PartitionKeyColumn, RangeDatum, TableDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Expr, PartitionBoundSpec } from '../../../planner/parse/ast.js';
import type { PartitionMap } from '../../../planner/partitions/partition-map.js';
import { formatType } from '../../../types/format-type.js';
import type { SqlValue } from '../../../types/value.js';
import { textOf } from '../../dml/violations.js';
import { evaluateExpression } from '../../expression/compile-expression.js';
import type { UtilityContext } from '../context.js';
import { bindOverTable } from '../scalar.js';

/** FOR VALUES … of a partition of `parent`. @throws SqlError 42P16, 42804, 42P17 */
export function partitionBoundOf(parent: TableDescriptor, spec: PartitionBoundSpec, cx: UtilityContext): PartitionBound {
  const key = parent.partitionKey;
  const position = spec._location?.start;
  const strategy = key?.strategy ?? 'range';
  if (spec.type === 'default') {
    if (strategy === 'hash') throw invalid('a hash-partitioned table may not have a default partition');
    return { kind: 'default' };
  }
  if (spec.type !== strategy) throw invalid(`invalid bound specification for a ${strategy} partition`, position);
  const columns = key?.columns ?? [];
  switch (spec.type) {
    case 'hash':
      return hashBound(spec);
    case 'list': {
      const [column] = columns;
      const values: SqlValue[] = [];
      for (const expr of spec.values) {
        const value = column === undefined ? null : boundValue(expr, column, parent, cx);
        if (!values.some((other) => sameValue(other, value))) values.push(value);
      }
      return { kind: 'list', values };
    }
    case 'range': {
      if (spec.from.length !== columns.length) throw invalid('FROM must specify exactly one value per partitioning column');
      if (spec.to.length !== columns.length) throw invalid('TO must specify exactly one value per partitioning column');
      return {
        kind: 'range',
        from: rangeDatums(spec.from, columns, parent, cx),
        to: rangeDatums(spec.to, columns, parent, cx),
      };
    }
  }
}

function sameValue(a: SqlValue, b: SqlValue): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

function hashBound({ modulus, remainder }: Extract<PartitionBoundSpec, { type: 'hash' }>): PartitionBound {
  if (modulus <= 0) throw invalid('modulus for hash partition must be an integer value greater than zero');
  if (remainder < 0) throw invalid('remainder for hash partition must be an integer value greater than or equal to zero');
  if (remainder >= modulus) throw invalid('remainder for hash partition must be less than modulus');
  return { kind: 'hash', modulus, remainder };
}

function rangeDatums(
  exprs: readonly Expr[],
  columns: readonly PartitionKeyColumn[],
  parent: TableDescriptor,
  cx: UtilityContext,
): readonly RangeDatum[] {
  const datums = exprs.map((expr, i): RangeDatum => {
    if (expr.type === 'ref' && expr.table === undefined && (expr.name === 'minvalue' || expr.name === 'maxvalue'))
      return { kind: expr.name };
    const column = columns[i];
    const value = column === undefined ? null : boundValue(expr, column, parent, cx);
    if (value === null) throw invalid('cannot specify NULL in range bound');
    return { kind: 'value', value };
  });
  for (let i = 1; i < datums.length; i++) {
    const before = datums[i - 1]?.kind;
    if (before !== undefined && before !== 'value' && datums[i]?.kind !== before)
      throw new SqlError(SqlState.datatypeMismatch, `every bound following ${before.toUpperCase()} must also be ${before.toUpperCase()}`, {
        position: startOf(exprs[i]),
      });
  }
  return datums;
}

function columnNameOf(key: PartitionKeyColumn, parent: TableDescriptor): string {
  return parent.columns[key.column - 1]?.name ?? key.exprText ?? '';
}

function boundValue(expr: Expr, key: PartitionKeyColumn, parent: TableDescriptor, cx: UtilityContext): SqlValue {
  const column = parent.columns[key.column - 1];
  const target = { name: columnNameOf(key, parent), type: key.type, typmod: column?.typmod ?? -1 };
  // What is wrong with the expression itself is told as it is.
  bindOverTable(expr, undefined, { clause: 'partition bound' }, cx);
  try {
    const bound = bindOverTable(expr, undefined, { clause: 'partition bound', target }, cx);
    return evaluateExpression(bound.expr, cx.library, cx);
  } catch (error) {
    if (!(error instanceof SqlError) || error.code !== SqlState.datatypeMismatch) throw error;
    throw new SqlError(
      SqlState.datatypeMismatch,
      `specified value cannot be cast to type ${formatType(key.type, -1)} for column "${target.name}"`,
      {
        position: error.fields?.position,
      },
    );
  }
}

/** As pg_get_expr shows pg_class.relpartbound. */
export function boundText(bound: PartitionBound, parent: TableDescriptor, cx: UtilityContext): string {
  const columns = parent.partitionKey?.columns ?? [];
  const datum = (one: RangeDatum, i: number): string =>
    one.kind === 'value' ? valueText(one.value, columns[i]?.type ?? 0, cx) : one.kind.toUpperCase();
  switch (bound.kind) {
    case 'default':
      return 'DEFAULT';
    case 'hash':
      return `FOR VALUES WITH (modulus ${bound.modulus}, remainder ${bound.remainder})`;
    case 'list':
      return `FOR VALUES IN (${bound.values.map((value) => valueText(value, columns[0]?.type ?? 0, cx)).join(', ')})`;
    case 'range':
      return `FOR VALUES FROM (${bound.from.map(datum).join(', ')}) TO (${bound.to.map(datum).join(', ')})`;
  }
}

const INT4 = 23;
const NUMERIC = 1700;
const BOOL = 16;

function valueText(value: SqlValue, type: number, cx: UtilityContext): string {
  if (value === null) return 'NULL';
  const text = textOf(value, type, cx);
  if (type === BOOL) return value === true ? 'true' : 'false';
  if (type === INT4 && !text.startsWith('-')) return text;
  if (type === NUMERIC && /^[0-9].*[eE.]/.test(text)) return text;
  return quoteLiteral(text);
}

/** A new bound beside those that are there. @throws SqlError 42P17, 42P16 */
export function refuseOverlap(
  name: string,
  bound: PartitionBound,
  map: PartitionMap,
  parent: TableDescriptor,
  spec: PartitionBoundSpec,
  cx: UtilityContext,
): void {
  const overlaps = (index: number, position: number | undefined): SqlError =>
    new SqlError(SqlState.invalidObjectDefinition, `partition "${name}" would overlap partition "${map.ordered[index]?.name ?? ''}"`, {
      position,
    });
  switch (bound.kind) {
    case 'default': {
      const existing = map.ordered[map.defaultIndex];
      if (existing === undefined) return;
      throw new SqlError(
        SqlState.invalidObjectDefinition,
        `partition "${name}" conflicts with existing default partition "${existing.name}"`,
        { position: spec._location?.start },
      );
    }
    case 'list':
      for (const [i, value] of bound.values.entries()) {
        const index = map.listIndex(value);
        if (index !== -1) throw overlaps(index, spec.type === 'list' ? startOf(spec.values[i]) : undefined);
      }
      return;
    case 'range':
      refuseRangeOverlap(name, bound, map, parent, spec, overlaps, cx);
      return;
    case 'hash':
      refuseHashOverlap(bound, map, overlaps, spec);
      return;
  }
}

function startOf(expr: Expr | undefined): number | undefined {
  return expr?._location?.start;
}

function refuseRangeOverlap(
  name: string,
  bound: Extract<PartitionBound, { kind: 'range' }>,
  map: PartitionMap,
  parent: TableDescriptor,
  spec: PartitionBoundSpec,
  overlaps: (index: number, position: number | undefined) => SqlError,
  cx: UtilityContext,
): void {
  const order = map.compareBound(bound.from, bound.to);
  if (order >= 0) {
    const decisive = order === 0 ? bound.from.length : order;
    const columns = parent.partitionKey?.columns ?? [];
    const text = (datums: readonly RangeDatum[]): string =>
      `(${datums.map((one, i) => (one.kind === 'value' ? valueText(one.value, columns[i]?.type ?? 0, cx) : one.kind.toUpperCase())).join(', ')})`;
    throw new SqlError(SqlState.invalidObjectDefinition, `empty range bound specified for partition "${name}"`, {
      position: spec.type === 'range' ? startOf(spec.from[decisive - 1]) : undefined,
      detail: `Specified lower bound ${text(bound.from)} is greater than or equal to upper bound ${text(bound.to)}.`,
    });
  }
  for (let i = 0; i < map.rangeCount; i++) {
    const other = map.ordered[i]?.partitionBound;
    if (other?.kind !== 'range') continue;
    if (map.compareBound(bound.from, other.to) >= 0 || map.compareBound(other.from, bound.to) >= 0) continue;
    const order = map.compareBound(other.from, bound.from);
    const datums = spec.type !== 'range' ? [] : order <= 0 ? spec.from : spec.to;
    const place = order <= 0 ? order : map.compareBound(other.from, bound.to);
    throw overlaps(i, startOf(datums[Math.max(Math.abs(place), 1) - 1]));
  }
}

function refuseHashOverlap(
  bound: Extract<PartitionBound, { kind: 'hash' }>,
  map: PartitionMap,
  overlaps: (index: number, position: number | undefined) => SqlError,
  spec: PartitionBoundSpec,
): void {
  const { modulus } = bound;
  let below: { readonly name: string; readonly modulus: number } | undefined;
  let above: { readonly name: string; readonly modulus: number } | undefined;
  for (const { name, partitionBound: other } of map.ordered) {
    if (other?.kind !== 'hash') continue;
    if (other.modulus <= modulus) below = { name, modulus: other.modulus };
    else above ??= { name, modulus: other.modulus };
  }
  const factor = 'every hash partition modulus must be a factor of the next larger modulus';
  if (below !== undefined && modulus % below.modulus !== 0)
    throw new SqlError(SqlState.invalidObjectDefinition, factor, {
      detail: `The new modulus ${modulus} is not divisible by ${below.modulus}, the modulus of existing partition "${below.name}".`,
    });
  if (above !== undefined && above.modulus % modulus !== 0)
    throw new SqlError(SqlState.invalidObjectDefinition, factor, {
      detail: `The new modulus ${modulus} is not a factor of ${above.modulus}, the modulus of existing partition "${above.name}".`,
    });
  map.ordered.forEach(({ partitionBound: other }, i) => {
    if (other?.kind !== 'hash') return;
    const step = Math.min(modulus, other.modulus);
    if (bound.remainder % step === other.remainder % step) throw overlaps(i, spec._location?.start);
  });
}

function invalid(message: string, position?: number): SqlError {
  return new SqlError(SqlState.invalidTableDefinition, message, { position });
}
