import { quoteIdentifier } from '../../../catalog/definitions/index.js';
import type * as ast from '../ast.js';
import { visibleName } from './names.js';
import type { Printer } from './printer.js';
import { printOrderBy, printWindow } from './windows.js';

export function printCall(call: ast.ExprCall, printer: Printer): string {
  const args = call.args.map((argument) => printArgument(argument, printer));
  const special = call.sqlSyntax ? SPECIAL[call.function.name] : undefined;
  if (special !== undefined) return special(args, call);
  if (call.variadic && args.length > 0) args.push(`VARIADIC ${args.pop()}`);
  const sorted = call.orderBy === undefined ? '' : `ORDER BY ${printOrderBy(call.orderBy, printer)}`;
  const inner = [call.distinct ? 'DISTINCT ' : '', call.star ? '*' : args.join(', '), sorted && !call.withinGroup ? ` ${sorted}` : ''];
  const parts = [`${visibleName(call.function)}(${inner.join('')})`];
  if (call.withinGroup) parts.push(`WITHIN GROUP (${sorted})`);
  if (call.filter !== undefined) parts.push(`FILTER (WHERE ${printer.expr(call.filter)})`);
  if (call.over !== undefined)
    parts.push(`OVER ${call.over.name === undefined ? `(${printWindow(call.over, printer)})` : quoteIdentifier(call.over.name)}`);
  return parts.join(' ');
}

function printArgument(argument: ast.ExprArgument, printer: Printer): string {
  if (argument.type !== 'named argument') return printer.expr(argument);
  return `${quoteIdentifier(argument.name)} => ${printer.expr(argument.value)}`;
}

type Special = (args: readonly string[], call: ast.ExprCall) => string;

const trim =
  (side: string): Special =>
  ([text, characters]) =>
    characters === undefined ? `TRIM(${side} FROM ${text})` : `TRIM(${side} ${characters} FROM ${text})`;

/** Calls that were written in SQL's own syntax are printed in it. */
const SPECIAL: Readonly<Record<string, Special>> = {
  btrim: trim('BOTH'),
  ltrim: trim('LEADING'),
  rtrim: trim('TRAILING'),
  extract: ([field, source], call) => {
    const [name] = call.args;
    return `EXTRACT(${name?.type === 'string' ? quoteIdentifier(name.value) : field} FROM ${source})`;
  },
  overlay: ([text, placing, from, length]) =>
    `OVERLAY(${text} PLACING ${placing} FROM ${from}${length === undefined ? '' : ` FOR ${length}`})`,
  // Both operands stand where the grammar takes less than any expression.
  position: ([text, part]) => `POSITION((${part}) IN (${text}))`,
  substring: ([text, from, length]) => `SUBSTRING(${text} FROM ${from}${length === undefined ? '' : ` FOR ${length}`})`,
  timezone: ([zone, time]) => (time === undefined ? `(${zone} AT LOCAL)` : `(${time} AT TIME ZONE ${zone})`),
  normalize: ([text], call) => `NORMALIZE(${text}${form(call)})`,
  is_normalized: ([text], call) => `(${text} IS${form(call).replace(',', '')} NORMALIZED)`,
  overlaps: ([a, b, c, d]) => `((${a}, ${b}) OVERLAPS (${c}, ${d}))`,
  pg_collation_for: ([value]) => `COLLATION FOR (${value})`,
};

function form(call: ast.ExprCall): string {
  const [, name] = call.args;
  return name?.type === 'string' ? `, ${name.value}` : '';
}
