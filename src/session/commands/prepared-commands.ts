import type { Oid } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { evaluateExpression } from '../../executor/expression/compile-expression.js';
import { type Waiting, wait } from '../../executor/waiting.js';
import { bindStandalone, resolveDataType } from '../../planner/bind/bind.js';
import type { DataTypeDef, DeallocateStatement, ExecuteStatement, Expr, PrepareStatement } from '../../planner/parse/ast.js';
import { isQuery } from '../../planner/plan.js';
import type { SqlValue } from '../../types/value.js';
import { DoneCommand, type OpenedStatement } from '../opened-statement.js';
import { PreparedStatement } from '../prepared-statements.js';
import { currentPlan, openQuery } from '../run/open-query.js';
import type { SessionCore } from '../session-core.js';
import { CachedStatement } from '../statement/cached-statement.js';

/** PREPARE: the same names as the protocol's. */
export function prepareCommand(statement: PrepareStatement, text: string, core: SessionCore): OpenedStatement {
  const { prepared, values } = core;
  prepared.requireFree(statement.name, core.statementText, values.maxPreparedStatements);
  core.block.enter();
  if (!isQuery(statement.statement)) throw notSupported(`PREPARE of ${statement.statement.type.toUpperCase()}`);
  const types = typesOf(statement.argTypes ?? [], core);
  const cached = new CachedStatement({ statement: statement.statement, text, offset: 0 }, types, false);
  const plan = currentPlan(core, cached);
  const options = { fromSql: true, createdMicros: core.statementStartMicros };
  // pg_prepared_statements shows the whole text that was sent.
  prepared.add(new PreparedStatement(statement.name, core.statementText, cached, plan, options));
  return new DoneCommand('PREPARE');
}

function typesOf(types: readonly DataTypeDef[], core: SessionCore): readonly Oid[] {
  if (types.length === 0) return [];
  const cx = core.plannerContext([], true);
  return types.map((type) => resolveDataType(type, cx).type);
}

export function* executeCommand(statement: ExecuteStatement, core: SessionCore): Waiting<OpenedStatement> {
  const prepared = core.prepared.get(statement.name);
  core.block.enter();
  const params = executeArguments(statement, prepared, core);
  prepared.uses++;
  if (prepared.cached === undefined) return new DoneCommand('EXECUTE');
  prepared.requireSameResult(currentPlan(core, prepared.cached));
  return yield* wait(openQuery(core, prepared.cached, params, []));
}

/** @throws SqlError 42601 for a wrong number, 42804 … */
export function executeArguments(statement: ExecuteStatement, prepared: PreparedStatement, core: SessionCore): readonly SqlValue[] {
  const expected = prepared.paramTypes.length;
  // PostgreSQL looks at arguments only where there are parameters.
  if (expected > 0 && statement.params.length !== expected) {
    throw new SqlError(SqlState.syntaxError, `wrong number of parameters for prepared statement "${statement.name}"`, {
      detail: `Expected ${expected} parameters but got ${statement.params.length}.`,
    });
  }
  return expected === 0 ? [] : evaluate(statement.params, prepared.paramTypes, core);
}

/** The arguments as values of the parameters' types. @throws SqlError 42804 … */
function evaluate(exprs: readonly Expr[], types: readonly Oid[], core: SessionCore): readonly SqlValue[] {
  const planner = core.plannerContext([], true);
  const { library } = core.server.compile;
  const transaction = core.block.enter();
  const view = transaction.view();
  try {
    const cx = core.execution(transaction, view, [], []);
    return exprs.map((expr, i) => {
      const target = { name: `$${i + 1}`, type: types[i] ?? 0, typmod: -1 };
      return evaluateExpression(bindStandalone(expr, planner, target), library, cx);
    });
  } finally {
    view.release();
  }
}

export function deallocateCommand(statement: DeallocateStatement, core: SessionCore): OpenedStatement {
  core.block.requireNotFailed();
  if (statement.name === undefined) {
    core.prepared.clearNamed();
    return new DoneCommand('DEALLOCATE ALL');
  }
  core.prepared.get(statement.name);
  core.prepared.delete(statement.name);
  return new DoneCommand('DEALLOCATE');
}
