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

interface HiddenColumn {
  readonly system: SystemColumn;
  readonly type: Oid;
  /** PostgreSQL's attnum for clients that ask where a result comes from. */
  readonly number: number;
}

/** Columns that every table has and `*` does not show. */
const SYSTEM_COLUMNS: Readonly<Record<string, HiddenColumn>> = {
  tableoid: { system: 'tableoid', type: TypeOid.oid, number: -6 },
  ctid: { system: 'ctid', type: TypeOid.tid, number: -1 },
  xmin: { system: 'xmin', type: TypeOid.xid, number: -2 },
  cmin: { system: 'cmin', type: TypeOid.cid, number: -3 },
  xmax: { system: 'xmax', type: TypeOid.xid, number: -4 },
  cmax: { system: 'cmax', type: TypeOid.cid, number: -5 },
  _seq: { system: '_seq', type: TypeOid.int8, number: 0 },
  _updated: { system: '_updated', type: TypeOid.timestamptz, number: 0 },
  _deleted: { system: '_deleted', type: TypeOid.bool, number: 0 },
  _user_id: { system: '_user_id', type: TypeOid.text, number: 0 },
};

/** @param allUsers whether kalamdb.all_users is on: only then `_user_id` exists */
export function systemColumn(table: TableDescriptor | VirtualDescriptor, name: string, allUsers: boolean): HiddenColumn | undefined {
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
