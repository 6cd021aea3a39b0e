import type { PlanCteScan } from '../../../planner/optimize/physical.js';
import type { Row } from '../../../types/value.js';
import type { Loop } from '../live-compiler.js';
import type { LiveNode } from '../live-node.js';
import { mappedIdentity } from '../row-identity.js';

/** A query of WITH: its rows in the order of its outputs. */
export interface LiveCte {
  readonly cte: number;
  readonly node: LiveNode;
  readonly positions: readonly number[];
  /** The loop that it stands in. */
  readonly loop: Loop | undefined;
}

/** WITH: each query is kept once, and told to all that read it. */
export function withNode(ctes: readonly LiveCte[], body: LiveNode): LiveNode {
  return {
    output: body.output,
    identity: body.identity,
    isStateful: true,
    start(run, push) {
      body.start(run, push);
      // Later ones may read earlier ones, so that those begin last.
      for (const { cte, node, positions } of [...ctes].reverse()) {
        const map = (row: Row | undefined): Row | undefined => row && positions.map((position) => row[position] ?? null);
        node.start(run, (id, old, now) => {
          const before = map(old);
          const after = map(now);
          for (const reader of run.cteReaders(cte)) reader(id, before, after);
        });
      }
    },
  };
}

export function cteScanNode(plan: PlanCteScan, { node, positions }: LiveCte): LiveNode {
  const identity = mappedIdentity(node.identity, (id) => {
    const { identity: own } = node;
    const column = own.kind === 'values' ? own.columns.find((candidate) => candidate.id === id) : undefined;
    const output = plan.output[positions.indexOf(node.output.indexOf(id))];
    return column === undefined || output === undefined ? undefined : { ...column, id: output };
  });
  return {
    output: plan.output,
    identity,
    isStateful: false,
    start(run, push) {
      run.attachCte(plan.cte, push);
    },
  };
}
