import { columnName, parenthesized, qualifiedName, quoteIdentifier } from '../../../catalog/definitions/index.js';
import type { ExtendedStatisticsDescriptor, TableDescriptor } from '../../../catalog/descriptors.js';
import { SqlArray, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import { visibilityIn } from './visibility.js';

const KIND_NAMES: Readonly<Record<string, string>> = { d: 'ndistinct', f: 'dependencies', m: 'mcv' };

function found(
  oid: number,
  cx: FunctionContext,
): { readonly statistics: ExtendedStatisticsDescriptor; readonly table: TableDescriptor } | undefined {
  const statistics = cx.catalog.freeStanding('extended statistics').find((candidate) => candidate.oid === oid);
  const table = statistics === undefined ? undefined : cx.catalog.relationByOid(statistics.table);
  return statistics === undefined || table?.kind !== 'table' ? undefined : { statistics, table };
}

/** `CREATE STATISTICS app.st (ndistinct) ON a, b FROM t`; the kinds only where some are left out. */
export function statisticsDefinition(oid: number, cx: FunctionContext): string | null {
  const known = found(oid, cx);
  if (known === undefined) return null;
  const { statistics, table } = known;
  const kinds = Object.keys(KIND_NAMES).filter((letter) => statistics.kinds.includes(letter));
  const isPartial = kinds.length < Object.keys(KIND_NAMES).length && statistics.columns.length + statistics.exprTexts.length > 1;
  const listed = isPartial ? ` (${kinds.map((letter) => KIND_NAMES[letter]).join(', ')})` : '';
  const from = visibilityIn(cx)(table) ? quoteIdentifier(table.name) : qualifiedName(cx.catalog, table);
  return `CREATE STATISTICS ${qualifiedName(cx.catalog, statistics)}${listed} ON ${elements(statistics, table, cx)} FROM ${from}`;
}

export function statisticsColumns(oid: number, cx: FunctionContext): string | null {
  const known = found(oid, cx);
  return known === undefined ? null : elements(known.statistics, known.table, cx);
}

export function statisticsExpressions(oid: number, cx: FunctionContext): SqlValue {
  const known = found(oid, cx);
  if (known === undefined || known.statistics.exprTexts.length === 0) return null;
  return new SqlArray(expressions(known.statistics, known.table, cx));
}

function elements(statistics: ExtendedStatisticsDescriptor, table: TableDescriptor, cx: FunctionContext): string {
  const columns = statistics.columns.map((number) => quoteIdentifier(columnName(table, number)));
  return [...columns, ...expressions(statistics, table, cx).map(parenthesizedUnlessCall)].join(', ');
}

function expressions({ exprTexts }: ExtendedStatisticsDescriptor, table: TableDescriptor, cx: FunctionContext): readonly string[] {
  return exprTexts.map((text) => cx.session.texts.expression(text, table, { pretty: true }));
}

function parenthesizedUnlessCall(text: string): string {
  return /^[a-z_][a-z0-9_.]*\([^()]*\)$/.test(text) ? text : parenthesized(text);
}
