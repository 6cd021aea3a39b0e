import type { BoundExpr } from '../expression.js';
import type { Aggregate, LogicalPlan, MergeAction, OutputColumn, ProjectedColumn, SortKey, TableTarget, WindowStep } from '../logical.js';
import { forEachChild } from '../tree/walk.js';
import { printExpression } from './print-expression.js';

/** A logical plan as an indented tree, one node a line, sub-plans of expressions below their node. */
export function printLogical(plan: LogicalPlan): string {
  const lines: string[] = [];
  print(plan, 0, lines);
  return lines.join('\n');
}

function print(plan: LogicalPlan, depth: number, lines: string[]): void {
  const { text, exprs, inputs } = describe(plan);
  const indent = '  '.repeat(depth);
  lines.push(indent + text);
  const plans = new Set<LogicalPlan>();
  for (const expr of exprs) collectSubplans(expr, plans);
  for (const subplan of plans) {
    lines.push(`${indent}  subplan`);
    print(subplan, depth + 2, lines);
  }
  for (const input of inputs) print(input, depth + 1, lines);
}

function collectSubplans(expr: BoundExpr, into: Set<LogicalPlan>): void {
  if (expr.kind === 'subquery') into.add(expr.plan);
  forEachChild(expr, (child) => collectSubplans(child, into));
}

interface Description {
  readonly text: string;
  readonly exprs: readonly BoundExpr[];
  readonly inputs: readonly LogicalPlan[];
}

function describe(plan: LogicalPlan): Description {
  switch (plan.kind) {
    case 'one row':
      return { text: 'one row', exprs: [], inputs: [] };
    case 'scan':
      return { text: `scan ${plan.alias}${plan.allUsers ? ' all users' : ''} [${columns(plan.columns)}]`, exprs: [], inputs: [] };
    case 'function scan': {
      const functions = plan.functions.map(
        (scanned) => `${printExpression(scanned.call)} -> ${scanned.composite ? 'row ' : ''}[${columns(scanned.columns)}]`,
      );
      const ordinality = plan.ordinality === undefined ? '' : ` ordinality #${plan.ordinality.id}`;
      return {
        text: `function scan ${plan.alias} ${functions.join(', ')}${ordinality}`,
        exprs: plan.functions.map((scanned) => scanned.call),
        inputs: [],
      };
    }
    case 'values': {
      const rows = plan.rows.map((row) => `(${row.map(printExpression).join(', ')})`);
      return { text: `values [${columns(plan.columns)}] ${rows.join(', ')}`, exprs: plan.rows.flat(), inputs: [] };
    }
    case 'cte scan':
      return { text: `cte scan ${plan.name} ${plan.cte} [${columns(plan.columns)}]`, exprs: [], inputs: [] };
    case 'work table':
      return { text: `work table ${plan.workTable} [${columns(plan.columns)}]`, exprs: [], inputs: [] };
    case 'with': {
      const list = plan.ctes.map((cte) => `${cte.name} ${cte.cte} [${columns(cte.outputs)}]`);
      return { text: `with ${list.join(', ')}`, exprs: [], inputs: [...plan.ctes.map((cte) => cte.plan), plan.body] };
    }
    case 'recursive':
      return {
        text: `recursive${plan.all ? ' all' : ''} ${plan.workTable} [${columns(plan.columns)}] from #${plan.initialOutputs.join(' #')} and #${plan.stepOutputs.join(' #')}`,
        exprs: [],
        inputs: [plan.initial, plan.step],
      };
    case 'filter':
      return { text: `filter ${printExpression(plan.condition)}`, exprs: [plan.condition], inputs: [plan.input] };
    case 'project':
    case 'project set':
      return { text: `${plan.kind} [${projected(plan.columns)}]`, exprs: plan.columns.map((column) => column.expr), inputs: [plan.input] };
    case 'join': {
      const on = plan.on === undefined ? '' : ` on ${printExpression(plan.on)}`;
      const text = `${plan.type} join${plan.lateral ? ' lateral' : ''}${on}`;
      return { text, exprs: plan.on === undefined ? [] : [plan.on], inputs: [plan.left, plan.right] };
    }
    case 'aggregate':
      return {
        text: `aggregate by [${projected(plan.groups)}] [${plan.aggregates.map(aggregate).join(', ')}]${sets(plan)}`,
        exprs: [...plan.groups.map((group) => group.expr), ...plan.aggregates.flatMap((one) => one.args)],
        inputs: [plan.input],
      };
    case 'sample': {
      const seed = plan.seed === undefined ? '' : ` repeatable ${printExpression(plan.seed)}`;
      return { text: `sample ${plan.method} ${printExpression(plan.percent)}${seed}`, exprs: [], inputs: [plan.input] };
    }
    case 'window':
      return {
        text: `window ${plan.steps.map(window).join('; ')}`,
        exprs: plan.steps.flatMap((step) => step.calls.flatMap((call) => call.args)),
        inputs: [plan.input],
      };
    case 'distinct':
      return { text: `distinct${plan.keepFirst ? ' first' : ''} on #${plan.on.join(' #')}`, exprs: [], inputs: [plan.input] };
    case 'sort':
      return { text: `sort ${sortKeys(plan.keys)}`, exprs: plan.keys.map((key) => key.expr), inputs: [plan.input] };
    case 'limit': {
      const limit = plan.limit === undefined ? '' : ` ${printExpression(plan.limit)}`;
      const offset = plan.offset === undefined ? '' : ` offset ${printExpression(plan.offset)}`;
      const ties = plan.withTies === undefined ? '' : ` with ties ${sortKeys(plan.withTies)}`;
      return { text: `limit${limit}${offset}${ties}`, exprs: [], inputs: [plan.input] };
    }
    case 'set operation':
      return {
        text: `${plan.op}${plan.all ? ' all' : ''} [${columns(plan.columns)}] from #${plan.leftOutputs.join(' #')} and #${plan.rightOutputs.join(' #')}`,
        exprs: [],
        inputs: [plan.left, plan.right],
      };
    case 'lock rows': {
      const targets = plan.targets.map((target) => `${target.table.name} ${target.strength} ${target.wait} by #${target.rowKey}`);
      return { text: `lock rows ${targets.join(', ')}${recheck(plan.recheck)}`, exprs: [], inputs: [plan.input] };
    }
    case 'insert':
    case 'update':
    case 'delete':
      return describeChange(plan);
    case 'instead':
      return {
        text: `instead ${plan.event} ${target(plan.target)} values [${assigned(plan.values)}]`,
        exprs: plan.values.map((value) => value.expr),
        inputs: [plan.input],
      };
    case 'merge':
      return {
        text: `merge ${target(plan.target)} by #${plan.rowKey} ${plan.actions.map(mergeAction).join(' ')}${recheck(plan.recheck)}`,
        exprs: plan.actions.flatMap((action) => (action.condition === undefined ? [] : [action.condition])),
        inputs: [plan.input],
      };
  }
}

function describeChange(plan: Extract<LogicalPlan, { kind: 'insert' | 'update' | 'delete' }>): Description {
  const returning = plan.returning === undefined ? '' : ` returning [${projected(plan.returning)}]`;
  const exprs = plan.returning?.map((column) => column.expr) ?? [];
  const row = target(plan.target);
  switch (plan.kind) {
    case 'insert': {
      const values = assigned(plan.values);
      return {
        text: `insert ${row} values [${values}]${conflict(plan.onConflict)}${returning}`,
        exprs: [...exprs, ...plan.values.map((value) => value.expr)],
        inputs: [plan.input],
      };
    }
    case 'update':
      return {
        text: `update ${row} by #${plan.rowKey} set [${assigned(plan.sets)}]${recheck(plan.recheck)}${returning}`,
        exprs: [...exprs, ...plan.sets.map((set) => set.expr)],
        inputs: [plan.input],
      };
    case 'delete':
      return { text: `delete ${row} by #${plan.rowKey}${recheck(plan.recheck)}${returning}`, exprs, inputs: [plan.input] };
  }
}

function mergeAction(action: MergeAction): string {
  const condition = action.condition === undefined ? '' : ` and ${printExpression(action.condition)}`;
  const values = action.kind === 'update' ? ` [${assigned(action.sets)}]` : action.kind === 'insert' ? ` [${assigned(action.values)}]` : '';
  return `when ${action.matched ? 'matched' : 'not matched'}${condition} then ${action.kind}${values}`;
}

function conflict(clause: Extract<LogicalPlan, { kind: 'insert' }>['onConflict']): string {
  if (clause === undefined) return '';
  const { arbiters, update } = clause;
  const where = update?.where === undefined ? '' : ` where ${printExpression(update.where)}`;
  const action = update === undefined ? 'nothing' : `update [${columns(update.existing)}] set [${assigned(update.sets)}]${where}`;
  return ` on conflict ${arbiters.join(' ')} ${action}`;
}

function target({ alias, columns: row, checks, generated, indexes }: TableTarget): string {
  const parts = [`${alias} [${columns(row)}]`];
  for (const check of checks) parts.push(`check ${check.name} ${printExpression(check.condition)}`);
  if (generated.length > 0) parts.push(`generated [${assigned(generated)}]`);
  for (const index of indexes) {
    const predicate = index.predicate === undefined ? '' : ` where ${printExpression(index.predicate)}`;
    parts.push(`index ${index.index} (${index.keys.map(printExpression).join(', ')})${predicate}`);
  }
  return parts.join(' ');
}

function recheck(condition: BoundExpr | undefined): string {
  return condition === undefined ? '' : ` recheck ${printExpression(condition)}`;
}

function assigned(values: readonly { readonly number: number; readonly expr: BoundExpr }[]): string {
  return values.map(({ number, expr }) => `${number} = ${printExpression(expr)}`).join(', ');
}

function columns(list: readonly OutputColumn[]): string {
  return list.map((column) => `${column.name}#${column.id}`).join(', ');
}

function projected(list: readonly ProjectedColumn[]): string {
  return list
    .map((column) => {
      const same = column.expr.kind === 'column' && column.expr.id === column.id && column.expr.name === column.name;
      return same ? `${column.name}#${column.id}` : `${printExpression(column.expr)} AS ${column.name}#${column.id}`;
    })
    .join(', ');
}

function aggregate(one: Aggregate): string {
  const args = one.star ? '*' : one.args.map(printExpression).join(', ');
  const order = one.orderBy.length === 0 ? '' : ` ORDER BY ${sortKeys(one.orderBy)}`;
  const filter = one.filter === undefined ? '' : ` FILTER ${printExpression(one.filter)}`;
  return `${one.implementation.replace(/\(.*/, '')}(${one.distinct ? 'DISTINCT ' : ''}${args}${order})${filter} AS #${one.id}`;
}

function sets({ groupingSets, masks }: Extract<LogicalPlan, { kind: 'aggregate' }>): string {
  const listed = (groupingSets ?? []).map((set) => `(${set.join(', ')})`).join(' ');
  const bits = (masks ?? []).map((mask) => ` grouping(${mask.groups.join(', ')}) AS #${mask.id}`).join('');
  return (listed === '' ? '' : ` sets ${listed}`) + bits;
}

function window({ partitionBy, orderBy, frame, calls }: WindowStep): string {
  const parts = calls.map((call) => `${call.name}(${call.star ? '*' : call.args.map(printExpression).join(', ')}) AS #${call.id}`);
  const partition = partitionBy.length === 0 ? '' : ` partition by ${partitionBy.map(printExpression).join(', ')}`;
  const order = orderBy.length === 0 ? '' : ` order by ${sortKeys(orderBy)}`;
  const bound = ({ kind, offset }: WindowStep['frame']['start']): string =>
    offset === undefined ? kind : kind.replace('OFFSET', () => printExpression(offset));
  const exclude = frame.exclude === undefined ? '' : ` EXCLUDE ${frame.exclude}`;
  return `[${parts.join(', ')}]${partition}${order} ${frame.mode} ${bound(frame.start)} to ${bound(frame.end)}${exclude}`;
}

function sortKeys(keys: readonly SortKey[]): string {
  return keys
    .map(({ expr, descending, nullsFirst }) => {
      const nulls = nullsFirst === descending ? '' : nullsFirst ? ' nulls first' : ' nulls last';
      return printExpression(expr) + (descending ? ' desc' : '') + nulls;
    })
    .join(', ');
}
