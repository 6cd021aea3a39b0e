import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { QName } from '../../planner/parse/ast.js';
import type { UtilityContext } from './context.js';
import { catalogOf, nameText } from './names.js';

/** @throws SqlError 42704 */
export function findCollation(name: QName, cx: UtilityContext): Oid {
  const { builtin } = catalogOf(cx);
  const collation = builtin.collations().find((candidate) => candidate.name === name.name);
  if (collation !== undefined) return collation.oid;
  throw new SqlError(SqlState.undefinedObject, `collation "${nameText(name)}" for encoding "UTF8" does not exist`, {
    position: name._location?.start,
  });
}
