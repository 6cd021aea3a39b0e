import { quoteIdentifier, quoteLiteral } from '../../../catalog/definitions/index.js';
import type { FormatContext } from '../../../types/format-context.js';
import { TypeOid } from '../../../types/oids.js';
import { codecFor, formatType } from '../../../types/type-codec.js';
import { isMadeType } from '../../../types/user-types.js';
import type { SqlValue } from '../../../types/value.js';
import type { BoundCall, BoundExpr, BoundSubquery, ColumnId } from '../../bind/expression.js';

/** How EXPLAIN calls what an expression speaks of. */
export interface ExpressionNames {
  column(id: ColumnId, name: string): string;
  subquery(expr: BoundSubquery): string;
  /** The session's formats, which know users' types. */
  readonly format?: FormatContext | undefined;
}

const FORMAT: FormatContext = {
  dateStyle: 'ISO',
  dateOrder: 'MDY',
  intervalStyle: 'postgres',
  timeZone: 'UTC',
  extraFloatDigits: 1,
  byteaOutput: 'hex',
  transactionStartMicros: 0,
};

/** An expression as PostgreSQL's EXPLAIN prints it (ruleutils.c): operators in parentheses, constants with their types. */
export function printExpression(expr: BoundExpr, names: ExpressionNames): string {
  const print = (part: BoundExpr): string => printExpression(part, names);
  const list = (parts: readonly BoundExpr[]): string => parts.map(print).join(', ');
  switch (expr.kind) {
    case 'const':
      return printConstant(expr.value, expr.type, expr.typmod, names);
    case 'param':
      return expr.source === 'param' ? `$${expr.index + 1}` : `$${expr.index + 1}`;
    case 'column':
      return names.column(expr.id, expr.name);
    case 'placeholder':
      return 'CASE_TEST_EXPR';
    case 'call':
      return printCall(expr, names);
    case 'and':
      return `(${expr.args.map(print).join(' AND ')})`;
    case 'or':
      return `(${expr.args.map(print).join(' OR ')})`;
    case 'not':
      return `(NOT ${print(expr.arg)})`;
    case 'null test':
      return `(${print(expr.arg)} IS ${expr.negated ? 'NOT ' : ''}NULL)`;
    case 'boolean test':
      return `(${print(expr.arg)} IS ${expr.negated ? 'NOT ' : ''}${expr.test.toUpperCase()})`;
    case 'distinct': {
      const [left, right] = expr.equal.args.map(print);
      const distinct = `(${left} IS DISTINCT FROM ${right})`;
      return expr.negated ? `(NOT ${distinct})` : distinct;
    }
    case 'case': {
      const operand = expr.operand === undefined ? '' : ` ${print(expr.operand)}`;
      const whens = expr.whens.map(({ when, value }) => ` WHEN ${caseTest(when, expr.operand !== undefined, names)} THEN ${print(value)}`);
      return `CASE${operand}${whens.join('')} ELSE ${print(expr.else)} END`;
    }
    case 'coalesce':
      return `COALESCE(${list(expr.args)})`;
    case 'nullif':
      return `NULLIF(${list(expr.equal.args)})`;
    case 'minmax':
      return `${expr.op.toUpperCase()}(${list(expr.args)})`;
    case 'relabel':
      return expr.explicit || expr.type !== expr.arg.type ? cast(expr.arg, expr.type, expr.typmod, names) : print(expr.arg);
    case 'io cast':
    case 'array cast':
    case 'domain cast':
    case 'typmod cast':
      return cast(expr.arg, expr.type, expr.typmod, names);
    case 'array':
      return `ARRAY[${list(expr.elements)}]`;
    case 'subscript': {
      const bound = (part: BoundExpr | undefined): string => (part === undefined ? '' : print(part));
      const subscripts = expr.subscripts.map(({ lower, upper }) =>
        expr.slice ? `[${bound(lower)}:${bound(upper)}]` : `[${bound(upper ?? lower)}]`,
      );
      return `${print(expr.arg)}${subscripts.join('')}`;
    }
    case 'row':
      return `ROW(${list(expr.fields)})`;
    case 'field':
      return `(${print(expr.arg)}).${quoteIdentifier(expr.name)}`;
    case 'row compare':
      return `(ROW(${list(expr.left)}) ${expr.op} ROW(${list(expr.right)}))`;
    case 'quantified': {
      const { compare } = expr;
      const [left] = compare.kind === 'call' ? compare.args : [];
      const symbol = compare.kind === 'call' ? (compare.operator?.symbol ?? '=') : '=';
      return `(${left === undefined ? '?' : print(left)} ${symbol} ${expr.quantifier.toUpperCase()} (${print(expr.array)}))`;
    }
    case 'subquery':
      return names.subquery(expr);
    case 'whole row':
      return `ROW(${list(expr.columns)})`;
  }
}

/** `CASE x WHEN 1`: the comparison with the operand goes without saying. */
function caseTest(when: BoundExpr, hasOperand: boolean, names: ExpressionNames): string {
  if (hasOperand && when.kind === 'call') {
    const other = when.args.find((arg) => arg.kind !== 'placeholder');
    if (other !== undefined) return printExpression(other, names);
  }
  return printExpression(when, names);
}

function cast(arg: BoundExpr, type: number, typmod: number, names: ExpressionNames): string {
  return `(${printExpression(arg, names)})::${typeText(type, typmod, names)}`;
}

function typeText(type: number, typmod: number, { format }: ExpressionNames): string {
  return isMadeType(type) ? (format?.names?.nameOf('regtype', type) ?? '???') : formatType(type, typmod);
}

function printCall(call: BoundCall, names: ExpressionNames): string {
  const args = call.args.map((arg) => printExpression(arg, names));
  if (call.operator !== undefined) {
    const [left, right] = args;
    return right === undefined ? `(${call.operator.symbol} ${left})` : `(${left} ${call.operator.symbol} ${right})`;
  }
  const [only] = call.args;
  if (call.cast !== undefined && only !== undefined) {
    return call.cast === 'explicit'
      ? cast(only, call.type, call.typmod, names)
      : `(${args[0]})::${typeText(call.type, call.typmod, names)}`;
  }
  return `${quoteIdentifier(call.name)}(${args.join(', ')})`;
}

const BARE_NUMBERS: ReadonlySet<number> = new Set([TypeOid.int4]);

function printConstant(value: SqlValue, type: number, typmod: number, names: ExpressionNames): string {
  const name = typeText(type, typmod, names);
  if (value === null) return `NULL::${name}`;
  if (type === TypeOid.bool) return value === true ? 'true' : 'false';
  const text = codecFor(type)?.output(value, names.format ?? FORMAT) ?? '';
  if (type === TypeOid.unknown) return quoteLiteral(text);
  if (BARE_NUMBERS.has(type) && !text.startsWith('-')) return text;
  if (type === TypeOid.numeric && /^\d+\.\d+$/.test(text)) return text;
  return `${quoteLiteral(text)}::${name}`;
}
