import type { BoundCall, BoundColumn, BoundExpr } from '../expression.js';

/** Calls back for each direct part of an expression. A sub-query's plan is no part of it, its comparison is. */
export function forEachChild(expr: BoundExpr, visit: (child: BoundExpr) => void): void {
  switch (expr.kind) {
    case 'const':
    case 'param':
    case 'column':
    case 'placeholder':
      return;
    case 'call':
    case 'and':
    case 'or':
    case 'coalesce':
    case 'minmax':
      expr.args.forEach(visit);
      return;
    case 'not':
    case 'null test':
    case 'boolean test':
    case 'relabel':
    case 'io cast':
    case 'typmod cast':
    case 'domain cast':
    case 'field':
      visit(expr.arg);
      return;
    case 'distinct':
    case 'nullif':
      visit(expr.equal);
      return;
    case 'case':
      if (expr.operand !== undefined) visit(expr.operand);
      for (const { when, value } of expr.whens) {
        visit(when);
        visit(value);
      }
      visit(expr.else);
      return;
    case 'array cast':
      visit(expr.arg);
      visit(expr.element);
      return;
    case 'array':
      expr.elements.forEach(visit);
      return;
    case 'subscript':
      visit(expr.arg);
      for (const { lower, upper } of expr.subscripts) {
        if (lower !== undefined) visit(lower);
        if (upper !== undefined) visit(upper);
      }
      return;
    case 'row':
      expr.fields.forEach(visit);
      return;
    case 'row compare':
      expr.equal.forEach(visit);
      expr.less.forEach(visit);
      return;
    case 'quantified':
      visit(expr.array);
      visit(expr.compare);
      return;
    case 'subquery':
      if (expr.compare !== undefined) visit(expr.compare);
      return;
    case 'whole row':
      expr.columns.forEach(visit);
      return;
  }
}

/** The expression and all parts of it, parents first. Plans of sub-queries are not entered. */
export function walkExpression(expr: BoundExpr, visit: (node: BoundExpr) => void): void {
  visit(expr);
  forEachChild(expr, (child) => walkExpression(child, visit));
}

/** The columns that an expression mentions itself; those that its sub-queries use from outside are in their `outerColumns`. */
export function forEachColumn(expr: BoundExpr, visit: (column: BoundColumn) => void): void {
  if (expr.kind === 'column') visit(expr);
  else forEachChild(expr, (child) => forEachColumn(child, visit));
}

/** Does it hold for the expression or a part of it? */
export function someExpr(expr: BoundExpr, test: (expr: BoundExpr) => boolean): boolean {
  if (test(expr)) return true;
  let found = false;
  forEachChild(expr, (child) => {
    found ||= someExpr(child, test);
  });
  return found;
}

/** A copy with parts replaced, from the top: where `replace` gives an expression, its parts aren't looked at. Unchanged trees stay the same object. */
export function mapExpr(expr: BoundExpr, replace: (expr: BoundExpr) => BoundExpr | undefined): BoundExpr {
  const replaced = replace(expr);
  if (replaced !== undefined) return replaced;
  const map = (child: BoundExpr): BoundExpr => mapExpr(child, replace);
  switch (expr.kind) {
    case 'const':
    case 'param':
    case 'column':
    case 'placeholder':
      return expr;
    case 'call':
      return mapCall(expr, replace);
    case 'and':
    case 'or':
    case 'coalesce':
    case 'minmax': {
      const args = mapAll(expr.args, replace);
      return args === expr.args ? expr : { ...expr, args };
    }
    case 'not':
    case 'null test':
    case 'boolean test':
    case 'relabel':
    case 'io cast':
    case 'typmod cast':
    case 'domain cast':
    case 'field': {
      const arg = map(expr.arg);
      return arg === expr.arg ? expr : { ...expr, arg };
    }
    case 'distinct':
    case 'nullif': {
      const equal = mapCall(expr.equal, replace);
      return equal === expr.equal ? expr : { ...expr, equal };
    }
    case 'case':
      return {
        ...expr,
        ...(expr.operand === undefined ? {} : { operand: map(expr.operand) }),
        whens: expr.whens.map(({ when, value }) => ({ when: map(when), value: map(value) })),
        else: map(expr.else),
      };
    case 'array cast': {
      const arg = map(expr.arg);
      return arg === expr.arg ? expr : { ...expr, arg };
    }
    case 'array': {
      const elements = mapAll(expr.elements, replace);
      return elements === expr.elements ? expr : { ...expr, elements };
    }
    case 'subscript':
      return {
        ...expr,
        arg: map(expr.arg),
        subscripts: expr.subscripts.map(({ lower, upper }) => ({
          ...(lower === undefined ? {} : { lower: map(lower) }),
          ...(upper === undefined ? {} : { upper: map(upper) }),
        })),
      };
    case 'row': {
      const fields = mapAll(expr.fields, replace);
      return fields === expr.fields ? expr : { ...expr, fields };
    }
    case 'row compare':
      return {
        ...expr,
        left: mapAll(expr.left, replace),
        right: mapAll(expr.right, replace),
        equal: expr.equal.map((call) => mapCall(call, replace)),
        less: expr.less.map((call) => mapCall(call, replace)),
      };
    case 'quantified':
      return { ...expr, array: map(expr.array), compare: map(expr.compare) };
    case 'subquery': {
      if (expr.compare === undefined) return expr;
      const compare = map(expr.compare);
      return compare === expr.compare ? expr : { ...expr, compare };
    }
    case 'whole row': {
      const fields = mapAll(expr.columns, replace);
      return fields === expr.columns ? expr : { kind: 'row', fields, names: expr.names, type: expr.type, typmod: -1 };
    }
  }
}

function mapAll(exprs: readonly BoundExpr[], replace: (expr: BoundExpr) => BoundExpr | undefined): readonly BoundExpr[] {
  let changed = false;
  const mapped = exprs.map((expr) => {
    const result = mapExpr(expr, replace);
    changed ||= result !== expr;
    return result;
  });
  return changed ? mapped : exprs;
}

function mapCall(call: BoundCall, replace: (expr: BoundExpr) => BoundExpr | undefined): BoundCall {
  const args = mapAll(call.args, replace);
  return args === call.args ? call : { ...call, args };
}

/** Where an expression starts in the text: an operator's left operand, a function's name (PostgreSQL's exprLocation). */
export function startOf(expr: BoundExpr): number | undefined {
  let start = expr.location;
  switch (expr.kind) {
    case 'call':
    case 'and':
    case 'or':
    case 'not':
    case 'null test':
    case 'boolean test':
    case 'distinct':
    case 'nullif':
    case 'quantified':
    case 'relabel':
    case 'io cast':
    case 'typmod cast':
    case 'domain cast':
    case 'array cast':
    case 'field':
    case 'subscript':
      forEachChild(expr, (child) => {
        start = leftmost(start, startOf(child));
      });
      return start;
    default:
      return start;
  }
}

function leftmost(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b;
  return b === undefined || a < b ? a : b;
}
