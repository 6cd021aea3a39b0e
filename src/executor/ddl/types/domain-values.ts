import type { CatalogSnapshot } from '../../../catalog/catalog.js';
import type { DomainCheck, DomainDescriptor, TableDescriptor } from '../../../catalog/descriptors.js';
import { isMadeOf, typeRecord } from '../../../catalog/made-types.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { tableRows } from '../../bulk/table-rows.js';
import { compileDomainCheck } from '../../user-types/domain-checks.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, lockRelation } from '../names.js';

interface NewRule {
  readonly notNull?: true;
  readonly check?: DomainCheck;
}

/**
 * Values of a domain that are stored already, against a rule that it is about to have. Values within arrays and rows are not looked into.
 * @throws SqlError 23502, 23514, 0A000
 */
export async function checkStoredValues(domain: DomainDescriptor, rule: NewRule, cx: UtilityContext): Promise<void> {
  const catalog = catalogOf(cx);
  const passes = rule.check === undefined ? undefined : compileDomainCheck(domain, rule.check, cx.planner, cx.library, cx);
  for (const relation of catalog.relations()) {
    if (relation.kind !== 'table') continue;
    const columns = relation.columns.filter((column) => column.dropped !== true && isMadeOf(catalog, column.type, domain.oid));
    const container = columns.find((column) => !isDomainOver(catalog, column.type, domain.oid));
    if (container !== undefined) {
      throw new SqlError(
        SqlState.featureNotSupported,
        `cannot alter type "${domain.name}" because column "${relation.name}.${container.name}" uses it`,
      );
    }
    if (columns.length === 0) continue;
    await lockRelation(relation.oid, cx, 'SHARE');
    for await (const piece of tableRows(relation, cx)) {
      for (const { values } of piece) {
        for (const column of columns) {
          const value = values[column.number - 1] ?? null;
          if (rule.notNull === true && value === null) throw containsNull(relation, column.name);
          if (passes !== undefined && !passes(value)) throw violates(relation, column.name);
        }
      }
    }
  }
}

/** The domain itself, or a domain over it. */
function isDomainOver(catalog: CatalogSnapshot, oid: Oid, domain: Oid): boolean {
  if (oid === domain) return true;
  const type = typeRecord(catalog, oid);
  return type?.kind === 'd' && isDomainOver(catalog, type.baseType, domain);
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
