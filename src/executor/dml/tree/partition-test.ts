import type { TableTarget } from '../../../planner/bind/logical.js';
import { partitionMapOf } from '../../../planner/partitions/partition-map.js';
import type { SqlValue } from '../../../types/value.js';
import type { Evaluator } from '../../expression/evaluator.js';
import type { Frame } from '../../frame.js';
import type { Layout } from '../../scope.js';

/** The values of a partition key for a row by column number - 1. */
export type KeyOfRow = (values: SqlValue[], frame: Frame) => SqlValue[];

export function compileKey(evaluators: readonly Evaluator[]): KeyOfRow {
  return (values, frame) => {
    const key: SqlValue[] = [];
    for (const evaluate of evaluators) key.push(evaluate(values, frame));
    return key;
  };
}

/** Whether a row may lie in a partition: at each level it is the one that the row belongs to. Undefined: the table is none. */
export function compilePartitionTest(target: TableTarget, layout: Layout): ((values: SqlValue[], frame: Frame) => boolean) | undefined {
  if (target.partitionOf === undefined) return undefined;
  const levels = target.partitionOf.map(({ partition, parent, key }) => ({
    partition: partition.oid,
    parent,
    keyOf: compileKey(key.map((expr) => layout.evaluator(expr))),
  }));
  return (values, frame) => {
    for (const { partition, parent, keyOf } of levels) {
      const map = partitionMapOf(parent, frame.cx.catalog);
      if (map.ordered[map.find(keyOf(values, frame))]?.oid !== partition) return false;
    }
    return true;
  };
}
