import { quoteIdentifier } from '../../../catalog/definitions/index.js';
import type * as ast from '../ast.js';
import { qualifiedName, typeName } from './names.js';
import { list, type Printer } from './printer.js';

export function printFrom(item: ast.From, printer: Printer): string {
  switch (item.type) {
    case 'table':
      return printTable(item, printer);
    case 'statement':
      return `${item.lateral ? 'LATERAL ' : ''}( ${printer.query(item.statement)})${printAlias(item.alias)}`;
    case 'functions':
      return printFunctions(item, printer);
    case 'join':
      return printJoin(item, printer);
  }
}

function printAlias(alias: ast.TableAlias | undefined): string {
  if (alias === undefined) return '';
  const columns = alias.columns === undefined ? '' : `(${alias.columns.map(quoteIdentifier).join(', ')})`;
  return ` AS ${quoteIdentifier(alias.name)}${columns}`;
}

function printTable(table: ast.FromTable, printer: Printer): string {
  const name = `${table.name.only ? 'ONLY ' : ''}${qualifiedName(table.name)}${printAlias(table.alias)}`;
  const sample = table.tableSample;
  if (sample === undefined) return name;
  const repeatable = sample.repeatable === undefined ? '' : ` REPEATABLE (${printer.expr(sample.repeatable)})`;
  return `${name} TABLESAMPLE ${qualifiedName(sample.method)} (${list(printer, sample.args)})${repeatable}`;
}

function printFunctions(item: ast.FromFunctions, printer: Printer): string {
  const calls = item.functions.map(({ call, columns }) => {
    const text = printer.expr(call);
    return columns === undefined ? text : `${text} AS (${printColumnTypes(columns)})`;
  });
  const source = item.rowsFrom ? `ROWS FROM(${calls.join(', ')})` : calls.join();
  const ordinality = item.ordinality ? ' WITH ORDINALITY' : '';
  const alias = printAlias(item.alias) || (item.columns === undefined ? '' : ' AS ');
  const columns = item.columns === undefined ? '' : `(${printColumnTypes(item.columns)})`;
  return `${item.lateral ? 'LATERAL ' : ''}${source}${ordinality}${alias}${columns}`;
}

function printColumnTypes(columns: readonly ast.ColumnTypeDef[]): string {
  return columns.map((column) => `${quoteIdentifier(column.name)} ${typeName(column.dataType)}`).join(', ');
}

function printJoin(join: ast.FromJoin, printer: Printer): string {
  const conditional = join.on !== undefined || join.using !== undefined;
  const kind = join.joinType === 'INNER' ? (conditional || join.natural ? 'JOIN' : 'CROSS JOIN') : `${join.joinType} JOIN`;
  const right =
    join.right.type === 'join' && join.right.alias === undefined ? `(${printFrom(join.right, printer)})` : printFrom(join.right, printer);
  let text = `${printFrom(join.left, printer)} ${join.natural ? 'NATURAL ' : ''}${kind} ${right}`;
  if (join.on !== undefined) text += ` ON ${printer.expr(join.on)}`;
  if (join.using !== undefined) {
    const alias = join.usingAlias === undefined ? '' : ` AS ${quoteIdentifier(join.usingAlias)}`;
    text += ` USING (${join.using.map(quoteIdentifier).join(', ')})${alias}`;
  }
  return join.alias === undefined ? text : `(${text})${printAlias(join.alias)}`;
}
