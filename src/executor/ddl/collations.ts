import type { BuiltinCollation } from '../../catalog/builtin/index.js';
import { collationNamed } from '../../catalog/collations.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { QName } from '../../planner/parse/ast.js';
import type { UtilityContext } from './context.js';
import { catalogOf, findSchema, nameText } from './names.js';

/** @throws SqlError 42704, 3F000 */
export function collationByName(name: QName, cx: UtilityContext): BuiltinCollation {
  const schema = name.schema === undefined ? undefined : findSchema(name.schema, cx).oid;
  const collation = collationNamed(catalogOf(cx), name.name, schema);
  if (collation !== undefined) return collation;
  throw new SqlError(SqlState.undefinedObject, `collation "${nameText(name)}" for encoding "UTF8" does not exist`, {
    position: name._location?.start,
  });
}

export function findCollation(name: QName, cx: UtilityContext): Oid {
  return collationByName(name, cx).oid;
}
