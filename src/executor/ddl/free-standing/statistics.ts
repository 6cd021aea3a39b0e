import type { TableDescriptor } from '../../../catalog/descriptors.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, creationSchema, findRelation, kindWord, lockName, lockRelation, requireOwner } from '../names.js';
import { notice, skipping } from '../notices.js';
import { bindOverTable } from '../scalar.js';
import { liveColumns, newOid } from '../table-draft.js';
import { findFreeStanding, lookUpFreeStanding } from './find.js';

type Create = UtilityStatement<'create statistics'>;

const KIND_LETTERS: Readonly<Record<string, string>> = { ndistinct: 'd', dependencies: 'f', mcv: 'm' };
const MAX_COLUMNS = 8;

/** CREATE STATISTICS: kept for those who ask, without any effect on plans. @throws SqlError 42710, 42P17, 42701 … */
export async function createStatistics(statement: Create, cx: UtilityContext): Promise<UtilityResult> {
  const tag = 'CREATE STATISTICS';
  const [name, ...more] = statement.relations;
  if (name === undefined || more.length > 0) throw notSupportedRelations();
  const table = findRelation(name, cx);
  if (table.kind !== 'table') {
    throw new SqlError(SqlState.wrongObjectType, `cannot define statistics for relation "${table.name}"`, {
      detail: `This operation is not supported for ${kindWord(table)}${kindWord(table) === 'index' ? 'es' : 's'}.`,
    });
  }
  requireOwner(table, cx);
  await lockRelation(table.oid, cx, 'SHARE UPDATE EXCLUSIVE');
  const { columns, exprTexts } = elementsOf(statement, table, cx);
  const schema = creationSchema(statement.name, false, cx);
  const own = statement.name.name;
  await lockName('statistics', `${schema.oid} ${own}`, cx);
  const taken = catalogOf(cx)
    .freeStanding('extended statistics')
    .some((other) => other.schema === schema.oid && other.name === own);
  if (taken) {
    if (statement.ifNotExists !== true) throw new SqlError(SqlState.duplicateObject, `statistics object "${own}" already exists`);
    skipping(cx, `statistics object "${own}"`, SqlState.duplicateObject);
    return { tag };
  }
  cx.session.catalog.put(cx.transaction, {
    kind: 'extended statistics',
    oid: newOid(cx),
    name: own,
    owner: cx.session.currentRole,
    schema: schema.oid,
    table: table.oid,
    columns,
    exprTexts,
    kinds: kindsOf(statement, columns.length + exprTexts.length, exprTexts.length),
  });
  return { tag };
}

function notSupportedRelations(): SqlError {
  return new SqlError(SqlState.featureNotSupported, 'only a single relation is allowed in CREATE STATISTICS');
}

function elementsOf(
  statement: Create,
  table: TableDescriptor,
  cx: UtilityContext,
): { readonly columns: readonly number[]; readonly exprTexts: readonly string[] } {
  const columns: number[] = [];
  const exprTexts: string[] = [];
  if (statement.elements.length > MAX_COLUMNS)
    throw new SqlError(SqlState.tooManyColumns, `cannot have more than ${MAX_COLUMNS} columns in statistics`);
  for (const { column: name, expr } of statement.elements) {
    if (expr !== undefined) {
      exprTexts.push(bindOverTable(expr, table, { clause: 'index expression' }, cx).text());
      continue;
    }
    const column = liveColumns(table).find((candidate) => candidate.name === name);
    if (column === undefined) throw new SqlError(SqlState.undefinedColumn, `column "${name}" does not exist`);
    if (columns.includes(column.number)) throw new SqlError(SqlState.duplicateColumn, 'duplicate column name in statistics definition');
    columns.push(column.number);
  }
  if (new Set(exprTexts).size < exprTexts.length)
    throw new SqlError(SqlState.duplicateColumn, 'duplicate expression in statistics definition');
  return { columns: columns.sort((a, b) => a - b), exprTexts };
}

function kindsOf(statement: Create, elements: number, expressions: number): readonly string[] {
  const letters = statement.kinds.map((kind) => {
    const letter = KIND_LETTERS[kind];
    if (letter === undefined) throw new SqlError(SqlState.syntaxError, `unrecognized statistics kind "${kind}"`);
    return letter;
  });
  const ofExpressions = expressions > 0 ? ['e'] : [];
  if (elements < 2) {
    if (letters.length > 0 && expressions === 1)
      throw new SqlError(SqlState.syntaxError, 'when building statistics on a single expression, statistics kinds may not be specified');
    if (expressions === 0) throw new SqlError(SqlState.invalidObjectDefinition, 'extended statistics require at least 2 columns');
    return ofExpressions;
  }
  const all = Object.values(KIND_LETTERS);
  return [...(letters.length === 0 ? all : all.filter((letter) => letters.includes(letter))), ...ofExpressions];
}

const LARGEST_TARGET = 10_000;

/** ALTER STATISTICS … SET STATISTICS. */
export async function alterStatistics(statement: UtilityStatement<'alter statistics'>, cx: UtilityContext): Promise<UtilityResult> {
  const tag = 'ALTER STATISTICS';
  if (statement.ifExists === true && lookUpFreeStanding('statistics', statement.name, cx) === undefined) {
    notice(cx, `statistics object "${statement.name.name}" does not exist, skipping`);
    return { tag };
  }
  const { target: asked } = statement;
  if (asked < -1) throw new SqlError(SqlState.invalidParameterValue, `statistics target ${asked} is too low`);
  if (asked > LARGEST_TARGET) throw notSupported(`a statistics target above ${LARGEST_TARGET}`);
  const { target: _before, ...found } = await findFreeStanding('statistics', statement.name, cx);
  cx.session.catalog.put(cx.transaction, asked < 0 ? found : { ...found, target: asked });
  return { tag };
}
