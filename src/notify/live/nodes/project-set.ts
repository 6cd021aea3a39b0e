import { drainSync } from '../../../executor/operators/drain.js';
import { Scope } from '../../../executor/scope.js';
import type { ColumnId } from '../../../planner/bind/expression.js';
import type { PlanProjectSet } from '../../../planner/optimize/physical.js';
import type { Row } from '../../../types/value.js';
import type { LiveCompiler, Place } from '../live-compiler.js';
import type { LiveNode, RowId } from '../live-node.js';
import { HIDDEN } from '../row-identity.js';

const NO_COST = Object.freeze({ startup: 0, total: 0, rows: 1, width: 0 });

/** Functions in the select list that give sets: each row becomes as many as the longest of them has. */
export function projectSetNode(input: LiveNode, plan: PlanProjectSet, place: Place, compiler: LiveCompiler): LiveNode {
  const slots = new Map<ColumnId, number>(input.output.map((id) => [id, compiler.newSlot()]));
  const bound = [...slots.values()];
  // The executor's node over one row without columns: it finds the row's own in slots.
  const one: PlanProjectSet = { ...plan, input: { kind: 'result', output: [], cost: NO_COST } };
  const compiled = compiler.compilePlan(one, new Scope(slots, place.scope));
  return {
    output: compiled.output,
    identity: HIDDEN,
    isStateful: input.isStateful,
    start(run, push) {
      const { frame } = run;
      const expand = (row: Row | undefined): Row[] => {
        const rows: Row[] = [];
        if (row === undefined) return rows;
        for (const [position, slot] of bound.entries()) frame.slots[slot] = row[position] ?? null;
        drainSync(compiled.open(frame), frame, (made) => {
          rows.push(made);
          return true;
        });
        return rows;
      };
      input.start(run, (id: RowId, old, now) => {
        const before = expand(old);
        const after = expand(now);
        for (let i = 0; i < Math.max(before.length, after.length); i++) push(`${i}:${id}`, before[i], after[i]);
      });
    },
  };
}
