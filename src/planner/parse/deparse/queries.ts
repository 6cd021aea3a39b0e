import { quoteIdentifier } from '../../../catalog/definitions/index.js';
import { notSupported } from '../../../commons/sql-error.js';
import type * as ast from '../ast.js';
import { printFrom } from './from.js';
import { qualifiedName } from './names.js';
import { list, type Printer } from './printer.js';
import { printOrderBy, printWindow } from './windows.js';

export function printQuery(query: ast.SelectStatement, printer: Printer): string {
  const parts: string[] = [];
  if (query.with !== undefined) parts.push(printWith(query.with, printer));
  parts.push(printBody(query, printer));
  if (query.orderBy !== undefined) parts.push(`ORDER BY ${printOrderBy(query.orderBy, printer)}`);
  if (query.offset !== undefined) parts.push(`OFFSET ${limit(query.offset, printer)}`);
  if (query.limit !== undefined) {
    const count = query.limit.type === 'null' ? 'ALL' : limit(query.limit, printer);
    parts.push(query.withTies ? `FETCH FIRST ${count} ROWS WITH TIES` : `LIMIT ${count}`);
  }
  for (const lock of query.locking ?? []) parts.push(printLock(lock));
  return parts.join(' ');
}

/** FETCH FIRST takes less than any expression, so whatever is no plain number gets parentheses. */
function limit(count: ast.Expr, printer: Printer): string {
  const text = printer.expr(count);
  return /^(\d+|\(.*\))$/s.test(text) ? text : `(${text})`;
}

function printBody(query: ast.SelectStatement, printer: Printer): string {
  switch (query.type) {
    case 'values':
      return `VALUES ${query.values.map((row) => `(${list(printer, row)})`).join(', ')}`;
    case 'set operation': {
      const operator = query.all ? `${query.op} ALL` : query.op;
      return `${printOperand(query.left, query, printer)} ${operator} ${printOperand(query.right, undefined, printer)}`;
    }
    case 'select':
      return printSelect(query, printer);
  }
}

/** An operand needs parentheses when it has a tail of its own, or is another set operation that would group otherwise. */
function printOperand(query: ast.SelectStatement, parent: ast.SetOperation | undefined, printer: Printer): string {
  const tail = [query.with, query.orderBy, query.limit, query.offset, query.locking].some((clause) => clause !== undefined);
  const sameOperation = query.type === 'set operation' && query.op === parent?.op && (query.all === true) === (parent.all === true);
  const text = printQuery(query, printer);
  return tail || (query.type === 'set operation' && !sameOperation) ? `(${text})` : text;
}

function printSelect(select: ast.SelectFromStatement, printer: Printer): string {
  const parts = ['SELECT'];
  if (select.distinct === true) parts.push('DISTINCT');
  else if (select.distinct !== undefined) parts.push(`DISTINCT ON (${list(printer, select.distinct)})`);
  if (select.columns.length > 0) parts.push(printColumns(select.columns, printer));
  if (select.into !== undefined) parts.push(`INTO ${select.into.temporary ? 'TEMPORARY ' : ''}${qualifiedName(select.into.name)}`);
  if (select.from !== undefined) parts.push(`FROM ${select.from.map((item) => printFrom(item, printer)).join(', ')}`);
  if (select.where !== undefined) parts.push(`WHERE ${printer.expr(select.where)}`);
  if (select.groupBy !== undefined) {
    const items = select.groupBy.map((item) => printGroupItem(item, printer)).join(', ');
    parts.push(`GROUP BY ${select.groupDistinct ? 'DISTINCT ' : ''}${items}`);
  }
  if (select.having !== undefined) parts.push(`HAVING ${printer.expr(select.having)}`);
  if (select.windows !== undefined) {
    const windows = select.windows.map((window) => `${quoteIdentifier(window.name ?? '')} AS (${printWindow(window, printer)})`);
    parts.push(`WINDOW ${windows.join(', ')}`);
  }
  return parts.join(' ');
}

function printColumns(columns: readonly ast.SelectedColumn[], printer: Printer): string {
  return columns
    .map(({ expr, alias }) => (alias === undefined ? printer.expr(expr) : `${printer.expr(expr)} AS ${quoteIdentifier(alias)}`))
    .join(', ');
}

function printGroupItem(item: ast.GroupItem, printer: Printer): string {
  if (item.type !== 'grouping set') return printer.expr(item);
  const items = item.items.map((inner) => printGroupItem(inner, printer)).join(', ');
  return item.kind === 'SETS' ? `GROUPING SETS (${items})` : item.kind === 'EMPTY' ? '()' : `${item.kind}(${items})`;
}

function printLock(lock: ast.LockingClause): string {
  const of = lock.of === undefined ? '' : ` OF ${lock.of.map(qualifiedName).join(', ')}`;
  return `FOR ${lock.strength}${of}${lock.wait === undefined ? '' : ` ${lock.wait}`}`;
}

function printWith(clause: ast.With, printer: Printer): string {
  const ctes = clause.ctes.map((cte) => {
    const columns = cte.columns === undefined ? '' : `(${cte.columns.map(quoteIdentifier).join(', ')})`;
    const materialized = cte.materialized === undefined ? '' : cte.materialized ? 'MATERIALIZED ' : 'NOT MATERIALIZED ';
    return `${quoteIdentifier(cte.name)}${columns} AS ${materialized}( ${printer.query(queryOnly(cte))})${printSearch(cte)}${printCycle(cte, printer)}`;
  });
  return `WITH ${clause.recursive ? 'RECURSIVE ' : ''}${ctes.join(', ')}`;
}

function printSearch({ search }: ast.CommonTableExpr): string {
  if (search === undefined) return '';
  const order = search.breadthFirst ? 'BREADTH' : 'DEPTH';
  return ` SEARCH ${order} FIRST BY ${search.columns.map(quoteIdentifier).join(', ')} SET ${quoteIdentifier(search.sequence)}`;
}

function printCycle({ cycle }: ast.CommonTableExpr, printer: Printer): string {
  if (cycle === undefined) return '';
  const columns = cycle.columns.map(quoteIdentifier).join(', ');
  const values = `TO ${printer.expr(cycle.value)} DEFAULT ${printer.expr(cycle.default)}`;
  return ` CYCLE ${columns} SET ${quoteIdentifier(cycle.mark)} ${values} USING ${quoteIdentifier(cycle.path)}`;
}

function queryOnly(cte: ast.CommonTableExpr): ast.SelectStatement {
  const { statement } = cte;
  if (statement.type === 'insert' || statement.type === 'update' || statement.type === 'delete') {
    throw notSupported(`a stored query with ${statement.type.toUpperCase()}`);
  }
  return statement;
}
