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
    const columns = relation.columns.filter((column) => column.dropped !== true && pathTo(column.type, domain, cx) !== undefined);
    if (columns.length === 0) continue;
    await lockRelation(relation.oid, cx, 'SHARE');
    for await (const piece of tableRows(relation, cx)) {
      for (const { values } of piece) {
        for (const column of columns) {
          const stored = values[column.number - 1] ?? null;
          for (const value of partsOf(stored, pathTo(column.type, domain, cx))) {
            if (rule.notNull === true && value === null) throw containsNull(relation, column.name);
            if (passes !== undefined && !passes(value)) throw violates(relation, column.name);
          }
        }
      }
    }
  }
}

function partsOf(stored: SqlValue, path: Path | undefined): readonly SqlValue[] {
  if (path !== 'elements') return [stored];
  return stored instanceof SqlArray ? stored.elements : [];
}

type Path = 'value' | 'elements';

/** How a column's type leads to the domain: it is the domain or a domain over it, or an array of such. Undefined: it does not. */
function pathTo(type: Oid, domain: DomainDescriptor, cx: UtilityContext): Path | undefined {
  let path: Path = 'value';
  for (let oid = type; oid !== 0; ) {
    if (oid === domain.oid) return path;
    const record = typeRecord(catalogOf(cx), oid);
    if (record === undefined) return undefined;
    if (record.isArray) path = 'elements';
    oid = record.kind === 'd' ? record.baseType : record.isArray ? record.element : 0;
  }
  return undefined;
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
