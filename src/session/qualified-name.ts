import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';

/** Reads `schema."Name"` as a text holds it, for regclass and its like. Without quotes a part goes on to a blank or a point, whatever it holds. @throws SqlError 42602 */
export function parseQualifiedName(text: string): readonly string[] {
  const parts: string[] = [];
  const part = /\s*(?:"((?:[^"]|"")+)"|([^\s."][^\s.]*))\s*(\.|$)/y;
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
