import type { Oid } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { type Waiting, wait } from '../../executor/waiting.js';
import type { DataTypeDef, DeallocateStatement, ExecuteStatement, Expr, PrepareStatement } from '../../planner/parse/ast.js';
import { isQuery, planQuery } from '../../planner/plan.js';
import type { Row, SqlValue } from '../../types/value.js';
import { DoneCommand, type OpenedStatement } from '../opened-statement.js';
import { PreparedStatement } from '../prepared-statements.js';
import { currentPlan, openQuery } from '../run/open-query.js';
import type { SessionCore } from '../session-core.js';
import { CachedStatement } from '../statement/cached-statement.js';

/** PREPARE: the same names as the protocol's. */
export function prepareCommand(statement: PrepareStatement, text: string, core: SessionCore): OpenedStatement {
  const { prepared, values } = core;
  prepared.requireFree(statement.name, values.maxPreparedStatements);
  core.block.enter();
  if (!isQuery(statement.statement)) throw notSupported(`PREPARE of ${statement.statement.type.toUpperCase()}`);
  const types = typesOf(statement.argTypes ?? [], core);
  const cached = new CachedStatement({ statement: statement.statement, text, offset: 0 }, types, false);
  const plan = currentPlan(core, cached);
  const options = { fromSql: true, createdMicros: core.statementStartMicros };
  prepared.add(new PreparedStatement(statement.name, text, cached, plan, options));
  return new DoneCommand('PREPARE');
}

/** The binder resolves names of types: a query of NULLs cast to them tells their OIDs. */
function typesOf(types: readonly DataTypeDef[], core: SessionCore): readonly Oid[] {
  if (types.length === 0) return [];
  const columns = types.map((to) => ({ expr: { type: 'cast', operand: { type: 'null' }, to } as const }));
  const plan = planQuery({ type: 'select', columns }, core.plannerContext([], true));
  return plan.query.columns.map((column) => column.type);
}

export function* executeCommand(statement: ExecuteStatement, core: SessionCore): Waiting<OpenedStatement> {
  const prepared = core.prepared.get(statement.name);
  core.block.enter();
  const expected = prepared.paramTypes.length;
  if (statement.params.length !== expected) {
    throw new SqlError(SqlState.syntaxError, `wrong number of parameters for prepared statement "${statement.name}"`, {
      detail: `Expected ${expected} parameters but got ${statement.params.length}.`,
    });
  }
  const params = expected === 0 ? [] : yield* evaluate(statement.params, prepared.paramTypes, core);
  if (prepared.cached === undefined) return new DoneCommand('EXECUTE');
  prepared.requireSameResult(currentPlan(core, prepared.cached));
  return yield* wait(openQuery(core, prepared.cached, params, []));
}

/** The arguments as values of the parameters' types. */
function* evaluate(exprs: readonly Expr[], types: readonly Oid[], core: SessionCore): Waiting<readonly SqlValue[]> {
  const { builtin } = core.catalog();
  const columns = exprs.map((operand, i) => {
    const type = builtin.typeByOid(types[i] ?? 0);
    if (type === undefined) return { expr: operand };
    return { expr: { type: 'cast', operand, to: { schema: 'pg_catalog', name: type.name } } as const };
  });
  const cached = new CachedStatement({ statement: { type: 'select', columns }, text: '', offset: 0 }, [], true);
  const opened = yield* wait(openQuery(core, cached, [], []));
  try {
    const batch = yield* wait(opened.next());
    const row: Row = batch?.[0] ?? [];
    return row;
  } finally {
    opened.close();
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
