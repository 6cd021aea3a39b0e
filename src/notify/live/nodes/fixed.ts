import { drainSync } from '../../../executor/operators/drain.js';
import type { PhysicalPlan } from '../../../planner/optimize/physical.js';
import type { LiveCompiler, Place } from '../live-compiler.js';
import type { LiveNode } from '../live-node.js';
import { HIDDEN } from '../row-identity.js';

/** A plan that reads no tables: its rows are there from the start, for good. Under a loop they are those for one outer row. */
export function fixedNode(plan: PhysicalPlan, place: Place, compiler: LiveCompiler): LiveNode {
  const compiled = compiler.compilePlan(plan, place.scope);
  return {
    output: compiled.output,
    identity: HIDDEN,
    isStateful: true,
    start(run, push) {
      let count = 0;
      let isTold = false;
      // Who reads it has to be ready first.
      run.atEnd(() => {
        if (isTold) return;
        isTold = true;
        drainSync(compiled.open(run.frame), run.frame, (row) => {
          push(String(count++), undefined, row);
          return true;
        });
      });
    },
  };
}
