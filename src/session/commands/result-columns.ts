import type { Oid } from '../../commons/ids.js';
import type { ColumnId } from '../../planner/bind/expression.js';
import type { ResultColumn } from '../../planner/bind/logical.js';
import { TypeOid } from '../../types/oids.js';

/** A result column that no query made. */
export function resultColumn(name: string, type: Oid = TypeOid.text): ResultColumn {
  return { id: NO_COLUMN, name, type, typmod: -1, tableOid: 0, columnNumber: 0 };
}

/** Nothing refers to it. */
const NO_COLUMN = 0 as ColumnId;
