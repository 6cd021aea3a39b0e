import type { PartitionKey, PartitionKeyColumn, TableDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Expr, PartitionElement, PartitionSpec } from '../../../planner/parse/ast.js';
import { deparseExpression } from '../../../planner/parse/deparse.js';
import { formatType } from '../../../types/format-type.js';
import { findCollation } from '../collations.js';
import type { UtilityContext } from '../context.js';
import { BTREE, opclassType } from '../index-columns.js';
import { catalogOf } from '../names.js';
import { type BoundOverTable, bindOverTable } from '../scalar.js';

const HASH = 405;
const MAX_KEY_COLUMNS = 32;
const SYSTEM_COLUMNS: ReadonlySet<string> = new Set(['tableoid', 'ctid', 'xmin', 'xmax', 'cmin', 'cmax']);

/** PARTITION BY over the columns of a table that is being made. @throws SqlError 42703, 42704, 42P17, 54011 */
export function partitionKeyOf(table: TableDescriptor, spec: PartitionSpec, cx: UtilityContext): PartitionKey {
  if (spec.elements.length > MAX_KEY_COLUMNS)
    throw new SqlError(SqlState.tooManyColumns, `cannot partition using more than ${MAX_KEY_COLUMNS} columns`);
  if (spec.strategy === 'list' && spec.elements.length > 1) throw invalid('cannot use "list" partition strategy with more than one column');
  return { strategy: spec.strategy, columns: spec.elements.map((element) => keyColumn(table, spec, element, cx)) };
}

function keyColumn(table: TableDescriptor, spec: PartitionSpec, element: PartitionElement, cx: UtilityContext): PartitionKeyColumn {
  const catalog = catalogOf(cx);
  const collation = collationOf(element, cx);
  const { expr } = element;
  const position = element._location?.start;
  if (expr.type === 'ref' && expr.table === undefined) {
    const column = table.columns.find((candidate) => candidate.name === expr.name && candidate.dropped !== true);
    if (column === undefined) {
      if (SYSTEM_COLUMNS.has(expr.name)) throw invalid(`cannot use system column "${expr.name}" in partition key`, position);
      throw new SqlError(SqlState.undefinedColumn, `column "${expr.name}" named in partition key does not exist`, { position });
    }
    if (column.generatedText !== undefined)
      throw new SqlError(SqlState.invalidObjectDefinition, 'cannot use generated column in partition key', {
        position,
        detail: `Column "${column.name}" is a generated column.`,
      });
    return {
      column: column.number,
      type: column.type,
      opclass: opclassOf(column.type, spec, element, cx),
      ...(collation ?? own(column.collation)),
    };
  }
  if (expr.type === 'string') throw invalid(`partition key column ${spec.elements.indexOf(element) + 1} has pseudo-type unknown`);
  const bound = boundKey(expr, table, cx);
  if (bound.expr.kind === 'const') throw invalid('cannot use constant expression as partition key');
  const generated = bound.columns.map((number) => table.columns[number - 1]).find((column) => column?.generatedText !== undefined);
  if (generated !== undefined)
    throw new SqlError(SqlState.invalidObjectDefinition, 'cannot use generated column in partition key', {
      position,
      detail: `Column "${generated.name}" is a generated column.`,
    });
  const { type } = bound.expr;
  if (catalog.builtin.typeByOid(type)?.kind === 'p')
    throw invalid(`partition key column ${spec.elements.indexOf(element) + 1} has pseudo-type ${formatType(type, -1)}`);
  return {
    column: 0,
    exprText: deparseExpression(expr),
    type,
    opclass: opclassOf(type, spec, element, cx),
    ...(collation ?? own(bound.expr.collation)),
  };
}

/** Its errors point nowhere. */
function boundKey(expr: Expr, table: TableDescriptor, cx: UtilityContext): BoundOverTable {
  try {
    return bindOverTable(
      expr,
      table,
      { clause: 'partition key', immutable: 'functions in partition key expression must be marked IMMUTABLE' },
      cx,
    );
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const { position: _position, ...fields } = error.fields;
    throw new SqlError(error.code, error.message, fields);
  }
}

function own(collation: number | undefined): { readonly collation?: number } {
  return collation === undefined ? {} : { collation };
}

function collationOf(element: PartitionElement, cx: UtilityContext): { readonly collation: number } | undefined {
  if (element.collate === undefined) return undefined;
  return { collation: findCollation(element.collate, cx) };
}

function opclassOf(type: number, spec: PartitionSpec, element: PartitionElement, cx: UtilityContext): number {
  const catalog = catalogOf(cx);
  const method = spec.strategy === 'hash' ? HASH : BTREE;
  const name = method === HASH ? 'hash' : 'btree';
  if (element.opclass !== undefined) {
    const wanted = element.opclass.name;
    const found = catalog.builtin.opclasses().find((opclass) => opclass.name === wanted && opclass.method === method);
    if (found === undefined)
      throw new SqlError(SqlState.undefinedObject, `operator class "${wanted}" does not exist for access method "${name}"`);
    return found.oid;
  }
  const opclass = catalog.builtin.defaultOpclass(opclassType(catalog, type), method);
  if (opclass !== undefined) return opclass.oid;
  throw new SqlError(
    SqlState.undefinedObject,
    `data type ${formatType(type, -1)} has no default operator class for access method "${name}"`,
    {
      hint: `You must specify a ${name} operator class or define a default ${name} operator class for the data type.`,
    },
  );
}

function invalid(message: string, position?: number): SqlError {
  return new SqlError(SqlState.invalidObjectDefinition, message, { position });
}
