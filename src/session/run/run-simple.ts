import { type Waiting, wait } from '../../executor/waiting.js';
import type { LiftedLiteral } from '../../planner/parse/literals.js';
import type { RowWriter } from '../../wire/port.js';
import { type OpenedStatement, rowsOf } from '../opened-statement.js';
import type { ResultWriters } from '../result-writers.js';
import type { SessionCore } from '../session-core.js';
import type { CachedStatement } from '../statement/cached-statement.js';
import { describeColumns } from '../statement/describe-columns.js';
import type { SimpleText } from '../statement/statement-cache.js';
import { OpenedQuery } from './open-query.js';
import { openStatement } from './open-statement.js';
import { type ResultPosition, sendRows } from './send-rows.js';

/**
 * The statements of one Query message. They share an implicit transaction, which ends with the last of them: before that one's
 * CommandComplete, so that what the client hears is durable.
 */
export function* runSimple(core: SessionCore, writers: ResultWriters, text: SimpleText): Waiting<void> {
  const { statements } = text.cached;
  if (statements.length === 0) {
    core.output.emptyQuery();
    return;
  }
  const last = statements.length - 1;
  for (let i = 0; i <= last; i++) {
    const cached = statements[i];
    if (cached === undefined) continue;
    core.interrupt.check();
    if (i > 0) {
      core.values.refresh(core.settings);
      core.interrupt.beginNext(core.values.statementTimeoutMs);
      core.limitWaits();
    }
    yield* runStatement(core, writers, cached, text.literals, last > 0, i === last);
  }
}

function* runStatement(
  core: SessionCore,
  writers: ResultWriters,
  cached: CachedStatement,
  literals: readonly LiftedLiteral[],
  inMultiple: boolean,
  isLast: boolean,
): Waiting<void> {
  const opening = openStatement(core, cached, [], literals, inMultiple);
  const opened = opening instanceof Promise ? yield* wait(opening) : opening;
  let sent: number;
  try {
    const ruled = opened instanceof OpenedQuery ? opened.ruled : undefined;
    if (ruled !== undefined) ruled.show = (one) => sendRows(core, one, start(), describe(core, writers, one), 0);
    const write = describe(core, writers, opened);
    const sending = sendRows(core, opened, start(), write, 0);
    sent = sending instanceof Promise ? yield* wait(sending) : sending;
  } finally {
    opened.close();
  }
  if (isLast) {
    const ending = core.block.endImplicit();
    if (ending !== undefined) yield* wait(ending);
  }
  const tag = opened.tag(sent);
  core.output.commandComplete(tag);
  core.completed(cached, tag, rowsOf(opened, sent));
}

const start = (): ResultPosition => ({ batch: null, index: 0, position: 0, finished: false });

/** Sends the RowDescription, and gives the writer of its rows. */
function describe(core: SessionCore, writers: ResultWriters, opened: OpenedStatement): RowWriter | undefined {
  const { columns, plan, format } = opened;
  if (columns === undefined) return undefined;
  if (plan !== undefined) {
    core.output.rowDescription(plan.fields(format));
    return writers.forPlan(plan, format);
  }
  const fields = describeColumns(columns, [format], core.catalog().builtin);
  core.output.rowDescription(fields);
  return writers.forFields(fields);
}
