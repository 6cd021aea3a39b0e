import type { ColumnId } from '../../../planner/bind/expression.js';
import type { Row } from '../../../types/value.js';
import type { LiveNode } from '../live-node.js';

/** The columns of each row that are asked for. */
export function narrowNode(input: LiveNode, output: readonly ColumnId[]): LiveNode {
  const positions = output.map((id) => input.output.indexOf(id));
  const narrowed = (row: Row | undefined): Row | undefined => row && positions.map((position) => row[position] ?? null);
  return {
    output,
    identity: input.identity,
    isStateful: input.isStateful,
    start(run, push) {
      input.start(run, (id, old, now) => push(id, narrowed(old), narrowed(now)));
    },
  };
}
