import type { TableDescriptor, TriggerDescriptor, ViewDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { CreateTriggerStatement } from '../../../planner/parse/ast.js';

/** REFERENCING OLD TABLE AS … NEW TABLE AS … @throws SqlError 0A000, 42809, 42P17 */
export function checkReferencing(
  statement: CreateTriggerStatement,
  relation: TableDescriptor | ViewDescriptor,
): Pick<TriggerDescriptor, 'oldTable' | 'newTable'> {
  const { events } = statement;
  const unsupported = (message: string, hint?: string): SqlError =>
    new SqlError(SqlState.featureNotSupported, message, hint === undefined ? {} : { hint });
  const invalid = (message: string): SqlError => new SqlError(SqlState.invalidObjectDefinition, message);
  let oldTable: string | undefined;
  let newTable: string | undefined;
  for (const { name, isNew, isTable } of statement.referencing ?? []) {
    if (!isTable) {
      throw unsupported(
        'ROW variable naming in the REFERENCING clause is not supported',
        'Use OLD TABLE or NEW TABLE for naming transition tables.',
      );
    }
    refuseRelation(statement, relation);
    if (statement.timing !== 'after') throw invalid('transition table name can only be specified for an AFTER trigger');
    if (events.includes('truncate')) throw unsupported('TRUNCATE triggers with transition tables are not supported');
    if (events.length > 1) throw unsupported('transition tables cannot be specified for triggers with more than one event');
    if (statement.columns !== undefined) throw unsupported('transition tables cannot be specified for triggers with column lists');
    if (isNew) {
      if (!events.includes('insert') && !events.includes('update'))
        throw invalid('NEW TABLE can only be specified for an INSERT or UPDATE trigger');
      if (newTable !== undefined) throw invalid('NEW TABLE cannot be specified multiple times');
      newTable = name;
    } else {
      if (!events.includes('delete') && !events.includes('update'))
        throw invalid('OLD TABLE can only be specified for a DELETE or UPDATE trigger');
      if (oldTable !== undefined) throw invalid('OLD TABLE cannot be specified multiple times');
      oldTable = name;
    }
  }
  if (oldTable !== undefined && oldTable === newTable) throw invalid('OLD TABLE name and NEW TABLE name cannot be the same');
  return { ...(oldTable === undefined ? {} : { oldTable }), ...(newTable === undefined ? {} : { newTable }) };
}

function refuseRelation({ level }: CreateTriggerStatement, relation: TableDescriptor | ViewDescriptor): void {
  if (relation.kind === 'view') {
    throw new SqlError(SqlState.wrongObjectType, `"${relation.name}" is a view`, {
      detail: 'Triggers on views cannot have transition tables.',
    });
  }
  if (level !== 'row') return;
  if (relation.partitionKey !== undefined) {
    throw new SqlError(SqlState.wrongObjectType, `"${relation.name}" is a partitioned table`, {
      detail: 'ROW triggers with transition tables are not supported on partitioned tables.',
    });
  }
  if (relation.parents === undefined || relation.parents.length === 0) return;
  const what = relation.partitionBound === undefined ? 'inheritance children' : 'partitions';
  throw new SqlError(SqlState.featureNotSupported, `ROW triggers with transition tables are not supported on ${what}`);
}
