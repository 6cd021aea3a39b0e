import { TypeOid } from '../../../types/oids.js';
import type { ColumnId } from '../expression.js';
import type { Locks } from '../from/locks.js';
import type { CursorKeys, OutputColumn } from '../logical.js';
import { columnNode } from '../nodes.js';
import { TableItem } from '../scope/relation-item.js';
import type { Scope } from '../scope/scope.js';
import type { BoundQuery } from '../state.js';
import type { Target } from './target.js';

/** The keys of the rows that a cursor's query reads, for WHERE CURRENT OF: hidden columns behind its own. */
export interface WantedKeys {
  readonly targets: readonly Target[];
  /** @param columns of the plan, those of `targets` last */
  finish(query: BoundQuery): BoundQuery;
}

/** Of the rows that it locks, or of the one table that it reads (PostgreSQL manual, DECLARE: "simply updatable"). */
export function cursorKeys(scope: Scope, locks: Locks, isSimple: boolean): WantedKeys | undefined {
  if (scope.state.cx.isCursor !== true || scope.parent?.parent !== undefined || !isSimple) return undefined;
  const found = locks.targets.map(({ table, rowKey, tableId }) => ({ table: table.oid, rowKey, tableId }));
  const isLocking = found.length > 0;
  const [only] = scope.items;
  if (!isLocking && scope.items.length === 1 && only instanceof TableItem && only.relation.kind === 'table') {
    found.push({ table: only.relation.oid, rowKey: only.rowKey(), tableId: only.tableId().tableId });
  }
  if (found.length === 0) return undefined;
  const hidden = (id: ColumnId, type: number): Target => ({ expr: columnNode(id, 'row key', type, -1), name: 'row key', isHidden: false });
  const targets = found.flatMap(({ rowKey, tableId }) => [
    hidden(rowKey, TypeOid.bytea),
    ...(tableId === undefined ? [] : [hidden(tableId, TypeOid.oid)]),
  ]);
  return {
    targets,
    finish(query) {
      const own = query.columns.length - targets.length;
      const rest: readonly OutputColumn[] = query.columns.slice(own);
      let next = own;
      const tables = found.map(({ table, tableId }): CursorKeys['tables'][number] => ({
        table,
        key: next++,
        ...(tableId === undefined ? {} : { tableId: next++ }),
      }));
      return { ...query, columns: query.columns.slice(0, own), cursorKeys: { isLocking, columns: rest, tables } };
    },
  };
}
