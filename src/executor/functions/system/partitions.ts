import { partitionConstraintDefinition, partitionKeyDefinition, quoteLiteral } from '../../../catalog/definitions/index.js';
import type { IndexDescriptor, TableDescriptor } from '../../../catalog/descriptors.js';
import { formatType } from '../../../types/format-type.js';
import { TypeOid } from '../../../types/oids.js';
import { codecFor } from '../../../types/type-codec.js';
import type { Row, SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import { visibilityIn } from './visibility.js';

type Part = TableDescriptor | IndexDescriptor;

function partOf(relation: SqlValue, cx: FunctionContext): Part | undefined {
  const found = typeof relation === 'number' ? cx.catalog.relationByOid(relation) : undefined;
  return found?.kind === 'table' || found?.kind === 'index' ? found : undefined;
}

function isPartitioned(part: Part, cx: FunctionContext): boolean {
  const table = part.kind === 'table' ? part : cx.catalog.relationByOid(part.table);
  return table?.kind === 'table' && table.partitionKey !== undefined;
}

function parentOf(part: Part, cx: FunctionContext): Part | undefined {
  if (part.kind === 'table') return part.partitionBound === undefined ? undefined : partOf(part.parents?.[0] ?? null, cx);
  return partOf(part.parentIndex ?? null, cx);
}

function childrenOf(part: Part, cx: FunctionContext): readonly Part[] {
  if (part.kind === 'table') return cx.catalog.childrenOf(part.oid);
  return cx.catalog
    .childrenOf(part.table)
    .flatMap((table) => cx.catalog.indexesOf(table.oid).filter((index) => index.parentIndex === part.oid));
}

/** Neither partitioned nor a partition: these functions have nothing to say of it. */
function isOutside(part: Part | undefined, cx: FunctionContext): part is undefined {
  return part === undefined || (!isPartitioned(part, cx) && parentOf(part, cx) === undefined);
}

export function partitionRoot(relation: number, cx: FunctionContext): number | null {
  const part = partOf(relation, cx);
  if (isOutside(part, cx)) return null;
  let at: Part = part;
  for (let parent = parentOf(at, cx); parent !== undefined; parent = parentOf(at, cx)) at = parent;
  return at.oid;
}

export function* partitionTree(relation: SqlValue, cx: FunctionContext): Generator<Row> {
  const root = partOf(relation, cx);
  if (isOutside(root, cx)) return;
  const queue: { readonly part: Part; readonly level: number }[] = [{ part: root, level: 0 }];
  for (const { part, level } of queue) {
    const parent = parentOf(part, cx);
    yield [part.oid, parent?.oid ?? null, !isPartitioned(part, cx), level];
    if (isPartitioned(part, cx)) for (const child of childrenOf(part, cx)) queue.push({ part: child, level: level + 1 });
  }
}

export function* partitionAncestors(relation: SqlValue, cx: FunctionContext): Generator<Row> {
  const part = partOf(relation, cx);
  if (isOutside(part, cx)) return;
  for (let at: Part | undefined = part; at !== undefined; at = parentOf(at, cx)) yield [at.oid];
}

export function partitionKeyOf(relation: number, cx: FunctionContext): string | null {
  const table = cx.catalog.relationByOid(relation);
  if (table?.kind !== 'table') return null;
  return partitionKeyDefinition(cx.catalog, table, { isVisible: visibilityIn(cx), texts: cx.session.texts }) ?? null;
}

export function partitionConstraintOf(relation: number, cx: FunctionContext): string | null {
  const table = cx.catalog.relationByOid(relation);
  if (table?.kind !== 'table') return null;
  const constant = (value: SqlValue, type: number): string => constantText(value, type, cx);
  const options = { isVisible: visibilityIn(cx), texts: cx.session.texts };
  return partitionConstraintDefinition(cx.catalog, table, constant, options) ?? null;
}

/** As PostgreSQL's ruleutils print constants. */
export function constantText(value: SqlValue, type: number, cx: Pick<FunctionContext, 'format'>): string {
  const text = value === null ? '' : (codecFor(type)?.output(value, cx.format) ?? '');
  if (type === TypeOid.bool) return value === true ? 'true' : 'false';
  if (type === TypeOid.int4 && !text.startsWith('-')) return text;
  if (type === TypeOid.numeric && /^[0-9].*[eE.]/.test(text)) return text;
  return `${quoteLiteral(text)}::${formatType(type, -1)}`;
}
