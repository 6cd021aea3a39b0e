import { type IndexDescriptor, Privilege } from '../../catalog/descriptors.js';
import { privilegesOf } from '../../catalog/privileges.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { Deferral, LikeTable } from '../../planner/parse/ast.js';
import { duplicateColumn, withIdentity } from './columns.js';
import { addKey, deferralOf } from './constraints.js';
import type { UtilityContext } from './context.js';
import { copyExclusion } from './exclusion.js';
import { catalogOf, findRelation } from './names.js';
import { addConstraint, freeConstraintName, liveColumns, newOid, replaceColumn, type TableDraft } from './table-draft.js';

/** LIKE t INCLUDING …: columns always; what else is asked for. */
export function copyLike(draft: TableDraft, like: LikeTable, cx: UtilityContext): void {
  const source = findRelation(like.table, cx);
  if (source.kind !== 'table') throw new SqlError(SqlState.wrongObjectType, `relation "${source.name}" is invalid in LIKE clause`);
  if ((privilegesOf(catalogOf(cx), cx.session.currentRole, 'table', source) & Privilege.select) === 0)
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for table ${source.name}`);
  const includes = (what: string) => like.including.includes(what) || like.including.includes('all');
  const numbers = new Map<number, number>();
  for (const column of liveColumns(source)) {
    if (draft.table.columns.some((other) => other.name === column.name)) throw duplicateColumn(draft, column.name);
    const number = draft.table.columns.length + 1;
    numbers.set(column.number, number);
    const { name, type, typmod, storedAs, notNull, collation, defaultText, generatedText, comment } = column;
    const copy = {
      number,
      name,
      type,
      typmod,
      notNull,
      ...(storedAs === undefined ? {} : { storedAs }),
      ...(collation === undefined ? {} : { collation }),
      ...(includes('defaults') && defaultText !== undefined ? { defaultText } : {}),
      ...(includes('generated') && generatedText !== undefined ? { generatedText } : {}),
      ...(includes('comments') && comment !== undefined ? { comment } : {}),
    };
    draft.table = { ...draft.table, columns: [...draft.table.columns, copy] };
    if (includes('identity') && column.identity !== undefined)
      replaceColumn(draft, withIdentity(draft, copy, column.identity.always, [], cx));
  }
  if (includes('constraints'))
    for (const constraint of source.constraints)
      if (constraint.kind === 'check')
        addConstraint(draft, {
          ...constraint,
          oid: newOid(cx),
          columns: constraint.columns.map((number) => numbers.get(number) ?? number),
        });
  if (includes('indexes')) copyIndexes(draft, source.oid, numbers, cx);
}

function deferralOfIndex(index: IndexDescriptor, cx: UtilityContext): Deferral {
  const table = catalogOf(cx).relationByOid(index.table);
  const constraint = table?.kind === 'table' ? table.constraints.find(({ oid }) => oid === index.constraint) : undefined;
  return constraint === undefined || constraint.kind === 'check' ? {} : deferralOf(constraint);
}

function copyIndexes(draft: TableDraft, source: number, numbers: ReadonlyMap<number, number>, cx: UtilityContext): void {
  const nameOf = (number: number) => draft.table.columns[(numbers.get(number) ?? 0) - 1]?.name ?? '';
  for (const index of catalogOf(cx).indexesOf(source)) {
    const columns = index.columns.map((column) => nameOf(column.column));
    if (index.exclusion !== undefined) {
      copyExclusion(draft, index, numbers, cx);
      continue;
    }
    if (index.constraint !== undefined) {
      addKey(draft, { type: index.primary ? 'primary key' : 'unique', columns, ...deferralOfIndex(index, cx) }, cx);
      continue;
    }
    draft.indexes.push({
      ...index,
      oid: newOid(cx),
      name: freeConstraintName(draft, columns, 'idx', cx),
      owner: draft.table.owner,
      schema: draft.schema.oid,
      persistence: draft.table.persistence,
      table: draft.table.oid,
      storage: cx.session.catalog.allocateStorage(),
      columns: index.columns.map((column) => ({ ...column, column: numbers.get(column.column) ?? 0 })),
    });
  }
}
