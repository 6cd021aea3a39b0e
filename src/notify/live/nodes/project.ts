import type { ProjectedColumn } from '../../../planner/bind/logical.js';
import type { Row } from '../../../types/value.js';
import type { LiveCompiler, Place } from '../live-compiler.js';
import type { LiveNode } from '../live-node.js';
import { projectedIdentity } from '../row-identity.js';

/** Expressions over each row. */
export function projectNode(input: LiveNode, columns: readonly ProjectedColumn[], place: Place, compiler: LiveCompiler): LiveNode {
  const layout = compiler.layout(input.output, place);
  const evaluators = columns.map((column) => layout.evaluator(column.expr));
  return {
    output: columns.map((column) => column.id),
    identity: projectedIdentity(input.identity, columns),
    isStateful: input.isStateful,
    start(run, push) {
      const { frame } = run;
      const project = (row: Row): Row => {
        const projected: Row = [];
        for (const evaluate of evaluators) projected.push(evaluate(row, frame));
        return projected;
      };
      input.start(run, (id, old, now) => {
        push(id, old === undefined ? undefined : project(old), now === undefined ? undefined : project(now));
      });
    },
  };
}
