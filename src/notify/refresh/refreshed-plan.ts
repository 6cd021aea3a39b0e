import { isRoutineSource } from '../../catalog/made-routines.js';
import { notSupported } from '../../commons/sql-error.js';
import { rowKeyNumbers } from '../../executor/access/row-keys.js';
import type { ColumnId } from '../../planner/bind/expression.js';
import { walkExpression } from '../../planner/bind/tree/walk.js';
import type { PhysicalPlan, PlannedQuery } from '../../planner/optimize/physical.js';
import { OF_TIME } from '../live/compile-program.js';
import { expressionsOf, walkPlans } from '../live/plan-columns.js';
import type { KeyColumnOfRows } from './refreshed-rows.js';

/** What a query's plan tells of running it again. */
export interface RefreshedPlan {
  readonly key: readonly KeyColumnOfRows[] | undefined;
  /** It may give other rows though no table has changed: it is run each time. */
  readonly isOfTime: boolean;
  /** Functions by users, which may do anything. */
  readonly callsRoutines: boolean;
}

/** @throws SqlError 0A000 for what does more than read */
export function refreshedPlan(planned: PlannedQuery): RefreshedPlan {
  if (planned.writes.length > 0) throw notSupported('a live query that changes rows');
  let isOfTime = false;
  let callsRoutines = false;
  walkPlans(planned.plan, planned.subqueries, (plan) => {
    if (plan.kind === 'lock rows') throw notSupported('a live query with FOR UPDATE');
    isOfTime ||= plan.kind === 'virtual scan' || plan.kind === 'sample';
    for (const expr of expressionsOf(plan)) {
      walkExpression(expr, (node) => {
        if (node.kind !== 'call') return;
        callsRoutines ||= isRoutineSource(node.source);
        // Of stable functions only those of time: settings are those of LISTEN, and with the catalog the query is run again.
        isOfTime ||= node.volatility === 'v' || OF_TIME.has(node.source);
      });
    }
  });
  const { output } = planned.plan;
  const key = keyOf(planned.plan)?.map(({ name, id }) => ({ name, position: output.indexOf(id) }));
  const isShown = key?.every(({ position }) => position >= 0 && position < planned.columns.length) === true;
  return { key: isShown ? key : undefined, isOfTime: isOfTime || callsRoutines, callsRoutines };
}

interface KeyPart {
  readonly name: string;
  readonly id: ColumnId;
}

/** The columns that tell a plan's rows apart, where it has all of them: its one table's key, or its groups. */
function keyOf(plan: PhysicalPlan): readonly KeyPart[] | undefined {
  switch (plan.kind) {
    case 'table scan':
    case 'index scan':
    case 'inverted scan': {
      const names = rowKeyNumbers(plan.table).map((number) => plan.table.columns[number - 1]?.name ?? '');
      return scanned(names, plan);
    }
    case 'virtual scan':
      return scanned(KEYS_OF_VIRTUAL[plan.table.provider] ?? [], plan);
    case 'filter':
    case 'sort':
    case 'limit':
    case 'top n':
    case 'window':
    case 'async calls':
      return keyOf(plan.input);
    case 'project':
      return whole(
        keyOf(plan.input)?.map(({ name, id }) => {
          const column = plan.columns.find(({ expr }) => expr.kind === 'column' && expr.id === id);
          return column && { name, id: column.id };
        }),
      );
    case 'aggregate':
      return plan.groupingSets === undefined && plan.groups.length > 0 ? plan.groups : undefined;
    default:
      return undefined;
  }
}

/** What the server's own lists are lists of. */
const KEYS_OF_VIRTUAL: Readonly<Record<string, readonly string[]>> = {
  'system.sessions': ['pid'],
  'system.live_queries': ['id'],
  'pg_catalog.pg_stat_activity': ['pid'],
  'pg_catalog.pg_settings': ['name'],
};

type Scan = Extract<PhysicalPlan, { kind: 'table scan' | 'index scan' | 'inverted scan' | 'virtual scan' }>;

function scanned(names: readonly string[], { table, columns }: Scan): readonly KeyPart[] | undefined {
  return whole(
    names.map((name) => {
      const column = columns.find((candidate) => 'number' in candidate && table.columns[candidate.number - 1]?.name === name);
      return column && { name, id: column.id };
    }),
  );
}

function whole(parts: readonly (KeyPart | undefined)[] | undefined): readonly KeyPart[] | undefined {
  return parts !== undefined && parts.length > 0 && parts.every((part) => part !== undefined) ? parts : undefined;
}
