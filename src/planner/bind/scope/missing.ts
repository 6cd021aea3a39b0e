import type { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { QName } from '../../parse/ast.js';
import { errorAt } from '../errors.js';
import { editDistance } from './levenshtein.js';
import type { RelationItem } from './relation-item.js';
import { NOT_FOUND } from './relation-item.js';
import type { Scope } from './scope.js';

/** PostgreSQL's limit on how different a column may be that is offered instead. */
const MAX_DISTANCE = 3;

interface Suggestion {
  readonly item: RelationItem;
  readonly column: string;
}

/** 42703 with PostgreSQL's guesses at what was meant. @param table the qualifier as it was written */
export function missingColumn(scope: Scope, table: string | undefined, column: string, position: number | undefined): SqlError {
  const name = table === undefined ? `"${column}"` : `${table}.${column}`;
  const hint = columnHint(scope, table, column);
  return errorAt(SqlState.undefinedColumn, `column ${name} does not exist`, position, { hint });
}

function columnHint(scope: Scope, table: string | undefined, column: string): string | undefined {
  const found = nearestColumns(scope, table, column);
  if (!Array.isArray(found)) {
    return `There is a column named "${column}" in table "${found.alias}", but it cannot be referenced from this part of the query.`;
  }
  const [first, second] = found;
  if (first === undefined) return undefined;
  if (second === undefined) return `Perhaps you meant to reference the column "${first.item.alias}.${first.column}".`;
  return (
    `Perhaps you meant to reference the column "${first.item.alias}.${first.column}" ` +
    `or the column "${second.item.alias}.${second.column}".`
  );
}

/** The item that has exactly this column out of sight, or up to two columns with names that are near enough and equally near. */
function nearestColumns(scope: Scope, table: string | undefined, column: string): RelationItem | Suggestion[] {
  let distance = MAX_DISTANCE + 1;
  let nearest: Suggestion[] = [];
  for (let level: Scope | undefined = scope; level !== undefined; level = level.nameParent) {
    for (const item of level.items) {
      if (item.alias === '') continue;
      const penalty = table === undefined ? 0 : editDistance(table, item.alias);
      if (penalty === 0 && item.find(column) > NOT_FOUND) return item;
      if (penalty > distance) continue;
      for (let i = 0; i < item.size; i++) {
        const name = item.nameAt(i);
        const difference = editDistance(name, column);
        if (name === '' || difference > column.length / 2) continue;
        const total = difference + penalty;
        if (total < distance) {
          distance = total;
          nearest = [{ item, column: name }];
        } else if (total === distance) {
          // Three that are equally near help nobody, nor would others that are no nearer.
          if (nearest.length === 2) {
            nearest = [];
            distance = total - 1;
          } else if (nearest.length === 1 || distance <= MAX_DISTANCE) nearest.push({ item, column: name });
        }
      }
    }
  }
  return nearest;
}

/** 42P01: a column's qualifier names nothing that can be seen here. */
export function missingTable(scope: Scope, table: QName, position: number | undefined): SqlError {
  const message = (text: string) => `${text} FROM-clause entry for table "${table.name}"`;
  const item = outOfSight(scope, table);
  if (item === undefined) return errorAt(SqlState.undefinedTable, message('missing'), position);
  const isVisibleByAlias =
    item.isNamed &&
    item.alias !== table.name &&
    scopes(scope).some((level) => level.namespace.some((e) => e.item === item && e.isRelationVisible && !e.isLateralOnly));
  return errorAt(SqlState.undefinedTable, message('invalid reference to'), position, {
    hint: isVisibleByAlias
      ? `Perhaps you meant to reference the table alias "${item.alias}".`
      : `There is an entry for table "${item.alias}", but it cannot be referenced from this part of the query.`,
  });
}

/** An item of the statement that the name could mean: by its alias, or by the relation that it reads. */
function outOfSight(scope: Scope, table: QName): RelationItem | undefined {
  for (const level of scopes(scope)) {
    for (const item of level.items) {
      if (table.schema === undefined && item.alias === table.name) return item;
      const { relation } = item;
      if (relation === undefined || relation.name !== table.name) continue;
      const schema = scope.state.catalog.schemaByOid(relation.schema)?.name;
      if (table.schema === undefined ? scope.state.isVisible(relation) : schema === table.schema) return item;
    }
  }
  return undefined;
}

function scopes(scope: Scope): Scope[] {
  const levels: Scope[] = [];
  for (let level: Scope | undefined = scope; level !== undefined; level = level.nameParent) levels.push(level);
  return levels;
}

/** 42P10: a left neighbour that this side of the join may not look at, or what the statement changes. */
export function forbiddenLateral(level: Scope, item: RelationItem, position: number | undefined): SqlError {
  return errorAt(SqlState.invalidColumnReference, `invalid reference to FROM-clause entry for table "${item.alias}"`, position, {
    ...(item === level.changedItem
      ? { hint: `There is an entry for table "${item.alias}", but it cannot be referenced from this part of the query.` }
      : { detail: 'The combining JOIN type must be INNER or LEFT for a LATERAL reference.' }),
  });
}

export function ambiguousColumn(name: string, position: number | undefined): SqlError {
  return errorAt(SqlState.ambiguousColumn, `column reference "${name}" is ambiguous`, position);
}
