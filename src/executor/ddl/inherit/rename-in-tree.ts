import type { TableDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { inheritors } from '../../../planner/partitions/descendants.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, lockRelation } from '../names.js';
import { liveColumns } from '../table-draft.js';

/**
 * The tables of a tree in which a column or check is renamed: all that have it from the one that the statement names.
 * @param inheritedOf from how many parents a table has what is renamed; undefined: it has it not
 * @throws SqlError 42P16
 */
export async function renamedWith(
  table: TableDescriptor,
  what: 'column' | 'constraint',
  name: string,
  only: boolean,
  inheritedOf: (table: TableDescriptor) => number | undefined,
  cx: UtilityContext,
): Promise<readonly TableDescriptor[]> {
  const all = inheritors(table, catalogOf(cx));
  if (only && all.length > 1) throw invalid(`inherited ${what} "${name}" must be renamed in child tables too`);
  const oids = new Set(all.map(({ oid }) => oid));
  const found: TableDescriptor[] = [];
  for (const { oid } of all) {
    await lockRelation(oid, cx);
    const now = catalogOf(cx).relationByOid(oid);
    if (now?.kind !== 'table') continue;
    const inherited = inheritedOf(now);
    if (inherited === undefined) continue;
    // What another parent has too must keep its name.
    const expected = (now.parents ?? []).filter((parent) => oids.has(parent)).length;
    if (inherited > expected) throw invalid(`cannot rename inherited ${what} "${name}"`);
    found.push(now);
  }
  return found;
}

export function columnInheritance(name: string): (table: TableDescriptor) => number | undefined {
  return (table) => {
    const column = liveColumns(table).find((candidate) => candidate.name === name);
    return column === undefined ? undefined : (column.inherited ?? 0);
  };
}

function invalid(message: string): SqlError {
  return new SqlError(SqlState.invalidTableDefinition, message);
}
