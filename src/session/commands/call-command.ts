import { callProcedure } from '../../executor/ddl/index.js';
import type { Waiting } from '../../executor/waiting.js';
import type { CallStatement } from '../../planner/parse/ast.js';
import { DoneCommand, type OpenedStatement } from '../opened-statement.js';
import type { SessionCore } from '../session-core.js';
import { ContextOfUtility, type QueryParams } from '../utility-context.js';

const NO_NAMES = Object.freeze({});

/** CALL. @param isAtomic the procedure may not end the transaction: in a block, or called by a function */
export function* callCommand(
  statement: CallStatement,
  core: SessionCore,
  params: QueryParams,
  isAtomic: boolean,
): Waiting<OpenedStatement> {
  const transaction = core.block.enter();
  const view = transaction.view();
  try {
    const cx = new ContextOfUtility(core, transaction, view, { scope: NO_NAMES, ...params });
    const result = yield* callProcedure(statement, cx, isAtomic);
    return new DoneCommand(result.tag, result.columns, result.rows);
  } finally {
    // The procedure may have ended the transaction.
    if (core.block.transaction === transaction) view.release();
  }
}
