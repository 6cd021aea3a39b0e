import type { ExtensionObjects } from '../../../catalog/builtin/index.js';
import { quoteIdentifier, typeName } from '../../../catalog/definitions/index.js';
import type { IndexDescriptor, RelationDescriptor, TableDescriptor, ViewDescriptor } from '../../../catalog/descriptors.js';
import { operatorByOid, procByOid } from '../../../catalog/made-routines.js';
import type { Oid } from '../../../commons/ids.js';
import { bindStatement } from '../../../planner/bind/bind.js';
import type { Expr } from '../../../planner/parse/ast.js';
import { visibilityIn } from '../../functions/system/visibility.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, describeRelation } from '../names.js';
import { bindOverTable } from '../scalar.js';
import { typeText } from '../types/type-text.js';
import type { ExtensionUse } from './uses.js';

/** One thing of a relation that calls one of the functions. The key is the same for the same thing. */
export interface Call {
  readonly key: string;
  readonly use: ExtensionUse;
}

/** The objects of an extension that are looked for. */
export interface Wanted {
  readonly objects: Pick<ExtensionObjects, 'opclasses'>;
  readonly procs: ReadonlySet<Oid>;
  /** With arrays, and what each is shown as. */
  readonly types: ReadonlyMap<Oid, Oid>;
  /** What stands in every kept text that calls one of them; absent: they may hide behind operators and casts. */
  readonly name?: string;
}

/** What of a relation calls one of these functions: a view as a whole, a table's defaults, constraints and indexes. */
export function* callsOf(relation: RelationDescriptor, wanted: Wanted, cx: UtilityContext): Iterable<Call> {
  if (relation.kind === 'view' && mayCall(relation.queryText, wanted)) {
    const on = firstCall(boundView(relation, cx), wanted, cx);
    if (on !== undefined) yield wholeRelation(relation, relation.oid, on, cx);
  }
  if (relation.kind === 'table') yield* callsOfTable(relation, wanted, cx);
}

/** Binding every text of a large schema takes seconds. */
function mayCall(text: string, { name }: Wanted): boolean {
  return name === undefined || text.includes(name);
}

function wholeRelation(relation: RelationDescriptor, table: Oid, on: string, cx: UtilityContext): Call {
  return {
    key: `relation ${relation.oid}`,
    use: { kind: 'relation', table, oid: relation.oid, text: describeRelation(relation, cx), on },
  };
}

function* callsOfTable(table: TableDescriptor, wanted: Wanted, cx: UtilityContext): Iterable<Call> {
  const name = describeRelation(table, cx);
  const find = (text: string | undefined, clause: 'DEFAULT' | 'CHECK' | 'GENERATED' | 'index expression' | 'index predicate') =>
    text === undefined || !mayCall(text, wanted) ? undefined : firstCall(boundText(text, clause, table, cx), wanted, cx);
  for (const column of table.columns) {
    if (column.dropped === true) continue;
    const generated = find(column.generatedText, 'GENERATED');
    const on = generated ?? find(column.defaultText, 'DEFAULT');
    if (on === undefined) continue;
    // A generated column without its expression would be another column.
    const kind = generated === undefined ? 'default' : 'column';
    const text = kind === 'default' ? `default value for column ${column.name} of ${name}` : `column ${column.name} of ${name}`;
    yield { key: `${kind} ${table.oid} ${column.number}`, use: { kind, table: table.oid, column: column.number, text, on } };
  }
  for (const constraint of table.constraints) {
    const on = constraint.kind === 'check' ? find(constraint.exprText, 'CHECK') : undefined;
    if (on === undefined) continue;
    const text = `constraint ${constraint.name} on ${name}`;
    yield { key: `constraint ${constraint.oid}`, use: { kind: 'constraint', table: table.oid, oid: constraint.oid, text, on } };
  }
  for (const index of catalogOf(cx).indexesOf(table.oid)) {
    const on =
      opclassOf(index, wanted.objects, cx) ??
      find(index.predicateText, 'index predicate') ??
      index.columns.map((column) => find(column.exprText, 'index expression')).find((found) => found !== undefined);
    if (on !== undefined && index.constraint === undefined) yield wholeRelation(index, table.oid, on, cx);
  }
}

/** An index over a built-in type by an operator class of the extension's (gin_trgm_ops). */
function opclassOf(index: IndexDescriptor, objects: Pick<ExtensionObjects, 'opclasses'>, cx: UtilityContext): string | undefined {
  for (const column of index.columns) {
    const opclass = objects.opclasses.find(({ oid }) => oid === column.opclass);
    if (opclass === undefined) continue;
    const method = catalogOf(cx)
      .builtin.accessMethods()
      .find(({ oid }) => oid === opclass.method);
    return `operator class ${opclass.name} for access method ${method?.name ?? ''}`;
  }
  return undefined;
}

function boundView(view: ViewDescriptor, cx: UtilityContext): unknown {
  const catalog = catalogOf(cx);
  const [parsed] = cx.planner.parser.parse(view.queryText);
  const statement = parsed?.statement;
  if (statement?.type !== 'select' && statement?.type !== 'set operation' && statement?.type !== 'values') return undefined;
  const searchPath = view.searchPath.map((name) => catalog.schema(name)?.oid).filter((oid): oid is Oid => oid !== undefined);
  return bindStatement(statement, { ...cx.planner, catalog, searchPath, paramTypes: [] }).plan;
}

function boundText(
  text: string,
  clause: 'DEFAULT' | 'CHECK' | 'GENERATED' | 'index expression' | 'index predicate',
  table: TableDescriptor,
  cx: UtilityContext,
): unknown {
  const [parsed] = cx.planner.parser.parse(`SELECT ${text}`);
  const statement = parsed?.statement;
  const expr: Expr | undefined = statement?.type === 'select' ? statement.columns?.[0]?.expr : undefined;
  return expr === undefined ? undefined : bindOverTable(expr, clause === 'DEFAULT' ? undefined : table, { clause }, cx).expr;
}

/** The first of the functions that a bound tree calls, as errors name it, or the operator that stands for it; else a type that values have. */
function firstCall(tree: unknown, { procs, types }: Wanted, cx: UtilityContext): string | undefined {
  const seen = new Set<object>();
  const stack: unknown[] = [tree];
  let type: Oid | undefined;
  while (stack.length > 0) {
    const node = stack.pop();
    if (typeof node !== 'object' || node === null || seen.has(node)) continue;
    seen.add(node);
    if ('proc' in node && typeof node.proc === 'number' && procs.has(node.proc)) return nameOf(node.proc, node, cx);
    // Columns are there in full, whether or not they are read.
    if ('kind' in node && node.kind !== 'column' && 'type' in node && typeof node.type === 'number') type ??= types.get(node.type);
    for (const value of Object.values(node)) if (typeof value === 'object') stack.push(value);
  }
  return type === undefined ? undefined : typeText(type, cx);
}

function nameOf(proc: Oid, node: object, cx: UtilityContext): string {
  const catalog = catalogOf(cx);
  const nameOfType = (oid: Oid) => typeName(catalog, oid, null, visibilityIn(cx));
  const { operator } = node as { readonly operator?: { readonly oid: Oid } };
  const known = operator === undefined ? undefined : operatorByOid(catalog, operator.oid);
  if (known !== undefined)
    return `operator ${known.name}(${[known.left, known.right].map((oid) => (oid === 0 ? 'NONE' : nameOfType(oid))).join(',')})`;
  const found = procByOid(catalog, proc);
  return `function ${quoteIdentifier(found?.name ?? '')}(${(found?.argTypes ?? []).map(nameOfType).join(',')})`;
}
