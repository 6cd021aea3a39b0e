import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';

/** PostgreSQL's MaxAllocSize: no value is larger. */
const MAX_TEXT_BYTES = 0x3fffffff;
/** What a function makes of shorter texts: going through more at once would hold everybody up. Texts that come as they are may be longer. */
const MAX_TEXT_UNITS = 2 ** 26;

/** Of what grows row by row, V8's strings are the limit. */
const MAX_COLLECTED_UNITS = 2 ** 29 - 25;

/** @throws SqlError 54000 */
export function checkTextSize(units: number, bytesPerUnit = 1): void {
  if (units > MAX_TEXT_UNITS || units * bytesPerUnit + 4 > MAX_TEXT_BYTES) throw tooLarge();
}

/** What an aggregate has collected. @throws SqlError 54000 */
export function checkCollectedSize(units: number): void {
  if (units > MAX_COLLECTED_UNITS) throw tooLarge();
}

function tooLarge(): SqlError {
  return new SqlError(SqlState.programLimitExceeded, 'requested length too large');
}
