import { readDataTables } from '../data-file.js';
import { AGGREGATE_COLUMNS, aggregateRow } from '../tables/aggregate-table.js';
import { CAST_COLUMNS, castRow } from '../tables/cast-table.js';
import {
  ACCESS_METHOD_COLUMNS,
  AMOP_COLUMNS,
  AMPROC_COLUMNS,
  accessMethod,
  amop,
  amproc,
  OPCLASS_COLUMNS,
  OPFAMILY_COLUMNS,
  opclass,
  opfamily,
} from '../tables/opclass-table.js';
import { OPERATOR_COLUMNS, operatorRow } from '../tables/operator-table.js';
import { PROC_COLUMNS, procRow } from '../tables/proc-table.js';
import { TYPE_COLUMNS, typeRow } from '../tables/type-table.js';
import type { ExtensionObjects } from '../types.js';

/** Reads an extension's file; its objects are in no schema yet (0). */
export function readExtensionObjects(name: string): ExtensionObjects {
  const rows = readDataTables(`extensions/${name}`);
  return {
    types: rows('types', TYPE_COLUMNS).map(typeRow),
    procs: rows('procs', PROC_COLUMNS).map(procRow),
    operators: rows('operators', OPERATOR_COLUMNS).map(operatorRow),
    casts: rows('casts', CAST_COLUMNS).map(castRow),
    aggregates: rows('aggregates', AGGREGATE_COLUMNS).map(aggregateRow),
    accessMethods: rows('access-methods', ACCESS_METHOD_COLUMNS).map(accessMethod),
    opfamilies: rows('opfamilies', OPFAMILY_COLUMNS).map(opfamily),
    opclasses: rows('opclasses', OPCLASS_COLUMNS).map(opclass),
    amops: rows('amops', AMOP_COLUMNS).map(amop),
    amprocs: rows('amprocs', AMPROC_COLUMNS).map(amproc),
  };
}

export function inSchema(objects: ExtensionObjects, schema: number): ExtensionObjects {
  const moved = <T extends { readonly namespace: number }>(rows: readonly T[]): readonly T[] =>
    Object.freeze(rows.map((row) => Object.freeze({ ...row, namespace: schema })));
  return Object.freeze({
    ...objects,
    types: moved(objects.types),
    procs: moved(objects.procs),
    operators: moved(objects.operators),
    opfamilies: moved(objects.opfamilies),
    opclasses: moved(objects.opclasses),
  });
}
