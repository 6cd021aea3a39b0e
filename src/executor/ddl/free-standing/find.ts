import type { FreeStandingDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { QName } from '../../../planner/parse/ast.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, findSchema, lockName, nameText, ownedBy } from '../names.js';

/** As statements call them. */
export type FreeStandingType = 'statistics' | 'collation' | 'publication' | 'large object';

const KINDS = {
  statistics: 'extended statistics',
  collation: 'collation',
  publication: 'publication',
  'large object': 'large object',
} as const;
export const WORDS = {
  statistics: 'statistics object',
  collation: 'collation',
  publication: 'publication',
  'large object': 'large object',
} as const;

export function isFreeStandingType(objectType: string): objectType is FreeStandingType {
  return Object.hasOwn(KINDS, objectType);
}

/** The first of the name along the search path, or in its schema; publications and large objects have no schema. @throws SqlError 3F000 */
export function lookUpFreeStanding(type: FreeStandingType, name: QName, cx: UtilityContext): FreeStandingDescriptor | undefined {
  const named = catalogOf(cx)
    .freeStanding(KINDS[type])
    .filter((object) => object.name === name.name);
  if (type === 'publication' || type === 'large object') return named[0];
  const path = name.schema === undefined ? cx.planner.searchPath : [findSchema(name.schema, cx).oid];
  for (const schema of path) {
    const found = named.find((object) => 'schema' in object && object.schema === schema);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Locked until the transaction ends. @throws SqlError 42704, 42501 */
export async function findFreeStanding<Type extends FreeStandingType>(
  type: Type,
  name: QName,
  cx: UtilityContext,
): Promise<Extract<FreeStandingDescriptor, { kind: (typeof KINDS)[Type] }>> {
  const seen = lookUpFreeStanding(type, name, cx);
  if (seen !== undefined) await lockName(type, String(seen.oid), cx);
  const found = catalogOf(cx)
    .freeStanding(KINDS[type])
    .find(({ oid }) => oid === seen?.oid);
  if (found === undefined) throw missing(type, name, cx);
  if (!ownedBy(found.owner, cx)) throw new SqlError(SqlState.insufficientPrivilege, `must be owner of ${WORDS[type]} ${nameText(name)}`);
  return found;
}

function missing(type: FreeStandingType, name: QName, cx: UtilityContext): SqlError {
  if (type === 'collation') {
    const isBuiltin = catalogOf(cx)
      .builtin.collations()
      .some((collation) => collation.name === name.name);
    if (isBuiltin) return new SqlError(SqlState.insufficientPrivilege, `must be owner of collation ${nameText(name)}`);
    return new SqlError(SqlState.undefinedObject, `collation "${nameText(name)}" for encoding "UTF8" does not exist`);
  }
  if (type === 'large object') return new SqlError(SqlState.undefinedObject, `large object ${name.name} does not exist`);
  return new SqlError(SqlState.undefinedObject, `${WORDS[type]} "${nameText(name)}" does not exist`);
}
