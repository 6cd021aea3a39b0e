import type { LiveNode } from '../live-node.js';

/** Within a loop: rows that are kept outside of it, as far as they are the outer row's business. */
export function inputNode(number: number, { output, identity }: LiveNode): LiveNode {
  return {
    output,
    identity,
    isStateful: false,
    start(run, push) {
      run.attachInput(number, push);
    },
  };
}
