import type { ColumnDescriptor, TableDescriptor, VirtualDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import { TypeOid } from '../../../types/oids.js';
import type { SystemColumn } from '../logical.js';

/** What look-ups by name need of a relation, made once per descriptor. */
export interface TableShape {
  /** Without dropped ones, in order. */
  readonly live: readonly ColumnDescriptor[];
  /** Name → position in `live`. */
  readonly byName: ReadonlyMap<string, number>;
}

const shapes = new WeakMap<object, TableShape>();

export function shapeOf(table: TableDescriptor | VirtualDescriptor): TableShape {
  let shape = shapes.get(table);
  if (shape === undefined) {
    const live = table.columns.filter((column) => column.dropped !== true);
    shape = { live, byName: new Map(live.map((column, i) => [column.name, i])) };
    shapes.set(table, shape);
  }
  return shape;
}

/** Columns that every table has and `*` does not show. */
const SYSTEM_COLUMNS: Readonly<Record<string, { readonly system: SystemColumn; readonly type: Oid }>> = {
  tableoid: { system: 'tableoid', type: TypeOid.oid },
  ctid: { system: 'ctid', type: TypeOid.tid },
  xmin: { system: 'xmin', type: TypeOid.xid },
  _seq: { system: '_seq', type: TypeOid.int8 },
  _updated: { system: '_updated', type: TypeOid.timestamptz },
  _deleted: { system: '_deleted', type: TypeOid.bool },
  _user_id: { system: '_user_id', type: TypeOid.text },
};

/** @param allUsers whether kalamdb.all_users is on: only then `_user_id` exists */
export function systemColumn(
  table: TableDescriptor | VirtualDescriptor,
  name: string,
  allUsers: boolean,
): { readonly system: SystemColumn; readonly type: Oid } | undefined {
  if (!Object.hasOwn(SYSTEM_COLUMNS, name)) return undefined;
  if (name.startsWith('_')) {
    if (table.kind !== 'table') return undefined;
    if (name === '_user_id' && !(allUsers && isPartitioned(table))) return undefined;
  }
  return SYSTEM_COLUMNS[name];
}

/** Each user has a partition of their own. */
export function isPartitioned(table: TableDescriptor): boolean {
  return table.tableType === 'user' || table.tableType === 'stream';
}
