import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';

/** So many characters may PostgreSQL's scanner look at again; it manages about a thousand million a second. */
const MAX_REREAD = 50_000_000;

const OPERATOR_CHARACTERS = '~!@#^&|`?+-*/%<>=';
const SLASH = 47;
const STAR = 42;

const IS_OPERATOR = new Uint8Array(128);
for (let i = 0; i < OPERATOR_CHARACTERS.length; i++) IS_OPERATOR[OPERATOR_CHARACTERS.charCodeAt(i)] = 1;

/**
 * PostgreSQL's scanner takes the start of a comment with all operator characters behind it and then gives them back. So `/*` over and over costs the
 * square of its length: minutes for a text of some hundred kilobytes, which nothing can interrupt.
 *
 * @throws SqlError 54001
 */
export function requireCheapComments(text: string): void {
  let at = text.indexOf('/*');
  let reread = 0;
  while (at >= 0) {
    let starts = 0;
    let end = at;
    // Each start in the run reads to the run's end: one more character for each that came so far.
    for (; end < text.length && IS_OPERATOR[text.charCodeAt(end)] === 1; end++) {
      if (text.charCodeAt(end) === SLASH && text.charCodeAt(end + 1) === STAR) starts++;
      reread += starts;
    }
    if (reread > MAX_REREAD) {
      throw new SqlError(SqlState.statementTooComplex, 'statement is too complex', { detail: 'Its comments are nested too deeply.' });
    }
    at = text.indexOf('/*', end);
  }
}
