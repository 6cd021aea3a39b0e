import { quoteIdentifier } from '../../catalog/definitions/index.js';
import { TypeOid } from '../../types/oids.js';
import type {
  BoundArray,
  BoundCall,
  BoundCase,
  BoundColumn,
  BoundExpr,
  BoundField,
  BoundLogic,
  BoundQuantified,
  BoundRow,
  BoundRowCompare,
  BoundSubquery,
  BoundSubscript,
  BoundWholeRow,
} from '../bind/expression.js';
import { aggregateCall, windowCall } from './aggregates.js';
import { castParts, withoutImplicit } from './casts.js';
import type { Printer } from './printer.js';
import { printSpecialCall } from './special-calls.js';
import { INDENT_LIST } from './writer.js';

/** An expression of any kind (get_rule_expr). */
export function printExpr(p: Printer, expr: BoundExpr, showImplicit: boolean) {
  if (expr.writtenAs !== undefined) {
    const merged = expr.mergedColumn === undefined ? undefined : p.level?.mergedName(expr.mergedColumn);
    p.put(merged === undefined ? expr.writtenAs : quoteIdentifier(merged));
    return;
  }
  const cast = castParts(expr);
  if (cast !== undefined) {
    // Any row is a record.
    if (cast.explicit || (showImplicit && cast.type !== TypeOid.record)) p.constantOrCast(cast.arg, cast.type, cast.typmod, expr);
    else p.within(cast.arg, false, expr);
    return;
  }
  switch (expr.kind) {
    case 'const':
      p.put(p.names.constant(expr, 0));
      return;
    case 'param':
      p.put(`$${expr.index + 1}`);
      return;
    case 'column':
      return printColumn(p, expr);
    case 'call':
      return printCall(p, expr);
    case 'and':
    case 'or':
      return printLogic(p, expr);
    case 'not':
      return p.grouped(() => {
        p.put('NOT ');
        p.within(expr.arg, false, expr);
      });
    case 'null test':
      return p.grouped(() => {
        p.within(expr.arg, true, expr);
        const test = expr.negated ? 'IS NOT NULL' : 'IS NULL';
        const isScalarRow = !expr.rowwise && expr.arg.type === TypeOid.record;
        p.put(isScalarRow ? (expr.negated ? ' IS DISTINCT FROM NULL' : ' IS NOT DISTINCT FROM NULL') : ` ${test}`);
      });
    case 'boolean test':
      return p.grouped(() => {
        p.within(expr.arg, false, expr);
        p.put(` IS ${expr.negated ? 'NOT ' : ''}${expr.test.toUpperCase()}`);
      });
    case 'distinct':
      return printDistinct(p, expr.equal, expr.negated, expr);
    case 'case':
      return printCase(p, expr);
    case 'coalesce':
      return printFunction(p, 'COALESCE', expr.args);
    case 'nullif':
      return printFunction(p, 'NULLIF', expr.equal.args);
    case 'minmax':
      return printFunction(p, expr.op.toUpperCase(), expr.args);
    case 'relabel':
      return printCollate(p, expr.arg, expr.collation ?? 0, showImplicit, expr);
    case 'array':
      return printArray(p, expr);
    case 'subscript':
      return printSubscript(p, expr);
    case 'row':
      return printRow(p, expr);
    case 'field':
      return printField(p, expr);
    case 'row compare':
      return printRowCompare(p, expr);
    case 'quantified':
      return printQuantified(p, expr);
    case 'subquery':
      return printSubquery(p, expr);
    case 'whole row':
      return printWholeRow(p, expr, false);
    case 'placeholder':
      p.put('CASE_TEST_EXPR');
      return;
    case 'io cast':
    case 'array cast':
    case 'typmod cast':
    case 'domain cast':
      return;
  }
}

function printColumn(p: Printer, expr: BoundColumn) {
  const found = p.level?.computed(expr.id);
  if (found === undefined) return p.column(expr.id, expr.name);
  const { level } = p;
  p.level = found.level;
  const { computed } = found;
  switch (computed.kind) {
    case 'aggregate':
      aggregateCall(p, computed.call);
      break;
    case 'window':
      windowCall(p, computed.call, computed.window);
      break;
    case 'grouping':
      printFunction(p, 'GROUPING', computed.args);
      break;
  }
  p.level = level;
}

function printFunction(p: Printer, name: string, args: readonly BoundExpr[]) {
  p.put(`${name}(`);
  p.list(args);
  p.put(')');
}

function printCall(p: Printer, call: BoundCall) {
  const { args } = call;
  if (call.operator !== undefined) return printOperator(p, call);
  if (call.sqlSyntax === true && printSpecialCall(p, call)) return;
  p.put(`${p.names.proc(call.proc)}(`);
  const written = call.written ?? args.map((arg) => ({ arg }));
  const isVariadic = call.variadicArray === true || p.isVariadic(call.proc);
  written.forEach((argument, i) => {
    if (i > 0) p.put(', ');
    if ('name' in argument && argument.name !== undefined) p.put(`${quoteIdentifier(argument.name)} => `);
    if (isVariadic && i === written.length - 1) p.put('VARIADIC ');
    p.expr(argument.arg, true);
  });
  p.put(')');
}

function printOperator(p: Printer, call: BoundCall) {
  const [left, right] = call.args;
  if (left === undefined) return;
  if (isRowSubquery(right)) return rowSubquery(p, [call], p.operator(call));
  p.grouped(() => {
    if (right === undefined) {
      p.put(`${p.operator(call)} `);
      p.within(left, true, call);
      return;
    }
    p.within(left, true, call);
    p.put(` ${p.operator(call)} `);
    p.within(right, true, call);
  });
}

function printLogic(p: Printer, expr: BoundLogic) {
  const calls = expr.args.filter((arg): arg is BoundCall => arg.kind === 'call');
  const [first] = calls;
  if (first !== undefined && calls.length === expr.args.length && calls.every((call) => isRowSubquery(call.args[1]))) {
    return rowSubquery(p, calls, p.operator(first));
  }
  p.grouped(() => {
    expr.args.forEach((arg, i) => {
      if (i > 0) p.put(expr.kind === 'and' ? ' AND ' : ' OR ');
      p.within(arg, false, expr);
    });
  });
}

/** A column of the one row that `(a, b) = (SELECT …)` compares with. */
function isRowSubquery(expr: BoundExpr | undefined): boolean {
  const plain = expr === undefined ? undefined : withoutImplicit(expr);
  return plain?.kind === 'field' && plain.arg.kind === 'subquery' && plain.arg.mode === 'row';
}

function rowSubquery(p: Printer, calls: readonly BoundCall[], operator: string) {
  const [first] = calls;
  const field = first?.args[1] === undefined ? undefined : withoutImplicit(first.args[1]);
  if (field?.kind !== 'field' || field.arg.kind !== 'subquery') return;
  const { shape } = field.arg;
  p.put('((');
  p.list(calls.flatMap((call) => call.args[0] ?? []));
  p.put(`) ${operator} (`);
  if (shape !== undefined) p.tools.query(p, shape, p.level, { isNameless: true });
  p.put('))');
}

function printDistinct(p: Printer, equal: BoundCall, negated: boolean, parent: BoundExpr) {
  const [left, right] = equal.args;
  if (left === undefined || right === undefined) return;
  const test = () =>
    p.grouped(() => {
      p.within(left, true, parent);
      p.put(' IS DISTINCT FROM ');
      p.within(right, true, parent);
    });
  if (!negated) return test();
  p.grouped(() => {
    p.put('NOT ');
    if (p.options.pretty) test();
    else test();
  });
}

function printCase(p: Printer, expr: BoundCase) {
  const { out } = p;
  const space = () => {
    if (!p.options.indent) p.put(' ');
  };
  out.keyword('CASE', 0, INDENT_LIST);
  if (expr.operand !== undefined) {
    p.put(' ');
    p.expr(expr.operand, true);
  }
  for (const { when, value } of expr.whens) {
    space();
    out.keyword('WHEN ');
    p.expr(expr.operand === undefined ? when : comparedWith(when), false);
    p.put(' THEN ');
    p.expr(value, true);
  }
  space();
  out.keyword('ELSE ');
  p.expr(expr.else, true);
  space();
  out.keyword('END', -INDENT_LIST);
}

/** CASE x WHEN v: what the operand is compared with. */
function comparedWith(when: BoundExpr): BoundExpr {
  if (when.kind !== 'call' || when.operator === undefined) return when;
  const [left, right] = when.args;
  return left !== undefined && right !== undefined && withoutImplicit(left).kind === 'placeholder' ? right : when;
}

function printCollate(p: Printer, arg: BoundExpr, collation: number, showImplicit: boolean, parent: BoundExpr) {
  p.grouped(() => {
    p.within(arg, showImplicit, parent);
    p.put(` COLLATE ${p.names.collation(collation)}`);
  });
}

function printArray(p: Printer, expr: BoundArray) {
  p.put('ARRAY[');
  p.list(expr.elements);
  p.put(']');
  if (expr.elements.length === 0) p.put(`::${p.names.type(expr.type, -1)}`);
}

function printSubscript(p: Printer, expr: BoundSubscript) {
  const isBare = (expr.arg.kind === 'column' && p.isColumn(expr.arg)) || expr.arg.kind === 'field';
  if (isBare) p.expr(expr.arg, true);
  else p.inParentheses(() => p.expr(expr.arg, true));
  for (const { lower, upper } of expr.subscripts) {
    p.put('[');
    if (lower !== undefined) p.expr(lower, false);
    if (expr.slice) p.put(':');
    if (upper !== undefined) p.expr(upper, false);
    p.put(']');
  }
}

function printRow(p: Printer, expr: BoundRow) {
  p.put('ROW(');
  expr.fields.forEach((field, i) => {
    if (i > 0) p.put(', ');
    if (field.kind === 'whole row') printWholeRow(p, field, true);
    else p.expr(field, true);
  });
  p.put(')');
  if (expr.type !== TypeOid.record) p.put(`::${p.names.type(expr.type, -1)}`);
}

function printField(p: Printer, expr: BoundField) {
  const { arg } = expr;
  if (arg.kind === 'field' || arg.kind === 'subscript') p.expr(arg, true);
  else p.inParentheses(() => p.expr(arg, true));
  const relation = p.options.catalog.relationOfRowType(arg.type);
  const live = relation !== undefined && 'columns' in relation && relation.kind !== 'index' ? relation.columns : [];
  const names = live.filter((column) => !('dropped' in column && column.dropped === true));
  const named = names[expr.index];
  p.put(`.${quoteIdentifier(named !== undefined && 'name' in named ? named.name : expr.name)}`);
}

function printRowCompare(p: Printer, expr: BoundRowCompare) {
  if (isRowSubquery(expr.right[0])) {
    const operator = expr.op;
    return rowSubquery(
      p,
      expr.equal.map((call, i) => ({ ...call, args: [expr.left[i] ?? call, expr.right[i] ?? call] })),
      operator,
    );
  }
  p.put('(ROW(');
  p.list(expr.left);
  p.put(`) ${expr.op} ROW(`);
  p.list(expr.right);
  p.put('))');
}

function printQuantified(p: Printer, expr: BoundQuantified) {
  const { compare, array } = expr;
  if (compare.kind !== 'call') return;
  const [left] = compare.args;
  if (left === undefined) return;
  p.grouped(() => {
    p.within(left, true, expr);
    p.put(` ${p.operator(compare)} ${expr.quantifier.toUpperCase()} (`);
    p.within(array, true, expr);
    if (array.kind === 'subquery' && array.mode === 'scalar') p.put(`::${p.names.type(array.type, array.typmod)}`);
    p.put(')');
  });
}

/** EXISTS, IN, ANY, ALL, ARRAY or a value (get_sublink_expr). */
function printSubquery(p: Printer, expr: BoundSubquery) {
  const { shape } = expr;
  const query = () => {
    if (shape !== undefined) p.tools.query(p, shape, p.level, { isNameless: true });
  };
  switch (expr.mode) {
    case 'exists':
      p.put('(EXISTS (');
      query();
      p.put('))');
      return;
    case 'array':
      p.put('ARRAY(');
      query();
      p.put(')');
      return;
    case 'scalar':
    case 'row':
      p.inParentheses(query);
      return;
    case 'any':
    case 'all': {
      const { operator } = printTested(p, expr);
      p.put(expr.mode === 'all' ? ` ${operator} ALL (` : operator === '=' ? ' IN (' : ` ${operator} ANY (`);
      query();
      p.put('))');
    }
  }
}

/** The left side of IN and its like. */
function printTested(p: Printer, expr: BoundSubquery): { readonly operator: string } {
  const { compare } = expr;
  p.put('(');
  if (compare === undefined) return { operator: '=' };
  if (compare.kind === 'call') {
    const [left] = compare.args;
    if (left !== undefined) p.expr(left, true);
    return { operator: p.operator(compare) };
  }
  if (compare.kind === 'row compare') {
    p.inParentheses(() => p.list(compare.left));
    return { operator: compare.op };
  }
  const calls = compare.kind === 'and' || compare.kind === 'or' ? compare.args : [];
  p.inParentheses(() => p.list(calls.flatMap((call) => (call.kind === 'call' ? (call.args[0] ?? []) : []))));
  const [first] = calls;
  return { operator: first?.kind === 'call' ? p.operator(first) : '=' };
}

/** `t.*`; as an entry of a select list with its type, so that it isn't spread. */
export function printWholeRow(p: Printer, expr: BoundWholeRow, isEntry: boolean) {
  const [first] = expr.columns;
  const table = first === undefined ? undefined : p.level?.rowName(first.id);
  // A trigger's condition speaks of two rows by name.
  const row = first === undefined ? undefined : /^(?:old|new)\./.exec(p.rowColumns.get(first.id) ?? '')?.[0];
  p.put(table === undefined ? `${row ?? ''}*` : `${quoteIdentifier(table)}.*`);
  if (isEntry) p.put(`::${p.names.type(expr.type, -1)}`);
}
