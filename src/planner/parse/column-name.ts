import type { Expr, SelectStatement } from './ast.js';

const UNNAMED = '?column?';

/** PostgreSQL's name for an output column without AS (FigureColname). */
export function figureColumnName(expr: Expr): string {
  return figure(expr)?.name ?? UNNAMED;
}

/** `weak` names (a cast's type, CASE) yield to what is inside: `case when a then b.c end`'s is "case", `x::int`'s is "x". */
interface Figured {
  readonly name: string;
  readonly weak?: true;
}

function figure(expr: Expr): Figured | undefined {
  switch (expr.type) {
    case 'ref':
      return expr.star ? undefined : { name: expr.name };
    case 'field':
      return expr.star ? undefined : { name: expr.field };
    case 'arrayIndex':
      return figure(expr.array);
    case 'collate':
      return figure(expr.operand);
    case 'call':
      return { name: expr.function.name };
    case 'keyword':
      return { name: expr.keyword };
    case 'cast': {
      // `(a.*)::text` is "a".
      const inner =
        expr.operand.type === 'ref' && expr.operand.star && expr.operand.table !== undefined
          ? { name: expr.operand.table.name }
          : figure(expr.operand);
      return inner !== undefined && !inner.weak ? inner : { name: expr.to.name, weak: true };
    }
    case 'case': {
      const inner = expr.else === undefined ? undefined : figure(expr.else);
      return inner !== undefined && !inner.weak ? inner : { name: 'case', weak: true };
    }
    case 'nullif':
      return { name: 'nullif' };
    case 'coalesce':
      return { name: 'coalesce' };
    case 'minmax':
      return { name: expr.op };
    case 'grouping':
      return { name: 'grouping' };
    case 'array':
    case 'array select':
      return { name: 'array' };
    case 'row':
      return { name: 'row' };
    case 'exists':
      return { name: 'exists' };
    case 'subquery': {
      const name = firstColumnName(expr.select);
      return name === undefined ? undefined : { name };
    }
    default:
      return undefined;
  }
}

/** The name of a sub-query's column; undefined for `*`, which only the binder can name. */
function firstColumnName(select: SelectStatement): string | undefined {
  switch (select.type) {
    case 'values':
      return 'column1';
    case 'set operation':
      return firstColumnName(select.left);
    case 'select': {
      const [column] = select.columns;
      if (column === undefined || (column.expr.type === 'ref' && column.expr.star)) return undefined;
      return column.alias ?? figureColumnName(column.expr);
    }
  }
}
