import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { compile } from '../../executor/compile.js';
import type { NodeCounters } from '../../executor/counters.js';
import { checkPrivileges } from '../../executor/privileges.js';
import { type Waiting, wait } from '../../executor/waiting.js';
import type { ResultColumn } from '../../planner/bind/logical.js';
import { explainJson, explainText } from '../../planner/optimize/explain/explain.js';
import type { PhysicalPlan, PlannedQuery } from '../../planner/optimize/physical.js';
import type { ExplainStatement } from '../../planner/parse/ast.js';
import type { FormatContext } from '../../types/format-context.js';
import { TypeOid } from '../../types/oids.js';
import type { SqlValue } from '../../types/value.js';
import { DoneCommand, type OpenedStatement } from '../opened-statement.js';
import { currentPlan } from '../run/open-query.js';
import { takeTableLocks } from '../run/table-locks.js';
import type { SessionCore } from '../session-core.js';
import { CachedStatement } from '../statement/cached-statement.js';
import { type ExplainSettings, explainSettings } from './explain-options.js';
import { executeArguments } from './prepared-commands.js';
import { resultColumn } from './result-columns.js';

interface Explained {
  readonly cached: CachedStatement;
  readonly params: readonly SqlValue[];
}

export function* explainCommand(
  statement: ExplainStatement,
  cached: CachedStatement,
  params: readonly SqlValue[],
  core: SessionCore,
): Waiting<OpenedStatement> {
  const settings = explainSettings(statement.options);
  core.block.enter();
  const explained = explainedQuery(statement, cached, params, core);
  if (explained === undefined) return answer(['Utility statements have no plan structure'], settings);
  const { clock } = core.server;
  const planningStart = clock.monotonicMs();
  const plan = currentPlan(core, explained.cached);
  const planningMs = clock.monotonicMs() - planningStart;
  checkPrivileges(plan.query.privileges, { catalog: core.catalog(), session: core.identity() });
  if (!settings.analyze) return answer(print(plan.query, settings, undefined, { planningMs }, core.format), settings);
  const locked = takeTableLocks(core.block.enter(), plan.tableLocks);
  if (locked !== undefined) yield* wait(locked);
  const executionStart = clock.monotonicMs();
  const counters = yield* run(plan.query, explained.params, core);
  const executionMs = clock.monotonicMs() - executionStart;
  return answer(print(plan.query, settings, counters, { planningMs, executionMs }, core.format), settings);
}

/** Undefined for statements without a plan. Planned anew each time: it is the planning that is shown. */
function explainedQuery(
  { statement }: ExplainStatement,
  { within }: CachedStatement,
  params: readonly SqlValue[],
  core: SessionCore,
): Explained | undefined {
  if (statement.type === 'execute') {
    const prepared = core.prepared.get(statement.name);
    if (prepared.cached === undefined) return undefined;
    return { cached: prepared.cached, params: executeArguments(statement, prepared, core) };
  }
  if (within === undefined) return undefined;
  return { cached: new CachedStatement(within.parsed, within.paramTypes, within.paramsFixed, within.scope), params };
}

/** EXPLAIN ANALYZE runs the statement for real. */
function* run(planned: PlannedQuery, params: readonly SqlValue[], core: SessionCore): Waiting<ReadonlyMap<PhysicalPlan, NodeCounters>> {
  if (params.length < planned.paramTypes.length) {
    throw new SqlError(SqlState.featureNotSupported, 'EXPLAIN ANALYZE of a statement with parameters is not supported yet');
  }
  const transaction = core.block.enter();
  const view = transaction.view();
  const running = compile(planned, core.server.compile, { instrument: true }).start(core.execution(transaction, view, params, []));
  try {
    for (;;) {
      const next = running.next();
      const batch = next instanceof Promise ? yield* wait(next) : next;
      if (batch === null) return running.counters;
      core.interrupt.check();
      if (core.interrupt.shouldYield()) yield* wait(core.interrupt.turn());
    }
  } finally {
    running.close();
    view.release();
  }
}

interface Times {
  readonly planningMs: number;
  readonly executionMs?: number;
}

function print(
  planned: PlannedQuery,
  settings: ExplainSettings,
  counters: ReadonlyMap<PhysicalPlan, NodeCounters> | undefined,
  times: Times,
  format: FormatContext,
): readonly string[] {
  const options = { costs: settings.costs, verbose: settings.verbose, counters, timing: settings.timing, format };
  if (settings.format === 'json') return [explainJson(planned, options, jsonSummary(settings, times))];
  const lines = explainText(planned, options);
  if (!settings.summary) return lines;
  lines.push(`Planning Time: ${times.planningMs.toFixed(3)} ms`);
  if (times.executionMs !== undefined) lines.push(`Execution Time: ${times.executionMs.toFixed(3)} ms`);
  return lines;
}

function jsonSummary({ summary, analyze }: ExplainSettings, { planningMs, executionMs }: Times): Record<string, number | []> {
  return {
    ...(summary && { 'Planning Time': Number(planningMs.toFixed(3)) }),
    ...(analyze && { Triggers: [] }),
    ...(summary && executionMs !== undefined && { 'Execution Time': Number(executionMs.toFixed(3)) }),
  };
}

function answer(lines: readonly string[], settings: ExplainSettings): OpenedStatement {
  return new DoneCommand(
    'EXPLAIN',
    columnsFor(settings),
    lines.map((line) => [line]),
  );
}

function columnsFor({ format }: ExplainSettings): readonly ResultColumn[] {
  return [resultColumn('QUERY PLAN', format === 'json' ? TypeOid.json : TypeOid.text)];
}

export function explainColumns(statement: ExplainStatement): readonly ResultColumn[] {
  return columnsFor(explainSettings(statement.options));
}
