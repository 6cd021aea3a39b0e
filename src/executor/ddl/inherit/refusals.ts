import type { ColumnDescriptor, TableDescriptor } from '../../../catalog/descriptors.js';
import { SqlError, type SqlErrorFields } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { storedExpression } from '../../../planner/bind/stored-text.js';
import type { ColumnDef, TableAlteration } from '../../../planner/parse/ast.js';
import type { UtilityContext } from '../context.js';
import { catalogOf } from '../names.js';
import { textOption } from '../options.js';
import { bindOverTable } from '../scalar.js';

const NO_ONLY = { hint: 'Do not specify the ONLY keyword.' };

/**
 * What ALTER TABLE must not do to a table of a tree: its columns and constraints are its parents' business as far as they come from there, and
 * those that its children have from it must stay the same in all of them.
 * @param only without the children, which there are
 * @throws SqlError 42P16, 42809
 */
export function refuseInTree(table: TableDescriptor, change: TableAlteration, only: boolean, cx: UtilityContext): void {
  const isPartitioned = table.partitionKey !== undefined;
  switch (change.type) {
    case 'add column':
      if (table.partitionBound !== undefined) throw new SqlError(SqlState.wrongObjectType, 'cannot add column to a partition');
      if (table.ofType !== undefined) throw new SqlError(SqlState.wrongObjectType, 'cannot add column to typed table');
      if (only) throw invalid('column must be added to child tables too');
      return;
    case 'drop column': {
      if (table.ofType !== undefined) throw new SqlError(SqlState.wrongObjectType, 'cannot drop column from typed table');
      const column = columnOf(table, change.column);
      if (column === undefined) return;
      if (isInherited(column)) throw invalid(`cannot drop inherited column "${column.name}"`);
      refuseKeyColumn(table, column, 'drop', cx);
      if (only && isPartitioned) throw invalid('cannot drop column from only the partitioned table when partitions exist', NO_ONLY);
      return;
    }
    case 'set type': {
      if (table.ofType !== undefined) throw new SqlError(SqlState.wrongObjectType, 'cannot alter column type of typed table');
      const column = columnOf(table, change.column);
      if (column === undefined) return;
      if (isInherited(column)) throw invalid(`cannot alter inherited column "${column.name}"`);
      refuseKeyColumn(table, column, 'alter', cx);
      if (only) throw invalid(`type of inherited column "${column.name}" must be changed in child tables too`);
      return;
    }
    case 'set not null': {
      const nullable =
        !only || !isPartitioned
          ? undefined
          : catalogOf(cx)
              .childrenOf(table.oid)
              .find((child) => columnOf(child, change.column)?.notNull === false);
      if (nullable !== undefined)
        throw invalid('constraint must be added to child tables too', {
          ...NO_ONLY,
          detail: `Column "${change.column}" of relation "${nullable.name}" is not already NOT NULL.`,
        });
      return;
    }
    case 'drop not null': {
      if (only && isPartitioned) throw invalid('cannot remove constraint from only the partitioned table when partitions exist', NO_ONLY);
      const parent = table.partitionBound === undefined ? undefined : catalogOf(cx).relationByOid(table.parents?.[0] ?? 0);
      if (parent?.kind === 'table' && columnOf(parent, change.column)?.notNull === true)
        throw invalid(`column "${change.column}" is marked NOT NULL in parent table`);
      return;
    }
    case 'add constraint': {
      const { constraint } = change;
      if (constraint.type === 'check' && only && constraint.noInherit !== true)
        throw invalid('constraint must be added to child tables too');
      if (constraint.type === 'foreign key' && isPartitioned) {
        if (only)
          throw new SqlError(
            SqlState.wrongObjectType,
            `cannot use ONLY for foreign key on partitioned table "${table.name}" referencing relation "${constraint.table.name}"`,
          );
        if (constraint.notValid === true)
          throw new SqlError(
            SqlState.wrongObjectType,
            `cannot add NOT VALID foreign key on partitioned table "${table.name}" referencing relation "${constraint.table.name}"`,
            { detail: 'This feature is not yet supported on partitioned tables.' },
          );
      }
      return;
    }
    case 'drop constraint': {
      const constraint = table.constraints.find(({ name }) => name === change.name);
      if (constraint === undefined) return;
      const inherited = constraint.kind === 'check' ? (constraint.inherited ?? 0) > 0 : constraint.parent !== undefined;
      if (inherited) throw invalid(`cannot drop inherited constraint "${change.name}" of relation "${table.name}"`);
      if (only && isPartitioned) throw invalid('cannot remove constraint from only the partitioned table when partitions exist', NO_ONLY);
      return;
    }
    case 'set options':
    case 'reset options': {
      const type = newTypeOf(change);
      if (type === undefined || type === table.tableType) return;
      if ((table.parents ?? []).length > 0)
        throw invalid(`cannot change the type of table "${table.name}": it is a child of another table`, {
          hint: 'All tables of an inheritance tree have the same type: change the topmost one.',
        });
      if (only) throw invalid(`type of table "${table.name}" must be changed in child tables too`, NO_ONLY);
      return;
    }
    default:
      return;
  }
}

type OptionsChange = Extract<TableAlteration, { type: 'set options' | 'reset options' }>;

/** What SET (type = …) or RESET (type) makes of a table. */
function newTypeOf({ type, options }: OptionsChange): string | undefined {
  const option = options.find(({ name, namespace }) => name === 'type' && namespace === undefined);
  if (option === undefined) return undefined;
  return type === 'reset options' ? 'shared' : textOption(option).toLowerCase();
}

/** @throws SqlError 42P16 */
export function refuseIdentityInTree(column: ColumnDef): void {
  if (column.constraints.some(({ type }) => type === 'identity'))
    throw invalid('cannot recursively add identity column to table that has child tables');
}

function columnOf(table: TableDescriptor, name: string): ColumnDescriptor | undefined {
  return table.columns.find((column) => column.name === name && column.dropped !== true);
}

export function isInherited(column: ColumnDescriptor): boolean {
  return (column.inherited ?? 0) > 0;
}

export function refuseKeyColumn(table: TableDescriptor, column: ColumnDescriptor, what: 'drop' | 'alter', cx: UtilityContext): void {
  for (const key of table.partitionKey?.columns ?? []) {
    const used =
      key.exprText === undefined
        ? [key.column]
        : bindOverTable(storedExpression(cx.planner.parser, key, key.exprText), table, { clause: 'partition key' }, cx).columns;
    if (used.includes(column.number))
      throw invalid(`cannot ${what} column "${column.name}" because it is part of the partition key of relation "${table.name}"`);
  }
}

function invalid(message: string, fields: SqlErrorFields = {}): SqlError {
  return new SqlError(SqlState.invalidTableDefinition, message, fields);
}
