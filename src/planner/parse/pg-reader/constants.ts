import type * as pg from 'libpg-query';
import type * as ast from '../ast.js';
import type { Reader } from './reader.js';

const INT4_MIN = -2147483648n;
const INT4_MAX = 2147483647n;

/** A literal of any kind, signs already folded in by the grammar. */
export function constant(node: pg.A_Const, reader: Reader): ast.Expr {
  const location = reader.at(node.location);
  if (node.ival !== undefined) return { type: 'integer', value: node.ival.ival ?? 0, ...location };
  if (node.sval !== undefined) return { type: 'string', value: node.sval.sval ?? '', ...location };
  if (node.fval !== undefined) return numberLiteral(node.fval.fval ?? '0', location);
  if (node.boolval !== undefined) return { type: 'boolean', value: node.boolval.boolval ?? false, ...location };
  if (node.bsval !== undefined) return { type: 'bit string', text: node.bsval.bsval ?? 'b', ...location };
  return { type: 'null', ...location };
}

/** A number that the scanner did not take for an int4: too big, or with a point or an exponent. */
export function numberLiteral(written: string, location: ast.Node): ast.ExprInteger | ast.ExprNumeric {
  const text = normalized(written);
  if (/^-?\d+$/.test(text) && text.length <= 12) {
    // -2147483648 is scanned as a positive number beyond int4 and negated afterwards.
    const value = BigInt(text);
    if (value >= INT4_MIN && value <= INT4_MAX) return { type: 'integer', value: Number(value), ...location };
  }
  return { type: 'numeric', text, ...location };
}

/** Decimal digits without underscores, also for PostgreSQL 16's 0x, 0o and 0b. */
function normalized(written: string): string {
  const text = written.includes('_') ? written.replaceAll('_', '') : written;
  if (!/^-?0[xob]/i.test(text)) return text;
  return text.startsWith('-') ? `-${BigInt(text.slice(1))}` : BigInt(text).toString();
}

/** The value of an integer constant node, as in type modifiers. */
export function integerOf(node: pg.Node | undefined): number | undefined {
  if (node === undefined) return undefined;
  if ('A_Const' in node && node.A_Const.ival !== undefined) return node.A_Const.ival.ival ?? 0;
  if ('Integer' in node) return node.Integer.ival ?? 0;
  return undefined;
}

/** The text of a string constant node. */
export function stringConstant(node: pg.Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  if ('A_Const' in node && node.A_Const.sval !== undefined) return node.A_Const.sval.sval ?? '';
  if ('String' in node) return node.String.sval ?? '';
  return undefined;
}
