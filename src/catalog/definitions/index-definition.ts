import type { Oid } from '../../commons/ids.js';
import { SchemaOid } from '../../commons/system-names.js';
import type { CatalogSnapshot } from '../catalog.js';
import { collationsOf } from '../collations.js';
import type { IndexColumn, IndexDescriptor, RelationDescriptor } from '../descriptors.js';
import { operatorByOid } from '../made-routines.js';
import { columnName, type IsVisible, quoteIdentifier, relationName } from './identifiers.js';
import { type DefinitionTexts, type ExpressionSource, expressionText, keyText, type TextForm } from './texts.js';

export interface DefinitionOptions extends TextForm {
  readonly texts?: DefinitionTexts | undefined;
  /** Which routines need no schema in front; absent: none. Of operators and operator classes: absent: all. */
  readonly isRoutineVisible?: IsVisible;
  /** Which relations need no schema in front; absent: none. */
  readonly isVisible?: IsVisible;
}

/** pg_get_indexdef: the CREATE INDEX statement. Without `pretty` the table's name always has its schema. */
export function indexDefinition(catalog: CatalogSnapshot, index: IndexDescriptor, options: DefinitionOptions = {}): string {
  const pretty = options.pretty === true;
  const table = catalog.relationByOid(index.table);
  const tableName = table === undefined ? '???' : relationName(catalog, table, pretty ? options.isVisible : undefined);
  const keys = index.columns.map((column) => keyDefinition(catalog, index, column, options)).join(', ');
  const name = (number: number) => quoteIdentifier(table === undefined ? '???' : columnName(table, number));
  let text = `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${quoteIdentifier(index.name)} ON ${table?.kind === 'table' && table.partitionKey !== undefined ? 'ONLY ' : ''}${tableName} USING ${quoteIdentifier(index.method)} (${keys})`;
  if (index.including !== undefined && index.including.length > 0) text += ` INCLUDE (${index.including.map(name).join(', ')})`;
  if (index.nullsNotDistinct === true) text += ' NULLS NOT DISTINCT';
  const given = Object.entries(index.options ?? {}).map(([option, value]) => `${option}='${value}'`);
  if (given.length > 0) text += ` WITH (${given.join(', ')})`;
  if (index.predicateText !== undefined) text += ` WHERE ${expressionText(index.predicateText, sourceOf(table), options)}`;
  return text;
}

/** pg_get_indexdef(index, position): a key column's or included column's name or expression; '' when there is no such position (from 1). */
export function indexColumnDefinition(
  catalog: CatalogSnapshot,
  index: IndexDescriptor,
  position: number,
  options: DefinitionOptions = {},
): string {
  const column = index.columns[position - 1];
  if (column !== undefined) return textOfKey(catalog, index, column, options);
  const included = index.including?.[position - 1 - index.columns.length];
  const table = catalog.relationByOid(index.table);
  return included === undefined || table === undefined ? '' : quoteIdentifier(columnName(table, included));
}

function sourceOf(table: RelationDescriptor | undefined): ExpressionSource | undefined {
  return table !== undefined && 'columns' in table && table.kind !== 'index' ? table : undefined;
}

function textOfKey(catalog: CatalogSnapshot, index: IndexDescriptor, column: IndexColumn, options: DefinitionOptions): string {
  const table = catalog.relationByOid(index.table);
  if (column.exprText !== undefined) return keyText(expressionText(column.exprText, sourceOf(table), options));
  return table === undefined ? '???' : quoteIdentifier(columnName(table, column.column));
}

/** What stands behind EXCLUDE: the index with the operators of its columns. */
export function exclusionIndexText(
  catalog: CatalogSnapshot,
  index: IndexDescriptor,
  operators: readonly Oid[],
  options: DefinitionOptions,
): string {
  const table = catalog.relationByOid(index.table);
  const keys = index.columns.map((column, i) => {
    const operator = operatorByOid(catalog, operators[i] ?? 0);
    const isHidden =
      operator !== undefined &&
      operator.namespace !== SchemaOid.pgCatalog &&
      options.isRoutineVisible?.({ name: operator.name, schema: operator.namespace }) === false;
    const schema = isHidden ? catalog.schemaByOid(operator.namespace) : undefined;
    const name = operator?.name ?? '';
    return `${keyDefinition(catalog, index, column, options)} WITH ${schema === undefined ? name : `OPERATOR(${quoteIdentifier(schema.name)}.${name})`}`;
  });
  let text = `USING ${quoteIdentifier(index.method)} (${keys.join(', ')})`;
  if (index.including !== undefined && index.including.length > 0 && table !== undefined)
    text += ` INCLUDE (${index.including.map((number) => quoteIdentifier(columnName(table, number))).join(', ')})`;
  const stored = Object.entries(index.options ?? {});
  if (stored.length > 0) text += ` WITH (${stored.map(([option, value]) => `${option}='${value}'`).join(', ')})`;
  if (index.predicateText !== undefined) text += ` WHERE (${expressionText(index.predicateText, sourceOf(table), options)})`;
  return text;
}

function keyDefinition(catalog: CatalogSnapshot, index: IndexDescriptor, column: IndexColumn, options: DefinitionOptions): string {
  let text = textOfKey(catalog, index, column, options);
  const collation = collationOfKey(catalog, index, column);
  if (collation !== undefined) text += ` COLLATE ${quoteIdentifier(collation)}`;
  const opclass = catalog.builtin.opclassByOid(column.opclass);
  if (opclass !== undefined && !opclass.isDefault) {
    const schema = opclass.namespace === SchemaOid.pgCatalog ? undefined : catalog.schemaByOid(opclass.namespace);
    const isNamed = schema !== undefined && options.isRoutineVisible?.({ name: opclass.name, schema: schema.oid }) === false;
    text += ` ${isNamed ? `${quoteIdentifier(schema.name)}.` : ''}${quoteIdentifier(opclass.name)}`;
  }
  // Other methods have no order to show.
  if (index.method !== 'btree') return text;
  if (column.descending) return text + (column.nullsFirst ? ' DESC' : ' DESC NULLS LAST');
  return text + (column.nullsFirst ? ' NULLS FIRST' : '');
}

/** The name of the key's collation where it isn't the one that its column or type has. */
function collationOfKey(catalog: CatalogSnapshot, index: IndexDescriptor, key: IndexColumn): string | undefined {
  if (key.collation === undefined || key.collation === 0) return undefined;
  const table = catalog.relationByOid(index.table);
  const column = table?.kind === 'table' ? table.columns[key.column - 1] : undefined;
  const inherited = column?.collation ?? key.exprCollation ?? catalog.builtin.typeByOid(key.type)?.collation;
  if (inherited === key.collation) return undefined;
  return collationsOf(catalog).find((collation) => collation.oid === key.collation)?.name;
}
