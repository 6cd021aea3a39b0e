import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { compileExpression } from '../../executor/expression/compile-expression.js';
import { checkPrivileges } from '../../executor/privileges.js';
import { type Waiting, wait } from '../../executor/waiting.js';
import { bindCopyTarget, bindScalar } from '../../planner/bind/bind.js';
import type { ColumnId } from '../../planner/bind/expression.js';
import type { LogicalInsert } from '../../planner/bind/logical.js';
import type { PlannerContext } from '../../planner/context.js';
import type { CopyStatement, QName } from '../../planner/parse/ast.js';
import type { QueryStatement } from '../../planner/plan.js';
import { lockTags } from '../../transaction/lock-tags.js';
import { CopyFromClient, type CopyTarget } from '../copy/copy-from.js';
import { type CopyOptions, copyOptions } from '../copy/copy-options.js';
import { LineWriter } from '../copy/copy-to.js';
import { DoneCommand, type OpenedStatement } from '../opened-statement.js';
import { openQuery } from '../run/open-query.js';
import type { SessionCore } from '../session-core.js';
import { CachedStatement } from '../statement/cached-statement.js';
import { ContextOfUtility } from '../utility-context.js';
import { findRelation, withoutPlace } from './find-relation.js';

export function* copyCommand(statement: CopyStatement, text: string, core: SessionCore): Waiting<OpenedStatement> {
  const options = copyOptions(statement);
  if (statement.program === true) throw notSupported('COPY with a program on the server');
  if (statement.file !== undefined) throw notSupported('COPY with a file on the server');
  core.block.enter();
  const rows = statement.direction === 'from' ? yield* copyFrom(statement, options, core) : yield* copyTo(statement, text, options, core);
  return new DoneCommand(`COPY ${rows}`);
}

function* copyFrom(statement: CopyStatement, options: CopyOptions, core: SessionCore): Waiting<number> {
  const transaction = core.block.enter();
  const { table: name } = statement;
  if (name === undefined) throw new SqlError(SqlState.syntaxError, 'COPY FROM needs a table');
  requireTable(name, core);
  if (transaction.options.readOnly)
    throw new SqlError(SqlState.readOnlySqlTransaction, 'cannot execute COPY FROM in a read-only transaction');
  yield* wait(transaction.lock(lockTags.relation(findRelation(withoutPlace(name), core).oid), 'ROW EXCLUSIVE'));
  const view = transaction.view();
  const cx = new ContextOfUtility(core, transaction, view);
  try {
    const bound = bindCopyTarget(name, statement.columns, cx.planner);
    checkPrivileges(bound.privileges, cx);
    if (bound.plan.kind !== 'insert') throw new Error('COPY is bound as INSERT');
    const copy = new CopyFromClient(copyTarget(bound.plan, statement, cx), options, cx);
    core.copyIn = copy;
    core.output.copyInResponse(false, copy.columnCount);
    return yield* wait(copy.finished);
  } finally {
    core.copyIn = undefined;
    view.release();
  }
}

function requireTable(name: QName, core: SessionCore): void {
  const relation = findRelation(withoutPlace(name), core);
  switch (relation.kind) {
    case 'table':
    case 'virtual':
      return;
    case 'view':
      throw new SqlError(SqlState.wrongObjectType, `cannot copy to view "${relation.name}"`, {
        hint: 'To enable copying to a view, provide an INSTEAD OF INSERT trigger.',
      });
    case 'sequence':
    case 'index':
      throw new SqlError(SqlState.wrongObjectType, `cannot copy to ${relation.kind} "${relation.name}"`);
  }
}

function copyTarget(insert: LogicalInsert, statement: CopyStatement, cx: ContextOfUtility): CopyTarget {
  const { table } = insert.target;
  if (statement.where === undefined) return { table, insert, where: undefined };
  const planner: PlannerContext = cx.planner;
  const { expr, columns } = bindScalar(statement.where, planner, { clause: 'COPY WHERE', row: table });
  const layout = table.columns.map((column) => {
    const bound = columns.find((candidate) => 'number' in candidate && candidate.number === column.number);
    return bound?.id ?? NO_COLUMN;
  });
  return { table, insert, where: compileExpression(expr, layout, cx.library) };
}

/** A dropped column's place. */
const NO_COLUMN = -1 as ColumnId;

function* copyTo(statement: CopyStatement, text: string, options: CopyOptions, core: SessionCore): Waiting<number> {
  const query = statement.query ?? tableQuery(statement, core);
  const cached = new CachedStatement({ statement: query, text, offset: 0 }, [], true);
  const opened = yield* wait(openQuery(core, cached, [], []));
  try {
    const { columns } = opened;
    if (columns === undefined) throw new SqlError(SqlState.featureNotSupported, 'COPY query must have a RETURNING clause');
    const lines = new LineWriter(columns, options, statement.table?.name);
    core.output.copyOutResponse(false, columns.length);
    if (options.header !== 'none') core.output.copyData(lines.header());
    const rows = yield* sendLines(opened, lines, core);
    core.output.copyDone();
    return rows;
  } finally {
    opened.close();
  }
}

function* sendLines(opened: OpenedStatement, lines: LineWriter, core: SessionCore): Waiting<number> {
  const { output, interrupt, format } = core;
  let rows = 0;
  for (;;) {
    const next = opened.next();
    const batch = next instanceof Promise ? yield* wait(next) : next;
    if (batch === null) return rows;
    for (const row of batch) {
      output.copyData(lines.row(row, format));
      rows++;
      const congested = output.drain();
      if (congested !== undefined) yield* wait(congested);
    }
    interrupt.check();
    if (interrupt.shouldYield()) yield* wait(interrupt.turn());
  }
}

/** COPY t (a, b) TO is SELECT a, b FROM t. */
function tableQuery(statement: CopyStatement, core: SessionCore): QueryStatement {
  const { table: name, columns } = statement;
  if (name === undefined) throw new SqlError(SqlState.syntaxError, 'COPY needs a table or a query');
  const relation = findRelation(withoutPlace(name), core);
  if (relation.kind === 'view') {
    throw new SqlError(SqlState.wrongObjectType, `cannot copy from view "${relation.name}"`, {
      hint: 'Try the COPY (SELECT ...) TO variant.',
    });
  }
  if (relation.kind === 'sequence' || relation.kind === 'index') {
    throw new SqlError(SqlState.wrongObjectType, `cannot copy from ${relation.kind} "${relation.name}"`);
  }
  for (const column of columns ?? []) {
    if (relation.columns.some((candidate) => candidate.name === column && candidate.dropped !== true)) continue;
    throw new SqlError(SqlState.undefinedColumn, `column "${column}" of relation "${relation.name}" does not exist`);
  }
  const names =
    columns ?? relation.columns.filter((column) => column.dropped !== true && column.generatedText === undefined).map((c) => c.name);
  return {
    type: 'select',
    columns: names.map((column) => ({ expr: { type: 'ref', name: column } })),
    from: [{ type: 'table', name, only: true }],
  };
}
