import type { BoundExpr } from '../../../planner/bind/expression.js';
import type { LiveCompiler, Place } from '../live-compiler.js';
import type { LiveNode } from '../live-node.js';

/** Rows for which a condition is true. */
export function filterNode(input: LiveNode, condition: BoundExpr, place: Place, compiler: LiveCompiler): LiveNode {
  const passes = compiler.layout(input.output, place).predicate(condition);
  return {
    output: input.output,
    identity: input.identity,
    isStateful: input.isStateful,
    start(run, push) {
      const { frame } = run;
      input.start(run, (id, old, now) => {
        const before = old !== undefined && passes(old, frame) ? old : undefined;
        const after = now !== undefined && passes(now, frame) ? now : undefined;
        if (before !== undefined || after !== undefined) push(id, before, after);
      });
    },
  };
}
