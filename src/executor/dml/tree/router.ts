import type { TableDescriptor } from '../../../catalog/descriptors.js';
import { numbersOf } from '../../../planner/partitions/column-numbers.js';
import { partitionMapOf } from '../../../planner/partitions/partition-map.js';
import type { SqlValue } from '../../../types/value.js';
import type { Frame } from '../../frame.js';
import type { CompiledTarget } from '../compiled-target.js';
import type { ChildWriters } from '../referential-actions.js';
import type { RowWriter } from '../row-writer.js';
import { noPartition, partitionViolation } from '../violations.js';

/** A row on its way: the partition that it belongs to, with its values by that table's columns. */
export interface Routed {
  readonly writer: RowWriter;
  readonly values: SqlValue[];
}

/**
 * Finds a row's partition: at each level the key's values lead to a partition, whose columns may have another order, until one has rows.
 * @param values by the root's column numbers - 1
 * @throws SqlError 23514 where no partition takes the row
 */
export function route(root: CompiledTarget, values: SqlValue[], children: ChildWriters, frame: Frame): Routed {
  if (root.isOfPartition?.(values, frame) === false) throw partitionViolation(root, values, frame.cx);
  let target = root;
  let current = values;
  for (;;) {
    const { table, keyOf } = target;
    const map = partitionMapOf(table, frame.cx.catalog);
    const key = keyOf === undefined ? [] : keyOf(current, frame);
    const next = map.ordered[map.find(key)];
    if (next === undefined) throw noPartition(table, key, frame.cx);
    current = convert(table, next, current);
    const writer = children.writer(next, frame.cx);
    if (next.partitionKey === undefined) return { writer, values: current };
    target = writer.target;
  }
}

/** A row's values by the columns of another table of its tree; the same array where they lie alike. */
export function convert(from: TableDescriptor, to: TableDescriptor, values: SqlValue[]): SqlValue[] {
  const numbers = numbersOf(from, to);
  if (isIdentity(numbers, to.columns.length)) return values;
  const converted = new Array<SqlValue>(to.columns.length).fill(null);
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] ?? 0;
    if (number > 0) converted[number - 1] = values[i] ?? null;
  }
  return converted;
}

function isIdentity(numbers: readonly number[], width: number): boolean {
  if (numbers.length !== width) return false;
  for (let i = 0; i < width; i++) if (numbers[i] !== i + 1) return false;
  return true;
}
