import type { TableDescriptor } from '../../catalog/descriptors.js';
import { type BoundTable, bindTable } from '../../planner/bind/bind.js';
import type { ExecutionContext } from '../context.js';
import type { UtilityContext } from '../ddl/context.js';
import { BoundChildren, standaloneTarget } from '../dml/bound-children.js';
import type { CompiledTarget } from '../dml/compiled-target.js';
import { ForeignKeys } from '../dml/foreign-keys.js';
import type { ChildWriters } from '../dml/referential-actions.js';
import { RowWriter } from '../dml/row-writer.js';
import { Frame } from '../frame.js';

/** A table bound and compiled for work over its rows, under the catalog as the statement has changed it. */
export interface BulkTarget {
  readonly bound: BoundTable;
  readonly target: CompiledTarget;
  readonly writer: RowWriter;
  /** Writers of other tables: of partitions, and for foreign keys' actions. */
  readonly children: ChildWriters;
  readonly frame: Frame;
}

/** Behind the slots that compiled expressions of a target use. */
const FRAME_SLOTS = 1024;

/** @param assigned numbers of the columns that whoever asks gives values */
export function bulkTarget(table: TableDescriptor, cx: UtilityContext, assigned?: readonly number[]): BulkTarget {
  const catalog = cx.session.catalog.snapshot(cx.transaction);
  const planner = { ...cx.planner, catalog };
  const bound = bindTable(table, planner);
  const target = standaloneTarget(assigned === undefined ? bound.target : { ...bound.target, assigned }, cx.library);
  const children = new BoundChildren((child) => bindTable(child, planner), cx.library);
  const execution: ExecutionContext = { ...cx, catalog };
  const writer = new RowWriter(target, new ForeignKeys(table, children), cx.transaction.isFresh(table.storage));
  return { bound, target, writer, children, frame: new Frame(execution, FRAME_SLOTS) };
}
