import { groupKeyOf, hasherOf } from '../../../executor/expression/comparators.js';
import type { PlanSetOperation } from '../../../planner/optimize/physical.js';
import type { HashKey } from '../../../types/type-codec.js';
import type { Row } from '../../../types/value.js';
import type { LiveCompiler, Place } from '../live-compiler.js';
import type { LiveNode } from '../live-node.js';
import { HIDDEN } from '../row-identity.js';
import { valueId } from './value-id.js';

interface Counted {
  readonly row: Row;
  left: number;
  right: number;
}

/** How often a row comes out that the sides have so and so often. */
const TIMES: Readonly<Record<PlanSetOperation['op'], (counted: Counted) => number>> = {
  union: ({ left, right }) => left + right,
  intersect: ({ left, right }) => Math.min(left, right),
  except: ({ left, right }) => Math.max(left - right, 0),
};
const TIMES_DISTINCT: typeof TIMES = {
  union: ({ left, right }) => (left + right > 0 ? 1 : 0),
  intersect: ({ left, right }) => (left > 0 && right > 0 ? 1 : 0),
  except: ({ left, right }) => (left > 0 && right === 0 ? 1 : 0),
};

/** UNION, INTERSECT and EXCEPT: each distinct row with how often either side has it. */
export function setOperationNode(plan: PlanSetOperation, left: LiveNode, right: LiveNode, place: Place, compiler: LiveCompiler): LiveNode {
  const keyOf = groupKeyOf(plan.columns.map((column) => hasherOf(column.type)));
  const times = (plan.all ? TIMES : TIMES_DISTINCT)[plan.op];
  const mapped = (input: LiveNode, outputs: PlanSetOperation['leftOutputs']) => {
    const layout = compiler.layout(input.output, place);
    const positions = outputs.map((id) => layout.positionOf(id));
    return (row: Row): Row => positions.map((position) => row[position] ?? null);
  };
  const sides = [
    { side: 'left', input: left, map: mapped(left, plan.leftOutputs) },
    { side: 'right', input: right, map: mapped(right, plan.rightOutputs) },
  ] as const;
  return {
    output: plan.output,
    identity: plan.all ? HIDDEN : { kind: 'values', columns: plan.columns },
    isStateful: true,
    start(run, push) {
      const rows = new Map<HashKey, Counted>();
      const count = (side: 'left' | 'right', row: Row, by: 1 | -1): void => {
        const key = keyOf(row);
        let counted = rows.get(key);
        if (counted === undefined) {
          if (by < 0) return;
          counted = { row, left: 0, right: 0 };
          rows.set(key, counted);
          run.keep(row);
        }
        const before = times(counted);
        counted[side] += by;
        const after = times(counted);
        // Rows that are alike are numbered from 0: the last ones come and go.
        for (let i = before; i < after; i++) push(`${i}:${valueId(key)}`, undefined, counted.row);
        for (let i = before - 1; i >= after; i--) push(`${i}:${valueId(key)}`, counted.row, undefined);
        if (counted.left === 0 && counted.right === 0) {
          rows.delete(key);
          run.drop(counted.row);
        }
      };
      for (const { side, input, map } of sides) {
        input.start(run, (_id, old, now) => {
          if (old !== undefined) count(side, map(old), -1);
          if (now !== undefined) count(side, map(now), 1);
        });
      }
    },
  };
}
