import type { TableDescriptor } from '../../../catalog/descriptors.js';
import { assert } from '../../../commons/assert.js';
import type { Oid } from '../../../commons/ids.js';
import { numbersOf } from '../../../planner/partitions/column-numbers.js';
import type { SqlValue } from '../../../types/value.js';
import type { ExecutionContext } from '../../context.js';
import type { ChildWriters } from '../referential-actions.js';
import type { RowWriter } from '../row-writer.js';
import { convert } from './router.js';

/** A table of the tree that a statement changes, between whose columns and the root's values are converted. */
export interface Member {
  readonly table: TableDescriptor;
  readonly writer: RowWriter;
  /** By the root's column numbers - 1: the member's. */
  readonly numbers: readonly number[];
  toRoot(values: SqlValue[]): SqlValue[];
}

/** The tables of a tree, bound as rows of them turn up. */
export class Members {
  readonly root: TableDescriptor;
  readonly children: ChildWriters;
  readonly #known = new Map<Oid, Member>();

  constructor(root: TableDescriptor, children: ChildWriters) {
    this.root = root;
    this.children = children;
  }

  of(tableId: SqlValue, cx: ExecutionContext): Member {
    assert(typeof tableId === 'number', 'a row of a tree without its table');
    const table = cx.catalog.relationByOid(tableId);
    assert(table?.kind === 'table', 'a row of a table that is not there');
    const known = this.#known.get(table.oid);
    if (known !== undefined && known.table === table) return known;
    const member: Member = {
      table,
      writer: this.children.writer(table, cx),
      numbers: numbersOf(this.root, table),
      toRoot: (values) => convert(table, this.root, values),
    };
    this.#known.set(table.oid, member);
    return member;
  }
}
