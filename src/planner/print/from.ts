import { quoteIdentifier } from '../../catalog/definitions/index.js';
import type { BoundExpr } from '../bind/expression.js';
import type { FromShape, JoinShape } from '../bind/shape.js';
import { someExpr } from '../bind/tree/walk.js';
import type { QueryLevel } from './level.js';
import type { Printer } from './printer.js';
import { INDENT, INDENT_JOIN, INDENT_LIST } from './writer.js';

/** get_from_clause */
export function printFrom(p: Printer, from: readonly FromShape[], word = ' FROM ') {
  const { out } = p;
  from.forEach((item, i) => {
    if (i === 0) {
      out.keyword(word, -INDENT, INDENT, 2);
      printItem(p, item);
      return;
    }
    p.put(', ');
    const text = out.aside(() => printItem(p, item));
    if (p.options.indent && p.options.wrapColumn >= 0) {
      if (text.startsWith('\n')) out.trimSpaces();
      else if (out.lineLength + text.length > p.options.wrapColumn) out.keyword('', -INDENT, INDENT, INDENT_LIST);
    }
    p.put(text);
  });
}

function printItem(p: Printer, from: FromShape) {
  const { level } = p;
  if (level === undefined) return;
  switch (from.kind) {
    case 'relation':
    case 'cte':
      return printRelation(p, level, from);
    case 'query': {
      if (from.node.lateral === true) p.put('LATERAL ');
      const { query } = from;
      p.inParentheses(() => query && p.tools.query(p, query, level));
      p.put(` ${quoteIdentifier(level.aliasOf(from.item))}`);
      return columnList(p, level, from);
    }
    case 'functions':
      return printFunctions(p, level, from);
    case 'join':
      return printJoin(p, level, from);
  }
}

function printRelation(p: Printer, level: QueryLevel, from: Extract<FromShape, { kind: 'relation' | 'cte' }>) {
  const alias = level.aliasOf(from.item);
  if (from.kind === 'cte') {
    p.put(quoteIdentifier(from.node.name.name));
    const { isListed } = level.columnsOf(from.item);
    if (isListed || from.node.alias !== undefined || alias !== from.node.name.name) p.put(` ${quoteIdentifier(alias)}`);
    return columnList(p, level, from);
  }
  const { oid, name } = from.relation;
  if (from.kind === 'relation' && from.node.name.only === true) p.put('ONLY ');
  p.put(p.names.relation(oid, (bare) => level.hidesRelation(bare)));
  const isOwn = alias === (p.options.catalog.relationByOid(oid)?.name ?? name);
  if (level.columnsOf(from.item).isListed || from.node.alias !== undefined || !isOwn) p.put(` ${quoteIdentifier(alias)}`);
  columnList(p, level, from);
  const { sample } = from;
  if (sample === undefined) return;
  p.put(` TABLESAMPLE ${sample.method} (`);
  p.expr(sample.percent, false);
  p.put(')');
  if (sample.seed === undefined) return;
  p.put(' REPEATABLE (');
  p.expr(sample.seed, false);
  p.put(')');
}

function columnList(p: Printer, level: QueryLevel, from: Exclude<FromShape, JoinShape>) {
  const columns = level.columnsOf(from.item);
  if (columns.isListed) p.put(`(${columns.all.map(quoteIdentifier).join(', ')})`);
}

function printFunctions(p: Printer, level: QueryLevel, from: Extract<FromShape, { kind: 'functions' }>) {
  const { functions, node, item } = from;
  const definitions = node.functions.map((written) => written.columns ?? node.columns);
  const [only] = functions;
  const isDefined = definitions.some((columns) => columns !== undefined);
  const call = (expr: BoundExpr) => {
    if (looksLikeCall(expr)) return p.expr(expr, true);
    p.put('CAST(');
    p.expr(expr, false);
    p.put(` AS ${p.names.type(expr.type, expr.typmod)})`);
  };
  if (node.lateral === true || functions.some(({ call }) => usesLevel(call, level))) p.put('LATERAL ');
  const define = (i: number) => {
    const scanned = functions[i];
    if (scanned === undefined) return;
    const columns = scanned.columns.map(({ name, type, typmod }) => `${quoteIdentifier(name)} ${p.names.type(type, typmod)}`);
    p.put(`(${columns.join(', ')})`);
  };
  if (functions.length === 1 && only !== undefined && !(isDefined && node.ordinality === true)) call(only.call);
  else {
    p.put('ROWS FROM(');
    functions.forEach((scanned, i) => {
      if (i > 0) p.put(', ');
      call(scanned.call);
      if (definitions[i] !== undefined) {
        p.put(' AS ');
        define(i);
      }
    });
    p.put(')');
  }
  if (node.ordinality === true) p.put(' WITH ORDINALITY');
  p.put(` ${quoteIdentifier(level.aliasOf(item))}`);
  if (functions.length === 1 && isDefined && node.ordinality !== true) define(0);
  else columnList(p, level, from);
}

/** FROM takes nothing else without CAST around it. */
function looksLikeCall(expr: BoundExpr): boolean {
  if (expr.writtenAs !== undefined) return true;
  if (expr.kind === 'call') return expr.operator === undefined && expr.cast === undefined;
  return expr.kind === 'coalesce' || expr.kind === 'minmax' || expr.kind === 'nullif';
}

function usesLevel(expr: BoundExpr, level: QueryLevel): boolean {
  const { referenced } = level.scope;
  return someExpr(
    expr,
    (part) =>
      (part.kind === 'column' && referenced.has(part.id)) ||
      (part.kind === 'subquery' && part.outerColumns.some((id) => referenced.has(id))),
  );
}

const WORDS = { INNER: ' JOIN ', LEFT: ' LEFT JOIN ', RIGHT: ' RIGHT JOIN ', FULL: ' FULL JOIN ' } as const;

function printJoin(p: Printer, level: QueryLevel, join: JoinShape) {
  const { node, left, right, on, item, using } = join;
  const { pretty } = p.options;
  const named = node.alias === undefined ? undefined : item;
  if (named !== undefined) level.open.add(named);
  if (!pretty || named !== undefined) p.put('(');
  printItem(p, left);
  p.out.keyword(node.joinType === 'INNER' && on === undefined ? ' CROSS JOIN ' : WORDS[node.joinType], -INDENT, INDENT, INDENT_JOIN);
  const needsParentheses = pretty && right.kind === 'join' && right.node.alias === undefined;
  if (needsParentheses) p.put('(');
  printItem(p, right);
  if (needsParentheses) p.put(')');
  if (using !== undefined) {
    const names = item === undefined ? using : level.usingOf(item);
    p.put(` USING (${names.map(quoteIdentifier).join(', ')})`);
    if (node.usingAlias !== undefined) p.put(` AS ${quoteIdentifier(node.usingAlias)}`);
  } else if (on !== undefined) {
    p.put(' ON ');
    p.grouped(() => p.expr(on, false));
  } else if (node.joinType !== 'INNER') p.put(' ON TRUE');
  if (!pretty || named !== undefined) p.put(')');
  if (named === undefined) return;
  level.open.delete(named);
  p.put(` ${quoteIdentifier(level.aliasOf(named))}`);
  const columns = level.columnsOf(named);
  if (columns.isListed) p.put(`(${columns.all.map(quoteIdentifier).join(', ')})`);
}
