import type { PlanAppend, PlanMergeAppend } from '../../../planner/optimize/physical.js';
import type { Row } from '../../../types/value.js';
import type { LiveCompiler, Place } from '../live-compiler.js';
import type { LiveNode } from '../live-node.js';
import { branchId, mappedIdentity } from '../row-identity.js';

/** UNION ALL, or a table with those that belong to it: the rows of all inputs. */
export function appendNode(
  plan: PlanAppend | PlanMergeAppend,
  inputs: readonly LiveNode[],
  place: Place,
  compiler: LiveCompiler,
): LiveNode {
  const maps = inputs.map((input, i) => {
    const layout = compiler.layout(input.output, place);
    const positions = (plan.inputs[i]?.outputs ?? input.output).map((id) => layout.positionOf(id));
    return (row: Row | undefined): Row | undefined => row && positions.map((position) => row[position] ?? null);
  });
  const identities = inputs.map((input, i) => {
    const outputs = plan.inputs[i]?.outputs ?? [];
    return mappedIdentity(input.identity, (id) => {
      const position = outputs.indexOf(id);
      const output = plan.output[position];
      const column = columnOf(input, id);
      return output === undefined || column === undefined ? undefined : { ...column, id: output };
    });
  });
  return {
    output: plan.output,
    identity: { kind: 'branches', branches: identities, isOneTable: plan.tree !== undefined },
    isStateful: inputs.some((input) => input.isStateful),
    start(run, push) {
      for (const [branch, input] of inputs.entries()) {
        const map = maps[branch];
        if (map !== undefined) input.start(run, (id, old, now) => push(branchId(branch, id), map(old), map(now)));
      }
    },
  };
}

function columnOf({ identity }: LiveNode, id: number) {
  return identity.kind === 'values' ? identity.columns.find((column) => column.id === id) : undefined;
}
