import type { PhysicalPlan } from '../../planner/optimize/physical.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { ChildWriters } from '../dml/referential-actions.js';
import type { QueryCompiler, Scope } from '../scope.js';
import { compileAggregateRows } from './aggregate.js';
import { compileAppend } from './append.js';
import { compileAsyncCalls } from './async-calls.js';
import { compileDelete } from './delete.js';
import { compileDistinctRows } from './distinct.js';
import { compileFilter } from './filter.js';
import { compileFunctionScan } from './function-scan.js';
import { compileHashJoin } from './hash-join.js';
import { compileIndexScan } from './index-scan.js';
import { compileInsert } from './insert.js';
import { compileInstead } from './instead.js';
import { compileInvertedScan } from './inverted-scan.js';
import { compileLimit } from './limit.js';
import { compileLockRows } from './lock-rows.js';
import { compileMerge } from './merge.js';
import { compileMergeAppend } from './merge-append.js';
import { compileMergeJoin } from './merge-join.js';
import { compileNestedLoop } from './nested-loop.js';
import { compileProject } from './project.js';
import { compileProjectSet } from './project-set.js';
import { compileRecursive, compileWorkTable } from './recursive.js';
import { compileResult } from './result.js';
import { compileSample } from './sample.js';
import { compileSetOperation } from './set-operation.js';
import { compileSort } from './sort.js';
import { compileTableScan } from './table-scan.js';
import { compileTopN } from './top-n.js';
import { compileUpdate } from './update.js';
import { compileValues } from './values.js';
import { compileVirtualScan, type VirtualRelations } from './virtual-scan.js';
import { compileWindow } from './window/window.js';
import { compileCteScan, compileWith } from './with.js';

/** What operators need of their statement's compilation besides expressions. */
export interface PlanCompiler extends QueryCompiler {
  readonly virtualRelations: VirtualRelations;
  readonly children: ChildWriters;
  /** Whether a node is the statement's own change of data, whose rows the command tag counts; others stand in WITH. */
  isMain(plan: PhysicalPlan): boolean;
}

type PlanByKind = { [P in PhysicalPlan as P['kind']]: P };
type PlanCompilers = { readonly [K in keyof PlanByKind]: (plan: PlanByKind[K], scope: Scope, compiler: PlanCompiler) => CompiledPlan };

const COMPILERS: PlanCompilers = {
  result: compileResult,
  'table scan': compileTableScan,
  'index scan': compileIndexScan,
  'inverted scan': compileInvertedScan,
  'virtual scan': compileVirtualScan,
  sample: compileSample,
  'function scan': compileFunctionScan,
  values: compileValues,
  'cte scan': compileCteScan,
  with: compileWith,
  recursive: compileRecursive,
  'work table': compileWorkTable,
  filter: compileFilter,
  project: compileProject,
  'project set': compileProjectSet,
  'async calls': compileAsyncCalls,
  'nested loop': compileNestedLoop,
  'hash join': compileHashJoin,
  'merge join': compileMergeJoin,
  aggregate: compileAggregateRows,
  window: compileWindow,
  distinct: compileDistinctRows,
  sort: compileSort,
  'top n': compileTopN,
  limit: compileLimit,
  append: compileAppend,
  'merge append': compileMergeAppend,
  'set operation': compileSetOperation,
  'lock rows': compileLockRows,
  insert: compileInsert,
  update: compileUpdate,
  delete: compileDelete,
  merge: compileMerge,
  instead: compileInstead,
};

export function compileNode(plan: PhysicalPlan, scope: Scope, compiler: PlanCompiler): CompiledPlan {
  return dispatch(plan.kind, plan, scope, compiler);
}

function dispatch<K extends keyof PlanByKind>(kind: K, plan: PlanByKind[K], scope: Scope, compiler: PlanCompiler): CompiledPlan {
  return COMPILERS[kind](plan, scope, compiler);
}
