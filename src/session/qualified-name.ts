import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';

/** Reads `schema."Name"` as a text holds it, for regclass and its like: one to three parts. @throws SqlError 42602 */
export function parseQualifiedName(text: string): readonly string[] {
  const parts: string[] = [];
  const part = /\s*(?:"((?:[^"]|"")+)"|([A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*))\s*(\.|$)/y;
  let at = 0;
  for (;;) {
    part.lastIndex = at;
    const match = part.exec(text);
    if (match === null) throw new SqlError(SqlState.invalidName, 'invalid name syntax');
    const [whole, quoted, plain, separator] = match;
    parts.push(quoted === undefined ? (plain ?? '').toLowerCase() : quoted.replaceAll('""', '"'));
    at += whole.length;
    if (separator === '') return parts;
  }
}
