import { quoteIdentifier } from '../../catalog/definitions/index.js';
import type { BoundExpr } from '../bind/expression.js';
import type { SortItem } from '../bind/query/clauses.js';
import type { Limit } from '../bind/query/limit.js';
import type { Target } from '../bind/query/target.js';
import type { CycleShape, FromShape, JoinShape, QueryShape, SelectShape, SetOperationShape, WithShape } from '../bind/shape.js';
import type { CommonTableExpr, Expr, GroupItem } from '../parse/ast.js';
import { direction } from './direction.js';
import { printWholeRow } from './expressions.js';
import { printFrom } from './from.js';
import { QueryLevel } from './level.js';
import type { Printer } from './printer.js';
import { windowSpecification } from './windows.js';
import { INDENT, INDENT_LIST } from './writer.js';

export interface QueryOptions {
  /** What the result's columns are called, where it isn't what the query says. */
  readonly names?: readonly string[];
  /** The result's names don't matter: of a sub-query in an expression. */
  readonly isNameless?: true;
  /** Names that no FROM item may take. */
  readonly reserved?: readonly string[];
}

/** A query at the depth where the printer stands (get_query_def). */
export function printQuery(p: Printer, shape: QueryShape, parent: QueryLevel | undefined, options: QueryOptions = {}) {
  const { level, isPrefixed, out } = p;
  const depth = out.level;
  p.level = new QueryLevel(p.options, parent, shape, options.reserved);
  p.isPrefixed = parent !== undefined || p.rowColumns.size > 0 || options.reserved !== undefined || !isSingle(shape);
  if (shape.with !== undefined) printWith(p, shape.with);
  printBody(p, shape, options);
  if (shape.sort.length > 0) {
    out.keyword(' ORDER BY ', -INDENT, INDENT, 1);
    printSort(p, shape, shape.sort);
  }
  if (shape.limit !== undefined) printLimit(p, shape.limit);
  if (shape.kind === 'select') printLocking(p, shape);
  p.level = level;
  p.isPrefixed = isPrefixed;
  out.level = depth;
}

function isSingle(shape: QueryShape): boolean {
  return shape.kind === 'select' && shape.from.length === 1 && shape.from[0]?.kind !== 'join';
}

function printBody(p: Printer, shape: QueryShape, options: QueryOptions) {
  switch (shape.kind) {
    case 'select':
      return printSelect(p, shape, options);
    case 'values':
      p.out.beginQuery();
      return printValues(p, shape.rows);
    case 'set operation':
      return printSetOperation(p, shape, options);
  }
}

function printWith(p: Printer, { recursive, ctes }: WithShape) {
  const { out } = p;
  const { indent } = p.options;
  if (indent) out.beginQuery();
  ctes.forEach(({ cte, query, cycle }, i) => {
    p.put(i > 0 ? ', ' : recursive ? 'WITH RECURSIVE ' : 'WITH ');
    p.put(quoteIdentifier(cte.name));
    if (cte.columns !== undefined) p.put(`(${cte.columns.map(quoteIdentifier).join(', ')})`);
    p.put(' AS ');
    if (cte.materialized !== undefined) p.put(cte.materialized ? 'MATERIALIZED ' : 'NOT MATERIALIZED ');
    p.put('(');
    if (indent) out.keyword('');
    if (query !== undefined) printQuery(p, query, p.level);
    if (indent) out.keyword('');
    p.put(')');
    printSearch(p, cte, cycle);
  });
  if (indent) {
    out.level -= INDENT;
    out.keyword('');
  } else p.put(' ');
}

function printSearch(p: Printer, { search, cycle }: CommonTableExpr, values: CycleShape | undefined) {
  if (search !== undefined) {
    const order = search.breadthFirst ? 'BREADTH' : 'DEPTH';
    p.put(` SEARCH ${order} FIRST BY ${search.columns.map(quoteIdentifier).join(', ')} SET ${quoteIdentifier(search.sequence)}`);
  }
  if (cycle === undefined || values === undefined) return;
  p.put(` CYCLE ${cycle.columns.map(quoteIdentifier).join(', ')} SET ${quoteIdentifier(cycle.mark)}`);
  const isPlain = isBoolean(values.value, true) && isBoolean(values.default, false);
  if (!isPlain) {
    p.put(' TO ');
    p.expr(values.value, false);
    p.put(' DEFAULT ');
    p.expr(values.default, false);
  }
  p.put(` USING ${quoteIdentifier(cycle.path)}`);
}

function isBoolean(expr: BoundExpr, value: boolean): boolean {
  return expr.kind === 'const' && expr.value === value;
}

function printSelect(p: Printer, shape: SelectShape, options: QueryOptions) {
  const { out, level } = p;
  if (level === undefined) return;
  out.beginQuery();
  p.put('SELECT');
  if (shape.distinct === 'all') p.put(' DISTINCT');
  else if (shape.distinct !== 'none') {
    p.put(' DISTINCT ON (');
    printTargets(p, shape.distinct);
    p.put(')');
  }
  printSelectList(
    p,
    shape.targets.filter((target) => !target.isHidden),
    options,
  );
  printFrom(p, shape.from);
  if (shape.where !== undefined) {
    out.keyword(' WHERE ', -INDENT, INDENT, 1);
    p.expr(shape.where, false);
  }
  if (shape.groupBy !== undefined) {
    out.keyword(' GROUP BY ', -INDENT, INDENT, 1);
    if (shape.groupDistinct) p.put('DISTINCT ');
    printGroups(p, shape, shape.groupBy);
  }
  if (shape.having !== undefined) {
    out.keyword(' HAVING ', -INDENT, INDENT);
    p.expr(shape.having, false);
  }
  const named = shape.windows.filter(({ definition }) => definition.name !== undefined);
  named.forEach((window, i) => {
    if (i === 0) out.keyword(' WINDOW ', -INDENT, INDENT, 1);
    else p.put(', ');
    p.put(`${quoteIdentifier(window.definition.name ?? '')} AS `);
    windowSpecification(p, window);
  });
}

/** get_target_list */
function printSelectList(p: Printer, targets: readonly Target[], options: QueryOptions) {
  const { out, level } = p;
  const { indent, wrapColumn } = p.options;
  let wasLong = false;
  targets.forEach((target, i) => {
    p.put(i === 0 ? ' ' : ', ');
    const text = out.aside(() => {
      const expr = level?.exprOf(target) ?? target.expr;
      const name = options.names?.[i] ?? target.name;
      let shown = options.isNameless === true ? '?column?' : undefined;
      if (expr.kind === 'whole row') {
        printWholeRow(p, expr, true);
        shown = undefined;
      } else {
        p.expr(expr, true);
        if (expr.kind === 'column' && p.isColumn(expr)) shown = level?.column(expr.id)?.column;
        else if (expr.mergedColumn !== undefined) shown = level?.mergedName(expr.mergedColumn);
      }
      if (shown !== name) p.put(` AS ${quoteIdentifier(name)}`);
    });
    if (indent && wrapColumn >= 0) {
      if (text.startsWith('\n')) out.trimSpaces();
      else if (i > 0 && (wasLong || out.lineLength + text.length > wrapColumn)) out.keyword('', -INDENT, INDENT, INDENT_LIST);
      wasLong = text.includes('\n', 1);
    }
    p.put(text);
  });
}

function printTargets(p: Printer, targets: readonly Target[]) {
  targets.forEach((target, i) => {
    if (i > 0) p.put(', ');
    p.sortExpr(p.level?.exprOf(target) ?? target.expr);
  });
}

function printGroups(p: Printer, shape: SelectShape, items: readonly GroupItem[]) {
  const targets = (nodes: readonly Expr[]) =>
    nodes.forEach((node, i) => {
      if (i > 0) p.put(', ');
      const found = shape.groupTargets.get(node);
      if (found !== undefined) p.sortExpr(shape.exprs.get(found) ?? found.expr);
    });
  const list = (nodes: readonly GroupItem[], isBare: boolean) =>
    nodes.forEach((node, i) => {
      if (i > 0) p.put(', ');
      item(node, isBare);
    });
  /** @param isBare one expression alone needs no parentheses here */
  const item = (node: GroupItem, isBare: boolean) => {
    if (node.type !== 'grouping set') {
      const parts = node.type === 'row' && node.explicit !== true ? node.expressions : [node];
      if (isBare && parts.length === 1) targets(parts);
      else p.inParentheses(() => targets(parts));
      return;
    }
    if (node.kind === 'EMPTY') {
      p.put('()');
      return;
    }
    p.put(node.kind === 'SETS' ? 'GROUPING SETS (' : `${node.kind}(`);
    list(node.items, node.kind !== 'SETS');
    p.put(')');
  };
  if (items.some((each) => each.type === 'grouping set')) list(items, true);
  else
    targets(
      items.flatMap((each) =>
        each.type === 'grouping set' ? [] : each.type === 'row' && each.explicit !== true ? each.expressions : [each],
      ),
    );
}

/** Set operations sort by the places of their columns. */
function printSort(p: Printer, shape: QueryShape, sort: readonly SortItem[]) {
  sort.forEach(({ target, descending, nullsFirst }, i) => {
    if (i > 0) p.put(', ');
    if (shape.kind === 'select') p.sortExpr(shape.exprs.get(target) ?? target.expr);
    else if (shape.kind === 'set operation') p.put(`${shape.targets.indexOf(target) + 1}`);
    else p.put(quoteIdentifier(target.name));
    p.put(direction(descending, nullsFirst));
  });
}

function printLimit(p: Printer, { limit, offset, withTies }: Limit) {
  const { out } = p;
  if (offset !== undefined) {
    out.keyword(' OFFSET ', -INDENT, INDENT);
    p.expr(offset, false);
  }
  if (limit === undefined) return;
  if (withTies) {
    out.keyword(' FETCH FIRST ', -INDENT, INDENT);
    p.inParentheses(() => p.expr(limit, false));
    p.put(' ROWS WITH TIES');
    return;
  }
  out.keyword(' LIMIT ', -INDENT, INDENT);
  p.expr(limit, false);
}

/** One line for each relation that is locked. */
function printLocking(p: Printer, { locking, from }: SelectShape) {
  if (locking.length === 0) return;
  const lockable = (item: FromShape): Exclude<FromShape, JoinShape>[] =>
    item.kind === 'join'
      ? [...lockable(item.left), ...lockable(item.right)]
      : item.kind === 'relation' || item.kind === 'query'
        ? [item]
        : [];
  for (const { item } of from.flatMap(lockable)) {
    const clause = locking.find(({ of }) => of === undefined || of.some((name) => name.name === item.alias));
    if (clause === undefined) continue;
    p.out.keyword(` FOR ${clause.strength} OF ${quoteIdentifier(p.level?.aliasOf(item) ?? item.alias)}`, -INDENT, INDENT);
    if (clause.wait !== undefined) p.put(` ${clause.wait}`);
  }
}

function printValues(p: Printer, rows: readonly (readonly BoundExpr[])[]) {
  p.put('VALUES ');
  rows.forEach((row, i) => {
    if (i > 0) p.put(', ');
    p.put('(');
    row.forEach((expr, j) => {
      if (j > 0) p.put(',');
      if (expr.kind === 'whole row') printWholeRow(p, expr, true);
      else p.expr(expr, false);
    });
    p.put(')');
  });
}

/** get_setop_query: an arm that has clauses of its own, or a set operation that would be read another way, stands in parentheses. */
function printSetOperation(p: Printer, shape: SetOperationShape, options: QueryOptions) {
  const { out } = p;
  const { indent } = p.options;
  const leftDepth = isNested(shape.left) && !isSameOperation(shape.left, shape) ? INDENT : 0;
  if (leftDepth > 0) {
    p.put('(');
    out.keyword('', leftDepth);
  }
  printArm(p, shape.left, options);
  if (leftDepth > 0) out.keyword(') ', -leftDepth);
  else if (indent) out.keyword('');
  else p.put(' ');
  p.put(`${shape.op} ${shape.all ? 'ALL ' : ''}`);
  const rightDepth = isNested(shape.right) ? INDENT : 0;
  if (rightDepth > 0) p.put('(');
  out.keyword('', rightDepth);
  printArm(p, shape.right, { ...options, isNameless: true });
  if (rightDepth === 0) return;
  if (indent) out.level -= rightDepth;
  out.keyword(')');
}

function printArm(p: Printer, arm: QueryShape, options: QueryOptions) {
  if (isNested(arm)) return printSetOperation(p, arm, options);
  const { reserved: _, ...rest } = options;
  const print = () => printQuery(p, arm, p.level, rest);
  if (hasTail(arm)) p.inParentheses(print);
  else print();
}

/** It has no clauses of its own, so that the set operation around it has its arms. */
function isNested(shape: QueryShape): shape is SetOperationShape {
  return shape.kind === 'set operation' && !hasTail(shape);
}

function isSameOperation(shape: SetOperationShape, parent: SetOperationShape): boolean {
  return shape.op === parent.op && shape.all === parent.all;
}

function hasTail(shape: QueryShape): boolean {
  return (
    shape.with !== undefined || shape.sort.length > 0 || shape.limit !== undefined || (shape.kind === 'select' && shape.locking.length > 0)
  );
}
