import {
  type CompositeDescriptor,
  type IndexDescriptor,
  Privilege,
  type TableDescriptor,
  type ViewDescriptor,
} from '../../catalog/descriptors.js';
import { privilegesOf } from '../../catalog/privileges.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { parseExpression } from '../../planner/bind/stored-text.js';
import type { Deferral, LikeTable, QName } from '../../planner/parse/ast.js';
import { figureColumnName } from '../../planner/parse/column-name.js';
import { duplicateColumn, withIdentity } from './columns.js';
import { addKey, deferralOf } from './constraints.js';
import type { UtilityContext } from './context.js';
import { copyExclusion } from './exclusion.js';
import { catalogOf, lookUpRelation, nameText } from './names.js';
import { addConstraint, freeConstraintName, newOid, replaceColumn, type TableDraft } from './table-draft.js';

/** LIKE t INCLUDING …: columns always; what else is asked for. */
export function copyLike(draft: TableDraft, like: LikeTable, cx: UtilityContext): void {
  const source = findLike(like.table, cx);
  if (source.kind !== 'composite' && (privilegesOf(catalogOf(cx), cx.session.currentRole, 'table', source) & Privilege.select) === 0)
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for table ${source.name}`);
  const includes = (what: string) => like.including.includes(what) || like.including.includes('all');
  const numbers = new Map<number, number>();
  for (const column of source.columns) {
    if (column.dropped === true) continue;
    if (draft.table.columns.some((other) => other.name === column.name)) throw duplicateColumn(draft, column.name);
    const number = draft.table.columns.length + 1;
    numbers.set(column.number, number);
    const { name, type, typmod, storedAs, notNull, collation, defaultText, generatedText, comment, storage, compression } = column;
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
      ...(includes('storage') && storage !== undefined ? { storage } : {}),
      ...(includes('compression') && compression !== undefined ? { compression } : {}),
    };
    draft.table = { ...draft.table, columns: [...draft.table.columns, copy] };
    if (includes('identity') && column.identity !== undefined)
      replaceColumn(draft, withIdentity(draft, copy, column.identity.always, [], cx));
  }
  if (source.kind !== 'table') return;
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

/** @throws SqlError 42P01, 42809 */
export function findLike(name: QName, cx: UtilityContext): TableDescriptor | ViewDescriptor | CompositeDescriptor {
  const found = lookUpRelation(name, cx);
  if (found === undefined)
    throw new SqlError(SqlState.undefinedTable, `relation "${nameText(name)}" does not exist`, { position: name._location?.start });
  if (found.kind === 'table' || found.kind === 'view' || found.kind === 'composite') return found;
  throw new SqlError(SqlState.wrongObjectType, `relation "${found.name}" is invalid in LIKE clause`, {
    ...(found.kind === 'index' || found.kind === 'sequence'
      ? { detail: `This operation is not supported for ${found.kind === 'index' ? 'indexes' : 'sequences'}.` }
      : {}),
    position: name._location?.start,
  });
}

function deferralOfIndex(index: IndexDescriptor, cx: UtilityContext): Deferral {
  const table = catalogOf(cx).relationByOid(index.table);
  const constraint = table?.kind === 'table' ? table.constraints.find(({ oid }) => oid === index.constraint) : undefined;
  return constraint === undefined || constraint.kind === 'check' ? {} : deferralOf(constraint);
}

function copyIndexes(draft: TableDraft, source: number, numbers: ReadonlyMap<number, number>, cx: UtilityContext): void {
  const nameOf = ({ column, exprText }: { readonly column: number; readonly exprText?: string }): string => {
    if (exprText === undefined) return draft.table.columns[(numbers.get(column) ?? 0) - 1]?.name ?? '';
    const figured = figureColumnName(parseExpression(cx.planner.parser, exprText));
    return figured === '?column?' ? 'expr' : figured;
  };
  for (const index of catalogOf(cx).indexesOf(source)) {
    const columns = index.columns.map(nameOf);
    const including = (index.including ?? []).map((column) => nameOf({ column }));
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
      name: freeConstraintName(draft, [...columns, ...including], 'idx', cx),
      owner: draft.table.owner,
      schema: draft.schema.oid,
      persistence: draft.table.persistence,
      table: draft.table.oid,
      storage: cx.session.catalog.allocateStorage(),
      columns: index.columns.map((column) => ({ ...column, column: numbers.get(column.column) ?? 0 })),
      ...(index.including === undefined ? {} : { including: index.including.map((number) => numbers.get(number) ?? 0) }),
    });
  }
}
