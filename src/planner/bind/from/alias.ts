import { SqlState } from '../../../commons/sqlstates.js';
import { errorAt } from '../errors.js';

/** Column names with the alias's put over the first ones. @throws SqlError 42P10 when it has too many */
export function aliasNames(
  table: string,
  aliases: readonly string[],
  names: readonly string[],
  kind: 'table' | 'join' = 'table',
): readonly string[] {
  if (aliases.length === 0) return names;
  if (aliases.length > names.length) {
    const message =
      kind === 'table'
        ? `table "${table}" has ${names.length} columns available but ${aliases.length} columns specified`
        : `join expression "${table}" has ${names.length} columns available but ${aliases.length} columns specified`;
    throw errorAt(SqlState.invalidColumnReference, message, undefined);
  }
  return names.map((name, i) => aliases[i] ?? name);
}
