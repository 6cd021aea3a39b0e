import { quoteIdentifier, quoteLiteral } from '../../../catalog/definitions/index.js';
import type * as ast from '../ast.js';
import { printCall } from './calls.js';
import { qualifiedName, typeName } from './names.js';
import { printBetween, printIn, printLogical } from './operators.js';
import { list, type Printer } from './printer.js';

type Printers = { readonly [T in ast.Expr['type']]: (expr: Extract<ast.Expr, { type: T }>, printer: Printer) => string };

/** A printer for each kind of expression: one that is missing here does not compile. */
export const printers: Printers = {
  integer: (expr) => (expr.value < 0 ? `'${expr.value}'::integer` : String(expr.value)),
  numeric: printNumeric,
  string: (expr, printer) => {
    const type = printer.options.stringType?.(expr);
    return type === undefined ? quoteLiteral(expr.value) : `${quoteLiteral(expr.value)}::${type}`;
  },
  'bit string': (expr) => `${expr.text.charAt(0).toUpperCase()}'${expr.text.slice(1)}'`,
  boolean: (expr) => String(expr.value),
  null: () => 'NULL',
  default: () => 'DEFAULT',
  parameter: (expr) => `$${expr.index}`,
  lifted: (expr) => `$${expr.index + 1}`,
  ref: (expr) => {
    const name = expr.star ? '*' : quoteIdentifier(expr.name);
    return expr.table === undefined ? name : `${qualifiedName(expr.table)}.${name}`;
  },
  field: (expr, printer) => `(${printer.expr(expr.operand)}).${expr.star ? '*' : quoteIdentifier(expr.field)}`,
  unary: printUnary,
  binary: printBinary,
  ternary: printBetween,
  quantified: (expr, printer) => {
    const right = expr.right.type === 'subquery' ? printer.expr(expr.right) : `(${printer.expr(expr.right)})`;
    return `(${printer.expr(expr.left)} ${operator(expr)} ${expr.quantifier} ${right})`;
  },
  cast: printCast,
  collate: (expr, printer) => `(${printer.expr(expr.operand)} COLLATE ${qualifiedName(expr.collation)})`,
  case: printCase,
  call: printCall,
  keyword: (expr) => {
    const precision = expr.precision === undefined ? '' : `(${expr.precision})`;
    return expr.keyword.toUpperCase() + precision;
  },
  coalesce: (expr, printer) => `COALESCE(${list(printer, expr.args)})`,
  nullif: (expr, printer) => `NULLIF(${list(printer, [expr.left, expr.right])})`,
  minmax: (expr, printer) => `${expr.op.toUpperCase()}(${list(printer, expr.args)})`,
  grouping: (expr, printer) => `GROUPING(${list(printer, expr.args)})`,
  array: (expr, printer) => `ARRAY[${list(printer, expr.expressions)}]`,
  arrayIndex: printSubscript,
  row: (expr, printer) => `ROW(${list(printer, expr.expressions)})`,
  list: (expr, printer) => `(${list(printer, expr.expressions)})`,
  subquery: (expr, printer) => `( ${printer.query(expr.select)})`,
  exists: (expr, printer) => `(EXISTS ( ${printer.query(expr.select)}))`,
  'array select': (expr, printer) => `ARRAY( ${printer.query(expr.select)})`,
  'current of': (expr) => `CURRENT OF ${quoteIdentifier(expr.cursor)}`,
};

function printNumeric(expr: ast.ExprNumeric): string {
  const negative = expr.text.startsWith('-');
  if (/^-?\d+$/.test(expr.text)) return `'${expr.text}'::${isInt8(expr.text) ? 'bigint' : 'numeric'}`;
  return negative ? `'${expr.text}'::numeric` : expr.text;
}

function isInt8(text: string): boolean {
  const value = BigInt(text);
  return value >= -9223372036854775808n && value <= 9223372036854775807n;
}

export function operator(expr: { readonly op: string; readonly opSchema?: string }): string {
  if (expr.opSchema === undefined || expr.opSchema === 'pg_catalog') return expr.op;
  return `OPERATOR(${quoteIdentifier(expr.opSchema)}.${expr.op})`;
}

function printUnary(expr: ast.ExprUnary, printer: Printer): string {
  const operand = printer.expr(expr.operand);
  return expr.op.startsWith('IS ') ? `(${operand} ${expr.op})` : `(${operator(expr)} ${operand})`;
}

/** What the grammar makes of these words: their operators. */
const OPERATORS: Readonly<Record<string, string>> = {
  LIKE: '~~',
  'NOT LIKE': '!~~',
  ILIKE: '~~*',
  'NOT ILIKE': '!~~*',
  'SIMILAR TO': '~',
  'NOT SIMILAR TO': '!~',
};

function printBinary(expr: ast.ExprBinary, printer: Printer): string {
  switch (expr.op) {
    case 'AND':
    case 'OR':
      return printLogical(expr, printer);
    case 'IN':
    case 'NOT IN':
      return printIn(expr, printer);
    case 'IS NOT DISTINCT FROM':
      return `(NOT (${printer.expr(expr.left)} IS DISTINCT FROM ${printer.expr(expr.right)}))`;
    default:
      return `(${printer.expr(expr.left)} ${OPERATORS[expr.op] ?? operator(expr)} ${printer.expr(expr.right)})`;
  }
}

function printCast(expr: ast.ExprCast, printer: Printer): string {
  const type = typeName(expr.to);
  const { operand } = expr;
  if (operand.type === 'string') return `${quoteLiteral(operand.value)}::${type}`;
  return operand.type === 'null' ? `NULL::${type}` : `(${printer.expr(operand)})::${type}`;
}

/** On lines of its own, as PostgreSQL does even where the rest is one line. */
function printCase(expr: ast.ExprCase, printer: Printer): string {
  const outer = `\n${' '.repeat(printer.indent)}`;
  printer.indent += 4;
  const inner = `\n${' '.repeat(printer.indent)}`;
  const whens = expr.whens.map(({ when, value }) => `${inner}WHEN ${printer.expr(when)} THEN ${printer.expr(value)}`);
  const value = expr.value === undefined ? '' : ` ${printer.expr(expr.value)}`;
  const otherwise = expr.else === undefined ? 'NULL' : printer.expr(expr.else);
  printer.indent -= 4;
  return `${outer}CASE${value}${whens.join('')}${inner}ELSE ${otherwise}${outer}END`;
}

function printSubscript(expr: ast.ExprArrayIndex, printer: Printer): string {
  const { array, apart, index, upper } = expr;
  const isPlain = array.type === 'ref' || array.type === 'parameter' || (array.type === 'arrayIndex' && apart !== true);
  const base = isPlain ? printer.expr(array) : `(${printer.expr(array)})`;
  const first = index === undefined ? '' : printer.expr(index);
  if (!expr.slice) return `${base}[${first}]`;
  return `${base}[${first}:${upper === undefined ? '' : printer.expr(upper)}]`;
}
