import { quoteIdentifier } from '../../catalog/definitions/index.js';
import type { FrameBound } from '../bind/logical.js';
import type { QueryWindow } from '../bind/query/windows.js';
import type { FrameBoundKind, WindowDef } from '../parse/ast.js';
import { direction } from './direction.js';
import type { Printer } from './printer.js';

/** OVER (…) */
export function windowOfCall(p: Printer, definition: WindowDef): void {
  const window = p.level?.windowOf(definition);
  if (window !== undefined) windowSpecification(p, window);
}

/** get_rule_windowspec */
export function windowSpecification(p: Printer, window: QueryWindow): void {
  const { definition, partitionBy, orderBy } = window;
  const parts: (() => void)[] = [];
  if (definition.refName !== undefined) parts.push(() => p.put(quoteIdentifier(definition.refName ?? '')));
  if (definition.refName === undefined && partitionBy.length > 0) {
    parts.push(() => {
      p.put('PARTITION BY ');
      partitionBy.forEach((target, i) => {
        if (i > 0) p.put(', ');
        p.sortExpr(p.level?.exprOf(target) ?? target.expr);
      });
    });
  }
  if (orderBy.length > 0 && (definition.orderBy ?? []).length > 0) {
    parts.push(() => {
      p.put('ORDER BY ');
      orderBy.forEach(({ target, descending, nullsFirst }, i) => {
        if (i > 0) p.put(', ');
        p.sortExpr(p.level?.exprOf(target) ?? target.expr);
        p.put(direction(descending, nullsFirst));
      });
    });
  }
  if (definition.frame !== undefined) parts.push(() => frame(p, window, definition.frame?.isShort === true));
  p.put('(');
  parts.forEach((part, i) => {
    if (i > 0) p.put(' ');
    part();
  });
  p.put(')');
}

function frame(p: Printer, { frame: { mode, start, end, exclude } }: QueryWindow, isShort: boolean): void {
  p.put(`${mode} `);
  if (!isShort) p.put('BETWEEN ');
  bound(p, start);
  if (!isShort) {
    p.put(' AND ');
    bound(p, end);
  }
  if (exclude !== undefined) p.put(` EXCLUDE ${exclude}`);
}

const WORDS: Readonly<Record<FrameBoundKind, string>> = {
  'UNBOUNDED PRECEDING': 'UNBOUNDED PRECEDING',
  'OFFSET PRECEDING': ' PRECEDING',
  'CURRENT ROW': 'CURRENT ROW',
  'OFFSET FOLLOWING': ' FOLLOWING',
  'UNBOUNDED FOLLOWING': 'UNBOUNDED FOLLOWING',
};

function bound(p: Printer, { kind, offset }: FrameBound): void {
  if (offset !== undefined) p.expr(offset, false);
  p.put(WORDS[kind]);
}
