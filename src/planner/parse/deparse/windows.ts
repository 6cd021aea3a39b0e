import { quoteIdentifier } from '../../../catalog/definitions/index.js';
import type * as ast from '../ast.js';
import { list, type Printer } from './printer.js';

export function printOrderBy(keys: readonly ast.OrderBy[], printer: Printer): string {
  return keys
    .map((key) => {
      const order = key.using === undefined ? (key.order === 'DESC' ? ' DESC' : '') : ` USING ${key.using}`;
      return printer.expr(key.by) + order + (key.nulls === undefined ? '' : ` NULLS ${key.nulls}`);
    })
    .join(', ');
}

/** What stands in the parentheses of OVER (…) and WINDOW w AS (…). */
export function printWindow(window: ast.WindowDef, printer: Printer): string {
  const parts: string[] = [];
  if (window.refName !== undefined) parts.push(quoteIdentifier(window.refName));
  if (window.partitionBy !== undefined) parts.push(`PARTITION BY ${list(printer, window.partitionBy)}`);
  if (window.orderBy !== undefined) parts.push(`ORDER BY ${printOrderBy(window.orderBy, printer)}`);
  if (window.frame !== undefined) parts.push(printFrame(window.frame, printer));
  return parts.join(' ');
}

function printFrame(frame: ast.WindowFrame, printer: Printer): string {
  const bound = (kind: ast.FrameBoundKind, offset: ast.Expr | undefined) =>
    offset === undefined ? kind : kind.replace('OFFSET', () => printer.expr(offset));
  const range = `${frame.mode} BETWEEN ${bound(frame.start, frame.startOffset)} AND ${bound(frame.end, frame.endOffset)}`;
  return frame.exclude === undefined ? range : `${range} EXCLUDE ${frame.exclude}`;
}
