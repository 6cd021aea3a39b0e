import type { FormatContext } from '../../../types/format-context.js';
import type { PhysicalPlan, PlannedQuery } from '../physical.js';
import { PlanNames } from './names.js';
import { type NodeView, viewPlan } from './node-view.js';

/** EXPLAIN's options, as far as plans know of them. */
export interface ExplainOptions {
  readonly costs: boolean;
  readonly verbose: boolean;
  /** How constants are written. */
  readonly format?: FormatContext;
  /** ANALYZE: what each node did, from the executor. */
  readonly counters?: ReadonlyMap<PhysicalPlan, ExplainCounters> | undefined;
  /** ANALYZE: TIMING, on unless said otherwise. */
  readonly timing?: boolean | undefined;
}

export interface ExplainCounters {
  readonly rows: number;
  readonly loops: number;
  readonly startupMs: number;
  readonly totalMs: number;
}

/** EXPLAIN in PostgreSQL's text form, a line a row. */
export function explainText(planned: PlannedQuery, options: ExplainOptions): string[] {
  const lines: string[] = [];
  writeNode(viewPlan(planned.plan, new PlanNames(planned, options.verbose, options.format)), 0, true, options, lines);
  return lines;
}

function writeNode(node: NodeView, indent: number, isRoot: boolean, options: ExplainOptions, lines: string[]): void {
  let column = indent;
  if (node.heading !== undefined) {
    lines.push(`${' '.repeat(column)}${node.heading}`);
    column += 2;
  }
  const arrow = isRoot ? '' : '->  ';
  lines.push(`${' '.repeat(column)}${arrow}${node.title}${costText(node, options)}${actualText(node, options)}`);
  const inner = column + (isRoot ? 2 : 6);
  for (const [label, value] of node.properties) {
    lines.push(`${' '.repeat(inner)}${label}: ${typeof value === 'string' ? value : value.join(', ')}`);
  }
  for (const child of node.children) writeNode(child, inner, false, options, lines);
}

function costText({ cost }: NodeView, { costs }: ExplainOptions): string {
  return costs ? `  (cost=${cost.startup.toFixed(2)}..${cost.total.toFixed(2)} rows=${cost.rows} width=${Math.round(cost.width)})` : '';
}

function actualText(node: NodeView, { counters, timing }: ExplainOptions): string {
  if (counters === undefined) return '';
  const actual = counters.get(node.plan);
  if (actual === undefined || actual.loops === 0) return ' (never executed)';
  const { loops } = actual;
  const time = timing === false ? '' : `time=${(actual.startupMs / loops).toFixed(3)}..${(actual.totalMs / loops).toFixed(3)} `;
  return ` (actual ${time}rows=${Math.round(actual.rows / loops)} loops=${loops})`;
}

type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

/** EXPLAIN (FORMAT JSON): one value. @param summary what stands after the plan */
export function explainJson(planned: PlannedQuery, options: ExplainOptions, summary: Readonly<Record<string, number | []>>): string {
  const root = viewPlan(planned.plan, new PlanNames(planned, options.verbose, options.format));
  return JSON.stringify([{ Plan: jsonNode(root, options), ...summary }], null, 2);
}

function jsonNode(node: NodeView, options: ExplainOptions): Json {
  const result: Record<string, Json> = { 'Node Type': node.type };
  if (node.relationship !== undefined) result['Parent Relationship'] = node.relationship;
  if (node.heading !== undefined) result['Subplan Name'] = node.heading;
  result['Parallel Aware'] = false;
  result['Async Capable'] = false;
  for (const [label, value] of node.attributes) result[label] = value;
  if (options.costs) {
    result['Startup Cost'] = Number(node.cost.startup.toFixed(2));
    result['Total Cost'] = Number(node.cost.total.toFixed(2));
    result['Plan Rows'] = node.cost.rows;
    result['Plan Width'] = Math.round(node.cost.width);
  }
  const actual = options.counters?.get(node.plan);
  if (actual !== undefined && actual.loops > 0) {
    if (options.timing !== false) {
      result['Actual Startup Time'] = Number((actual.startupMs / actual.loops).toFixed(3));
      result['Actual Total Time'] = Number((actual.totalMs / actual.loops).toFixed(3));
    }
    result['Actual Rows'] = Math.round(actual.rows / actual.loops);
    result['Actual Loops'] = actual.loops;
  }
  for (const [label, value] of node.properties) result[label] = value;
  if (node.children.length > 0) result.Plans = node.children.map((child) => jsonNode(child, options));
  return result;
}
