import { Privilege } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';

/** One of the privileges asked for: bits of Privilege, held plainly or with the right to grant them on. */
export interface AskedPrivilege {
  readonly bits: number;
  readonly withGrantOption: boolean;
}

type Words = Readonly<Record<string, number>>;
export const TABLE_WORDS: Words = {
  SELECT: Privilege.select,
  INSERT: Privilege.insert,
  UPDATE: Privilege.update,
  DELETE: Privilege.delete,
  TRUNCATE: Privilege.truncate,
  REFERENCES: Privilege.references,
  TRIGGER: Privilege.trigger,
};
export const COLUMN_WORDS: Words = {
  SELECT: Privilege.select,
  INSERT: Privilege.insert,
  UPDATE: Privilege.update,
  REFERENCES: Privilege.references,
};
export const SEQUENCE_WORDS: Words = { USAGE: Privilege.usage, SELECT: Privilege.select, UPDATE: Privilege.update };
export const DATABASE_WORDS: Words = {
  CREATE: Privilege.create,
  TEMPORARY: Privilege.temporary,
  TEMP: Privilege.temporary,
  CONNECT: Privilege.connect,
};
export const SCHEMA_WORDS: Words = { CREATE: Privilege.create, USAGE: Privilege.usage };
export const FUNCTION_WORDS: Words = { EXECUTE: Privilege.execute };
export const USAGE_WORDS: Words = { USAGE: Privilege.usage };
export const TABLESPACE_WORDS: Words = { CREATE: Privilege.create };
export const PARAMETER_WORDS: Words = { SET: Privilege.set, 'ALTER SYSTEM': Privilege.alterSystem };

const GRANT_OPTION = ' WITH GRANT OPTION';

/** 'select, insert with grant option': any of them suffices. @throws SqlError 22023 */
export function parsePrivileges(text: string, words: Words): readonly AskedPrivilege[] {
  return text.split(',').map((part) => {
    const word = part.trim();
    const upper = word.toUpperCase();
    const withGrantOption = upper.endsWith(GRANT_OPTION);
    const bits = words[withGrantOption ? upper.slice(0, -GRANT_OPTION.length) : upper];
    if (bits === undefined) throw new SqlError(SqlState.invalidParameterValue, `unrecognized privilege type: "${word}"`);
    return { bits, withGrantOption };
  });
}
