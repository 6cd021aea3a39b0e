import { codecFor } from '../../../types/codecs.js';
import type { FormatContext } from '../../../types/format-context.js';
import { formatType } from '../../../types/format-type.js';
import { TypeOid } from '../../../types/oids.js';
import type { SqlValue } from '../../../types/value.js';
import type { BoundCall, BoundExpr } from '../expression.js';

const FORMAT: FormatContext = {
  dateStyle: 'ISO',
  dateOrder: 'MDY',
  intervalStyle: 'postgres',
  timeZone: 'UTC',
  extraFloatDigits: 1,
  byteaOutput: 'hex',
  transactionStartMicros: 0,
};

const BARE_TYPES: ReadonlySet<number> = new Set([TypeOid.int4, TypeOid.bool, TypeOid.unknown]);

/** An expression on one line: columns as name#id, every cast spelled out. For golden files and debugging; EXPLAIN has its own. */
export function printExpression(expr: BoundExpr): string {
  const print = printExpression;
  const list = (exprs: readonly BoundExpr[]) => exprs.map(print).join(', ');
  switch (expr.kind) {
    case 'const':
      return printConstant(expr.value, expr.type);
    case 'param':
      return expr.source === 'param' ? `$${expr.index + 1}` : `:${expr.index}`;
    case 'column':
      return `${expr.name}#${expr.id}`;
    case 'call':
      return printCall(expr);
    case 'and':
    case 'or':
      return `(${expr.args.map(print).join(expr.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `NOT ${print(expr.arg)}`;
    case 'null test':
      return `${print(expr.arg)} IS ${expr.negated ? 'NOT ' : ''}NULL${expr.rowwise ? ' rowwise' : ''}`;
    case 'boolean test':
      return `${print(expr.arg)} IS ${expr.negated ? 'NOT ' : ''}${expr.test.toUpperCase()}`;
    case 'distinct':
      return `${expr.negated ? 'NOT ' : ''}DISTINCT ${print(expr.equal)}`;
    case 'case': {
      const whens = expr.whens.map(({ when, value }) => `WHEN ${print(when)} THEN ${print(value)}`);
      return `CASE ${expr.operand === undefined ? '' : `${print(expr.operand)} `}${whens.join(' ')} ELSE ${print(expr.else)} END`;
    }
    case 'placeholder':
      return `?${formatType(expr.type)}`;
    case 'coalesce':
      return `COALESCE(${list(expr.args)})`;
    case 'nullif':
      return `NULLIF(${list(expr.equal.args)})`;
    case 'minmax':
      return `${expr.op.toUpperCase()}(${list(expr.args)})`;
    case 'relabel':
      if (expr.type === expr.arg.type) return `${print(expr.arg)} COLLATE ${expr.collation}`;
      return `${print(expr.arg)}::${formatType(expr.type)}`;
    case 'io cast':
      return `${print(expr.arg)}::text::${formatType(expr.type)}`;
    case 'array cast':
      return `${print(expr.arg)}::each(${print(expr.element)})`;
    case 'domain cast':
      return `${print(expr.arg)}::domain`;
    case 'typmod cast':
      return `${print(expr.arg)}::${formatType(expr.type, expr.typmod)}${expr.explicit ? '!' : ''}`;
    case 'array':
      return `ARRAY[${list(expr.elements)}]`;
    case 'subscript': {
      const bound = (part: BoundExpr | undefined) => (part === undefined ? '' : print(part));
      return (
        print(expr.arg) +
        expr.subscripts.map(({ lower, upper }) => (expr.slice ? `[${bound(lower)}:${bound(upper)}]` : `[${bound(upper)}]`)).join('')
      );
    }
    case 'row':
      return `ROW(${list(expr.fields)})${expr.type === TypeOid.record ? '' : `::${expr.type}`}`;
    case 'field':
      return `(${print(expr.arg)}).${expr.name}`;
    case 'row compare':
      return `(ROW(${list(expr.left)}) ${expr.op} ROW(${list(expr.right)}))`;
    case 'quantified':
      return `${expr.quantifier.toUpperCase()}(${print(expr.compare)} IN ${print(expr.array)})`;
    case 'subquery': {
      const outer = expr.outerColumns.length === 0 ? '' : ` outer #${expr.outerColumns.join(' #')}`;
      return `${expr.mode.toUpperCase()}(subplan${expr.compare === undefined ? '' : `: ${print(expr.compare)}`}${outer})`;
    }
    case 'whole row':
      return `ROW(${list(expr.columns)}).*`;
  }
}

function printCall(call: BoundCall): string {
  const args = call.args.map(printExpression);
  if (call.operator !== undefined) {
    const [left, right] = args;
    return right === undefined ? `(${call.operator.symbol} ${left})` : `(${left} ${call.operator.symbol} ${right})`;
  }
  const name = call.cast === undefined ? call.name : `${call.name}~`;
  return `${name}(${call.variadicArray === true ? 'VARIADIC ' : ''}${args.join(', ')})`;
}

function printConstant(value: SqlValue, type: number): string {
  if (value === null) return `NULL::${formatType(type)}`;
  const text = typeof value === 'string' ? value : (codecFor(type)?.output(value, FORMAT) ?? JSON.stringify(value));
  if (type === TypeOid.bool) return value === true ? 'true' : 'false';
  const written = typeof value === 'number' && type !== TypeOid.regclass && /^-?\d/.test(text) ? text : `'${text}'`;
  return BARE_TYPES.has(type) ? written : `${written}::${formatType(type)}`;
}
