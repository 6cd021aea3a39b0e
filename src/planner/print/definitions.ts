import type { CatalogSnapshot } from '../../catalog/catalog.js';
import {
  type ExpressionSource,
  type IsVisible,
  quoteIdentifier,
  type StoredQuery,
  type TextForm,
} from '../../catalog/definitions/index.js';
import type { Oid } from '../../commons/ids.js';
import { SchemaOid } from '../../commons/system-names.js';
import type { FormatContext } from '../../types/format-context.js';
import { bindScalar, bindStatement, type ScalarOptions } from '../bind/bind.js';
import type { BoundScalar, RowSource } from '../bind/bind-scalar.js';
import type { ColumnId } from '../bind/expression.js';
import type { QueryShape } from '../bind/shape.js';
import { parseExpression, parseQuery, withoutPosition } from '../bind/stored-text.js';
import type { PlannerContext } from '../context.js';
import type { Expr, SelectStatement } from '../parse/ast.js';
import { expressionText, type PrintedQuery, type PrintOptions, printedQuery } from './index.js';
import { KeptNames } from './kept-names.js';

/**
 * The texts that the catalog keeps of views, defaults, checks and the like: every name with its schema, every cast spelled out, so that they mean
 * the same whatever the search path; and what users are shown of them, with the names and the search path of the moment.
 */

/** PostgreSQL 15 has these two in every view's list of relations. */
const RESERVED_IN_VIEWS = ['old', 'new'];

const isSystem: IsVisible = ({ schema }) => schema === SchemaOid.pgCatalog;

function keptFormat(format: FormatContext): FormatContext {
  return { ...format, dateStyle: 'ISO', intervalStyle: 'postgres', timeZone: 'UTC', extraFloatDigits: 1, byteaOutput: 'hex' };
}

function keptOptions(cx: PlannerContext, catalog: CatalogSnapshot): PrintOptions {
  return {
    catalog,
    isVisible: isSystem,
    isSearched: (schema) => schema === SchemaOid.pgCatalog,
    pretty: false,
    indent: false,
    wrapColumn: -1,
    format: keptFormat(cx.format),
  };
}

function shownOptions(cx: PlannerContext, form: TextForm): PrintOptions {
  return {
    catalog: cx.catalog,
    isVisible: visibleIn(cx.catalog, cx.searchPath),
    isSearched: (schema) => cx.searchPath.includes(schema),
    pretty: form.pretty === true,
    indent: true,
    wrapColumn: form.wrapColumn ?? 0,
    format: cx.format,
  };
}

/** Whether a relation's or type's bare name finds it. */
export function visibleIn(catalog: CatalogSnapshot, searchPath: readonly Oid[]): IsVisible {
  return ({ name, schema }) => {
    for (const candidate of searchPath) {
      if (catalog.relation(candidate, name) !== undefined || catalog.type(candidate, name) !== undefined) return candidate === schema;
    }
    return schema === SchemaOid.pgCatalog;
  };
}

/** Where a kept text is read: nothing but pg_catalog needs no schema. */
function keptContext(cx: PlannerContext, catalog: CatalogSnapshot, searchPath: readonly Oid[]): PlannerContext {
  // The session's names are those of its own catalog: a text may be older.
  const names = cx.format.names === undefined ? undefined : new KeptNames(catalog, cx.format.names);
  const format = { ...cx.format, names };
  return { ...cx, catalog, searchPath, paramTypes: [], keepsShapes: true, variables: undefined, format };
}

/** The names that a view's text was made to be read with, as schemas. */
function pathOf(catalog: CatalogSnapshot, view: StoredQuery): Oid[] {
  return view.searchPath.flatMap((name) => catalog.schema(name)?.oid ?? []);
}

/** A query as the catalog is to keep it; undefined where it can't be printed so that it reads back as the same. @param names of the result's columns */
export function keptQuery(
  statement: SelectStatement,
  cx: PlannerContext,
  names: readonly string[] | undefined,
  searchPath: readonly Oid[] = cx.searchPath,
): PrintedQuery | undefined {
  const bound = bindStatement(statement, { ...cx, searchPath, paramTypes: [], keepsShapes: true });
  if (bound.shape === undefined) return undefined;
  return verified(bound.shape, cx, cx.catalog, names);
}

function verified(
  shape: QueryShape,
  cx: PlannerContext,
  catalog: CatalogSnapshot,
  names: readonly string[] | undefined,
): PrintedQuery | undefined {
  const print = (printed: QueryShape) =>
    printedQuery(printed, keptOptions(cx, catalog), { reserved: RESERVED_IN_VIEWS, ...(names === undefined ? {} : { names }) });
  const printed = print(shape);
  try {
    const again = bindStatement(parseQuery(cx.parser, printed.text), keptContext(cx, catalog, [SchemaOid.pgCatalog]));
    return again.shape !== undefined && print(again.shape).text === printed.text ? printed : undefined;
  } catch {
    return undefined;
  }
}

/** A view's text after names have changed. @param before the catalog that its text is still right in */
export function renamedView(view: StoredQuery, cx: PlannerContext, before: CatalogSnapshot, after: CatalogSnapshot): string | undefined {
  const bound = bindStatement(parseQuery(cx.parser, view.queryText), keptContext(cx, before, pathOf(before, view)));
  const names = view.columns.map((column) => column.name);
  return bound.shape === undefined ? undefined : verified(bound.shape, cx, after, names)?.text;
}

/** pg_get_viewdef. */
export function viewText(view: StoredQuery, cx: PlannerContext, form: TextForm): string {
  const shape = withoutPosition(
    () => bindStatement(parseQuery(cx.parser, view.queryText), keptContext(cx, cx.catalog, pathOf(cx.catalog, view))).shape,
  );
  if (shape === undefined) return ` ${view.queryText};`;
  const names = view.columns.map((column) => column.name);
  return `${printedQuery(shape, shownOptions(cx, form), { reserved: RESERVED_IN_VIEWS, names }).text};`;
}

/** An expression of a definition as the catalog is to keep it; undefined as in `keptQuery`. */
export function keptExpression(expr: Expr, cx: PlannerContext, options: ScalarOptions): string | undefined {
  const text = print(expr, { ...cx, keepsShapes: true }, options, keptOptions(cx, cx.catalog), options.row);
  try {
    const inner = keptContext(cx, cx.catalog, [SchemaOid.pgCatalog]);
    const again = print(parseExpression(cx.parser, text), inner, options, keptOptions(cx, cx.catalog), options.row);
    return again === text ? text : undefined;
  } catch {
    return undefined;
  }
}

function print(expr: Expr, cx: PlannerContext, options: ScalarOptions, form: PrintOptions, now: RowSource | undefined): string {
  const bound = bindScalar(expr, cx, options);
  const names = new Map<ColumnId, string>();
  for (const column of bound.columns) {
    const name = 'number' in column ? now?.columns[column.number - 1]?.name : undefined;
    // A domain's check speaks of VALUE.
    names.set(column.id, now?.name === '' ? 'VALUE' : quoteIdentifier(name ?? column.name));
  }
  const rowName = now === undefined || now.name === '' ? undefined : quoteIdentifier(now.name);
  return expressionText(bound.expr, form, names, rowName);
}

/** pg_get_expr: a kept text as it is shown. */
export function shownExpression(text: string, cx: PlannerContext, over: ExpressionSource | undefined, form: TextForm): string {
  const options: ScalarOptions = over === undefined ? { clause: 'GENERATED' } : { clause: 'POLICY', row: over };
  return withoutPosition(() => {
    const inner = keptContext(cx, cx.catalog, cx.searchPath);
    return print(parseExpression(cx.parser, text), inner, options, shownOptions(cx, form), options.row);
  });
}

/** A trigger's condition as it is shown: columns of the rows by `old` and `new`. */
export function shownTriggerCondition(text: string, cx: PlannerContext, over: ExpressionSource, form: TextForm): string {
  return withoutPosition(() => {
    const bound = boundTriggerCondition(text, keptContext(cx, cx.catalog, cx.searchPath), over);
    return expressionText(bound.expr, shownOptions(cx, form), rowNames(bound, over));
  });
}

/** A trigger's condition after columns have been renamed, the relation's columns before and after. */
export function renamedTriggerCondition(
  text: string,
  cx: PlannerContext,
  before: RowSource,
  after: { readonly catalog: CatalogSnapshot; readonly row: RowSource },
): string {
  const bound = boundTriggerCondition(text, keptContext(cx, cx.catalog, cx.searchPath), before);
  return expressionText(bound.expr, keptOptions(cx, after.catalog), rowNames(bound, after.row));
}

function boundTriggerCondition(text: string, cx: PlannerContext, { columns }: RowSource): BoundScalar {
  return bindScalar(parseExpression(cx.parser, text), cx, {
    clause: 'trigger WHEN',
    row: { name: 'old', columns },
    otherRow: { name: 'new', columns },
  });
}

function rowNames(bound: BoundScalar, { columns }: RowSource): ReadonlyMap<ColumnId, string> {
  const half = bound.columns.length / 2;
  const names = new Map<ColumnId, string>();
  for (const [i, column] of bound.columns.entries()) {
    const name = ('number' in column ? columns[column.number - 1]?.name : undefined) ?? column.name;
    names.set(column.id, `${i < half ? 'old' : 'new'}.${quoteIdentifier(name)}`);
  }
  return names;
}

/** A kept text after names have changed. @param before the row as the text speaks of it @param after … as it is called now */
export function renamedExpression(
  text: string,
  cx: PlannerContext,
  before: RowSource | undefined,
  after: { readonly catalog: CatalogSnapshot; readonly row: RowSource | undefined },
): string {
  const options: ScalarOptions = before === undefined ? { clause: 'GENERATED' } : { clause: 'POLICY', row: before };
  const inner = keptContext(cx, cx.catalog, cx.searchPath);
  return print(parseExpression(cx.parser, text), inner, options, keptOptions(cx, after.catalog), after.row);
}
