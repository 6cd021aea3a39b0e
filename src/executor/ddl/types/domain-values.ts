import type { DomainCheck, DomainDescriptor, TableDescriptor } from '../../../catalog/descriptors.js';
import { typeRecord } from '../../../catalog/made-types.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { SqlArray, type SqlValue } from '../../../types/value.js';
import { tableRows } from '../../bulk/table-rows.js';
import { compileDomainCheck } from '../../user-types/domain-checks.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, lockRelation } from '../names.js';

interface NewRule {
  readonly notNull?: true;
  readonly check?: DomainCheck;
}

/** Values of a domain that are stored already, against a rule that it is about to have. @throws SqlError 23502, 23514 */
export async function checkStoredValues(domain: DomainDescriptor, rule: NewRule, cx: UtilityContext): Promise<void> {
  const catalog = catalogOf(cx);
  const passes = rule.check === undefined ? undefined : compileDomainCheck(domain, rule.check, cx.planner, cx.library, cx);
  for (const relation of catalog.relations()) {
    if (relation.kind !== 'table') continue;
    const columns = relation.columns.filter((column) => column.dropped !== true && isOver(column.type, domain, cx));
    if (columns.length === 0) continue;
    await lockRelation(relation.oid, cx, 'SHARE');
    for await (const piece of tableRows(relation, cx)) {
      for (const { values } of piece) {
        for (const column of columns) {
          for (const value of partsOf(values[column.number - 1] ?? null)) {
            if (rule.notNull === true && value === null) throw containsNull(relation, column.name);
            if (passes !== undefined && !passes(value)) throw violates(relation, column.name);
          }
        }
      }
    }
  }
}

function partsOf(value: SqlValue): readonly SqlValue[] {
  return value instanceof SqlArray ? value.elements : [value];
}

/** The domain itself, a domain over it, an array of it. */
function isOver(type: Oid, domain: DomainDescriptor, cx: UtilityContext): boolean {
  for (let oid = type; oid !== 0; ) {
    if (oid === domain.oid) return true;
    const record = typeRecord(catalogOf(cx), oid);
    if (record === undefined) return false;
    oid = record.kind === 'd' ? record.baseType : record.isArray ? record.element : 0;
  }
  return false;
}

function containsNull(table: TableDescriptor, column: string): SqlError {
  return new SqlError(SqlState.notNullViolation, `column "${column}" of table "${table.name}" contains null values`, {
    table: table.name,
    column,
  });
}

function violates(table: TableDescriptor, column: string): SqlError {
  return new SqlError(
    SqlState.checkViolation,
    `column "${column}" of table "${table.name}" contains values that violate the new constraint`,
    {
      table: table.name,
      column,
    },
  );
}
