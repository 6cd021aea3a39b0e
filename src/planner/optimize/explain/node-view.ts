import { quoteIdentifier } from '../../../catalog/definitions/index.js';
import type { BoundExpr, ColumnId } from '../../bind/expression.js';
import type { SortKey } from '../../bind/logical.js';
import { someExpr } from '../../bind/tree/walk.js';
import type { Cost, JoinType, PhysicalPlan } from '../physical.js';
import { type PlanInput, planInputs } from '../plan-inputs.js';
import type { PlanNames } from './names.js';
import { printExpression } from './print-expression.js';

/** A node as EXPLAIN shows it: a name in PostgreSQL's words, attributes in order, and children. */
export interface NodeView {
  /** JSON's "Node Type". */
  readonly type: string;
  /** The text form's first line, which says more than the type. */
  readonly title: string;
  readonly relationship: PlanInput['relationship'] | undefined;
  /** Above the node in the text form: `CTE x`, `SubPlan 1`. */
  readonly heading: string | undefined;
  /** JSON's attributes that the title has in the text form. */
  readonly attributes: readonly (readonly [label: string, value: string])[];
  readonly properties: readonly (readonly [label: string, value: string | readonly string[]])[];
  readonly cost: Cost;
  /** The node whose counters are shown. */
  readonly plan: PhysicalPlan;
  readonly children: readonly NodeView[];
}

interface Described {
  readonly type: string;
  readonly title?: string;
  readonly attributes?: NodeView['attributes'];
  readonly properties?: NodeView['properties'];
  readonly children?: readonly NodeView[];
}

/** Projections have no line of their own, and a filter is its input's. */
export function viewPlan(plan: PhysicalPlan, names: PlanNames, relationship?: PlanInput['relationship'], heading?: string): NodeView {
  const filters: BoundExpr[] = [];
  let node = plan;
  while (node.kind === 'project' || node.kind === 'filter') {
    if (node.kind === 'filter') filters.push(node.condition);
    else for (const { expr } of node.columns) nameSubqueries(expr, names);
    node = node.input;
  }
  const outer = names.own;
  names.own = node.kind.endsWith('scan') ? new Set(node.output) : NO_COLUMNS;
  const described = describe(node, names);
  names.own = outer;
  names.isWithin = node.kind === 'aggregate';
  const filter = filters.map((condition) => printExpression(condition, names));
  names.isWithin = false;
  const properties = [...(described.properties ?? [])];
  const [only] = filter;
  if (only !== undefined) properties.push(['Filter', filter.length === 1 ? only : `(${filter.join(' AND ')})`]);
  const subqueries = names
    .takeSubqueries()
    .map((subquery) => viewPlan(subquery.plan, names, subquery.title.startsWith('Init') ? 'InitPlan' : 'SubPlan', subquery.title));
  const inputs = described.children ?? planInputs(node).map((input) => viewPlan(input.plan, names, input.relationship, input.title));
  return {
    type: described.type,
    title: described.title ?? described.type,
    relationship,
    heading,
    attributes: described.attributes ?? [],
    properties,
    cost: plan.cost,
    plan: node,
    children: [...subqueries, ...inputs],
  };
}

const NO_COLUMNS: ReadonlySet<ColumnId> = new Set();

/** Expressions that EXPLAIN doesn't print may have sub-queries that it does. */
function nameSubqueries(expr: BoundExpr, names: PlanNames): void {
  someExpr(expr, (part) => {
    if (part.kind === 'subquery') names.subquery(part);
    return false;
  });
}

function describe(plan: PhysicalPlan, names: PlanNames): Described {
  const print = (expr: BoundExpr): string => printExpression(expr, names);
  const filter = (expr: BoundExpr | undefined): NodeView['properties'] => (expr === undefined ? [] : [['Filter', print(expr)]]);
  switch (plan.kind) {
    case 'result':
      return { type: 'Result', properties: plan.never === true ? [['One-Time Filter', 'false']] : [] };
    case 'table scan':
      return { ...onRelation('Seq Scan', plan.table.name, plan.alias), properties: filter(plan.filter) };
    case 'virtual scan':
      return { ...onRelation('Seq Scan', plan.table.name, plan.alias), properties: filter(plan.filter) };
    case 'index scan':
      return {
        type: 'Index Scan',
        title: `Index Scan${plan.reverse ? ' Backward' : ''} using ${quoteIdentifier(plan.index.name)} on ${named(plan.table.name, plan.alias)}`,
        attributes: [
          ['Scan Direction', plan.reverse ? 'Backward' : 'Forward'],
          ['Index Name', plan.index.name],
          ['Relation Name', plan.table.name],
          ['Alias', plan.alias],
        ],
        properties: [
          ...(plan.indexCondition === undefined ? [] : ([['Index Cond', print(plan.indexCondition)]] as const)),
          ...filter(plan.filter),
        ],
      };
    // PostgreSQL collects places first and reads the rows then; a cursor on one index does both.
    case 'inverted scan':
      return {
        type: 'Index Scan',
        title: `Index Scan using ${quoteIdentifier(plan.index.name)} on ${named(plan.table.name, plan.alias)}`,
        attributes: [
          ['Scan Direction', 'Forward'],
          ['Index Name', plan.index.name],
          ['Relation Name', plan.table.name],
          ['Alias', plan.alias],
        ],
        properties: [['Index Cond', print(plan.recheck)], ...filter(plan.filter === plan.recheck ? undefined : plan.filter)],
      };
    case 'sample': {
      const seed = plan.seed === undefined ? '' : ` REPEATABLE (${print(plan.seed)})`;
      return {
        ...onRelation('Sample Scan', plan.name, plan.alias),
        properties: [['Sampling', `${plan.method} (${print(plan.percent)})${seed}`]],
        children: [],
      };
    }
    case 'function scan': {
      const [first] = plan.functions;
      const name = first?.call.kind === 'call' ? first.call.name : plan.alias;
      return {
        type: 'Function Scan',
        title: `Function Scan on ${named(name, plan.alias)}`,
        attributes: [
          ['Function Name', name],
          ['Alias', plan.alias],
        ],
        properties: filter(plan.filter),
      };
    }
    case 'values':
      return { type: 'Values Scan', title: 'Values Scan on "*VALUES*"', attributes: [['Alias', '*VALUES*']] };
    case 'cte scan':
      return {
        type: 'CTE Scan',
        title: `CTE Scan on ${quoteIdentifier(plan.name)}`,
        attributes: [
          ['CTE Name', plan.name],
          ['Alias', plan.name],
        ],
        properties: filter(plan.filter),
      };
    case 'work table':
      return workTableNamed(names.workTable(plan.workTable));
    case 'with':
      return describeWith(plan, names);
    case 'recursive':
      return { type: 'Recursive Union' };
    case 'project set':
      return { type: 'ProjectSet' };
    case 'async calls':
      return { type: 'Result' };
    case 'nested loop':
      return describeLoop(plan, names);
    case 'hash join':
      return describeHashJoin(plan, names);
    case 'merge join': {
      const conditions = plan.outerKeys.map((key, i) => `(${print(key)} = ${print(plan.innerKeys[i] ?? key)})`);
      return {
        ...joinNamed('Merge', plan.type),
        properties: [
          ['Merge Cond', conditions.length === 1 ? (conditions[0] ?? '') : `(${conditions.join(' AND ')})`],
          ...(plan.condition === undefined ? [] : ([['Join Filter', print(plan.condition)]] as const)),
        ],
      };
    }
    case 'aggregate': {
      if (plan.groupingSets !== undefined) return describeGroupingSets(plan, plan.groupingSets, print);
      const type = plan.strategy === 'hash' ? 'HashAggregate' : plan.strategy === 'sorted' ? 'GroupAggregate' : 'Aggregate';
      const keys = plan.groups.map((group) => print(group.expr));
      return {
        type: 'Aggregate',
        title: type,
        attributes: [['Strategy', plan.strategy === 'hash' ? 'Hashed' : plan.strategy === 'sorted' ? 'Sorted' : 'Plain']],
        properties: keys.length === 0 ? [] : [['Group Key', keys]],
      };
    }
    case 'window':
      return { type: 'WindowAgg' };
    case 'distinct': {
      if (plan.strategy === 'sorted') return { type: 'Unique' };
      return {
        type: 'Aggregate',
        title: 'HashAggregate',
        attributes: [['Strategy', 'Hashed']],
        properties: [['Group Key', plan.on.map((column) => names.column(column.id, column.name))]],
      };
    }
    case 'sort':
      return { type: 'Sort', properties: [['Sort Key', plan.keys.map((key) => sortKey(key, names))]] };
    case 'top n':
      return describeTopN(plan, names);
    case 'limit':
      return { type: 'Limit' };
    case 'append':
      return { type: 'Append' };
    case 'merge append':
      return { type: 'Merge Append', properties: [['Sort Key', plan.keys.map((key) => sortKey(key, names))]] };
    case 'set operation':
      return describeSetOperation(plan, names);
    case 'lock rows':
      return { type: 'LockRows' };
    case 'insert': {
      const conflict =
        plan.onConflict === undefined
          ? []
          : [['Conflict Resolution', plan.onConflict.update === undefined ? 'NOTHING' : 'UPDATE'] as const];
      return { ...changes('Insert', plan.target.table.name, plan.target.alias), properties: conflict };
    }
    case 'update':
      return changes('Update', plan.target.table.name, plan.target.alias);
    case 'delete':
      return changes('Delete', plan.target.table.name, plan.target.alias);
    case 'merge':
      return changes('Merge', plan.target.table.name, plan.target.alias);
    case 'instead':
      return changes(INSTEAD_WORDS[plan.event], plan.target.table.name, plan.target.alias);
    case 'project':
    case 'filter':
      return { type: 'Result' };
  }
}

const INSTEAD_WORDS = { insert: 'Insert', update: 'Update', delete: 'Delete' } as const;

function named(name: string, alias: string): string {
  return name === alias ? quoteIdentifier(name) : `${quoteIdentifier(name)} ${quoteIdentifier(alias)}`;
}

function onRelation(type: string, name: string, alias: string): Described {
  return {
    type,
    title: `${type} on ${named(name, alias)}`,
    attributes: [
      ['Relation Name', name],
      ['Alias', alias],
    ],
  };
}

function changes(operation: string, name: string, alias: string): Described {
  return {
    type: 'ModifyTable',
    title: `${operation} on ${named(name, alias)}`,
    attributes: [
      ['Operation', operation],
      ['Relation Name', name],
      ['Alias', alias],
    ],
  };
}

const JOIN_WORDS: Readonly<Record<JoinType, string>> = {
  inner: '',
  left: ' Left',
  right: ' Right',
  full: ' Full',
  semi: ' Semi',
  anti: ' Anti',
};

function joinNamed(method: 'Hash' | 'Merge', type: JoinType): Described {
  return {
    type: `${method} Join`,
    title: `${method}${JOIN_WORDS[type]} Join`,
    attributes: [['Join Type', JOIN_WORDS[type].trim() || 'Inner']],
  };
}

function describeLoop(plan: Extract<PhysicalPlan, { kind: 'nested loop' }>, names: PlanNames): Described {
  const words = JOIN_WORDS[plan.type];
  const outer = viewPlan(plan.outer, names, 'Outer');
  const inner = viewPlan(plan.inner, names, 'Inner');
  const isKept = plan.correlation.length === 0 && inner.type !== 'Materialize' && inner.type !== 'Index Scan';
  return {
    type: 'Nested Loop',
    title: words === '' ? 'Nested Loop' : `Nested Loop${words} Join`,
    attributes: [['Join Type', words.trim() || 'Inner']],
    properties: plan.condition === undefined ? [] : [['Join Filter', printExpression(plan.condition, names)]],
    children: [outer, isKept ? above('Materialize', 'Inner', inner) : inner],
  };
}

function describeHashJoin(plan: Extract<PhysicalPlan, { kind: 'hash join' }>, names: PlanNames): Described {
  const print = (expr: BoundExpr): string => printExpression(expr, names);
  const conditions = plan.outerKeys.map((key, i) => `(${print(key)} = ${print(plan.innerKeys[i] ?? key)})`);
  const outer = viewPlan(plan.outer, names, 'Outer');
  const inner = viewPlan(plan.inner, names, 'Inner');
  return {
    ...joinNamed('Hash', plan.type),
    properties: [
      ['Hash Cond', conditions.length === 1 ? (conditions[0] ?? '') : `(${conditions.join(' AND ')})`],
      ...(plan.condition === undefined ? [] : ([['Join Filter', print(plan.condition)]] as const)),
    ],
    children: [outer, above('Hash', 'Inner', inner)],
  };
}

/** A step that PostgreSQL shows as a node of its own, and that is part of the node above here. */
function above(type: string, relationship: PlanInput['relationship'], child: NodeView): NodeView {
  const { cost, plan } = child;
  return {
    type,
    title: type,
    relationship,
    heading: undefined,
    attributes: [],
    properties: [],
    cost: { ...cost, startup: type === 'Hash' ? cost.total : cost.startup },
    plan,
    children: [{ ...child, relationship: 'Outer' }],
  };
}

function describeGroupingSets(
  plan: Extract<PhysicalPlan, { kind: 'aggregate' }>,
  sets: readonly (readonly number[])[],
  print: (expr: BoundExpr) => string,
): Described {
  const longestFirst = [...sets].sort((a, b) => b.length - a.length);
  const keys = longestFirst.map((set) => {
    const exprs = set.flatMap((index) => plan.groups[index]?.expr ?? []);
    return exprs.length === 0 ? (['Group Key', '()'] as const) : (['Hash Key', exprs.map(print)] as const);
  });
  const hasEmpty = sets.some((set) => set.length === 0);
  const strategy = sets.every((set) => set.length === 0) ? 'Plain' : hasEmpty ? 'Mixed' : 'Hashed';
  const title = strategy === 'Plain' ? 'Aggregate' : strategy === 'Mixed' ? 'MixedAggregate' : 'HashAggregate';
  return { type: 'Aggregate', title, attributes: [['Strategy', strategy]], properties: keys };
}

function describeTopN(plan: Extract<PhysicalPlan, { kind: 'top n' }>, names: PlanNames): Described {
  const input = viewPlan(plan.input, names, 'Outer');
  const sort: NodeView = {
    type: 'Sort',
    title: 'Sort',
    relationship: 'Outer',
    heading: undefined,
    attributes: [],
    properties: [['Sort Key', plan.keys.map((key) => sortKey(key, names))]],
    cost: plan.cost,
    plan,
    children: [input],
  };
  return { type: 'Limit', children: [sort] };
}

function describeWith(plan: Extract<PhysicalPlan, { kind: 'with' }>, names: PlanNames): Described {
  const ctes = plan.ctes.map((cte) => viewPlan(cte.plan, names, 'InitPlan', `CTE ${cte.name}`));
  const body = viewPlan(plan.body, names);
  return {
    type: body.type,
    title: body.title,
    attributes: body.attributes,
    properties: body.properties,
    children: [...ctes, ...body.children],
  };
}

function workTableNamed(name: string | undefined): Described {
  if (name === undefined) return { type: 'WorkTable Scan' };
  return { type: 'WorkTable Scan', title: `WorkTable Scan on ${quoteIdentifier(name)}`, attributes: [['CTE Name', name]] };
}

function describeSetOperation(plan: Extract<PhysicalPlan, { kind: 'set operation' }>, names: PlanNames): Described {
  if (plan.op === 'union') {
    const children = planInputs(plan).map((input) => viewPlan(input.plan, names, 'Member'));
    const append: NodeView = {
      type: 'Append',
      title: 'Append',
      relationship: 'Outer',
      heading: undefined,
      attributes: [],
      properties: [],
      cost: { ...plan.cost, total: plan.left.cost.total + plan.right.cost.total },
      plan,
      children,
    };
    const keys = plan.columns.map((column, i) => names.column(plan.leftOutputs[i] ?? column.id, column.name));
    return {
      type: 'Aggregate',
      title: 'HashAggregate',
      attributes: [['Strategy', 'Hashed']],
      properties: [['Group Key', keys]],
      children: [append],
    };
  }
  const command = `${plan.op === 'intersect' ? 'Intersect' : 'Except'}${plan.all ? ' All' : ''}`;
  return { type: 'SetOp', title: `HashSetOp ${command}`, attributes: [['Command', command]] };
}

function sortKey({ expr, descending, nullsFirst }: SortKey, names: PlanNames): string {
  const text = printExpression(expr, names);
  const direction = descending ? ' DESC' : '';
  const nulls = nullsFirst === descending ? '' : nullsFirst ? ' NULLS FIRST' : ' NULLS LAST';
  return `${text}${direction}${nulls}`;
}
