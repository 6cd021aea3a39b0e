import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { DefElement } from '../../planner/parse/ast.js';

/** Reading of `name = value` options (DefElement) with PostgreSQL's errors. */

/** @throws SqlError 42601 */
export function booleanOption(option: DefElement): boolean {
  const { value } = option;
  if (value === undefined) return true;
  if (value.type === 'boolean') return value.value;
  if (value.type === 'integer' && (value.value === 0 || value.value === 1)) return value.value === 1;
  if (value.type === 'string') {
    const text = value.value.toLowerCase();
    if (text === 'true' || text === 'on') return true;
    if (text === 'false' || text === 'off') return false;
  }
  throw new SqlError(SqlState.syntaxError, `${option.name} requires a Boolean value`);
}

/** The value as text, whatever form it was written in. */
export function textOption(option: DefElement): string {
  const { value } = option;
  switch (value?.type) {
    case undefined:
      return 'true';
    case 'string':
      return value.value;
    case 'integer':
    case 'boolean':
      return String(value.value);
    case 'numeric':
      return value.text;
    case 'name':
      return value.name.name;
    case 'type':
      return value.dataType.name;
    default:
      throw new SqlError(SqlState.syntaxError, `${option.name} requires a parameter`);
  }
}

/** An int8: number when safe, else bigint. */
export function integerOption(option: DefElement): number | bigint {
  const text = option.value === undefined ? '' : textOption(option);
  if (!/^-?[0-9]+$/.test(text)) throw new SqlError(SqlState.syntaxError, `${option.name} requires an integer value`);
  const value = BigInt(text);
  if (value < -(1n << 63n) || value >= 1n << 63n)
    throw new SqlError(SqlState.numericValueOutOfRange, `value "${text}" is out of range for type bigint`);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** @throws SqlError 42601 'conflicting or redundant options' */
export function uniqueOptions(
  options: readonly DefElement[],
  nameOf = (option: DefElement): string => option.name,
): ReadonlyMap<string, DefElement> {
  const byName = new Map<string, DefElement>();
  for (const option of options) {
    const name = nameOf(option);
    if (byName.has(name))
      throw new SqlError(SqlState.syntaxError, 'conflicting or redundant options', { position: option._location?.start });
    byName.set(name, option);
  }
  return byName;
}
