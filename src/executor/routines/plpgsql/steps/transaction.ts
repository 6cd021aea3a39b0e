import type { Commit } from '../../../../planner/parse/plpgsql/ast.js';
import type { Waiting } from '../../../waiting.js';
import type { Activation } from '../activation.js';
import { type Completion, Done, type Step } from '../step.js';

export function compileTransaction({ line, kind, chain }: Commit): Step {
  return { line, title: kind === 'commit' ? 'COMMIT' : 'ROLLBACK', run };

  function* run(a: Activation): Waiting<Completion> {
    const { statements } = a.call;
    // Loops over rows, of callers too, go on afterwards.
    if (!a.call.isAtomic) for (const frame of statements.stack.frames) yield* frame.hold();
    a.statementEnded();
    yield* kind === 'commit' ? statements.commit(chain, a.call) : statements.rollback(chain, a.call);
    a.statementEnded();
    return Done.next;
  }
}
