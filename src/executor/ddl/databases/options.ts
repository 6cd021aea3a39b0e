import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { DefElement } from '../../../planner/parse/ast.js';
import { integerOption, textOption, uniqueOptions } from '../options.js';

/** @throws SqlError 42601 for an option that there is not, or that comes twice */
export function knownOptions(options: readonly DefElement[], known: ReadonlySet<string>): ReadonlyMap<string, DefElement> {
  for (const option of options)
    if (!known.has(option.name))
      throw new SqlError(SqlState.syntaxError, `option "${option.name}" not recognized`, { position: option._location?.start });
  return uniqueOptions(options);
}

/** @throws SqlError 22023 */
export function connectionLimit(option: DefElement): number {
  const limit = Number(integerOption(option));
  if (limit < -1) throw new SqlError(SqlState.invalidParameterValue, `invalid connection limit: ${limit}`);
  return limit;
}

/** There is one that a database may be in. @throws SqlError 22023, 42704 */
export function requireDefaultTablespace(option: DefElement | undefined): void {
  const name = option?.value === undefined ? 'pg_default' : textOption(option);
  if (name === 'pg_default') return;
  if (name === 'pg_global') throw new SqlError(SqlState.invalidParameterValue, 'pg_global cannot be used as default tablespace');
  throw new SqlError(SqlState.undefinedObject, `tablespace "${name}" does not exist`);
}
