import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';

/** PostgreSQL's MaxAllocSize: no value is larger. V8's strings end earlier, at 2^29 - 24 units. */
const MAX_TEXT_BYTES = 0x3fffffff;
const MAX_TEXT_UNITS = 2 ** 29 - 25;

/** @throws SqlError 54000 */
export function checkTextSize(units: number, bytesPerUnit = 1): void {
  if (units > MAX_TEXT_UNITS || units * bytesPerUnit + 4 > MAX_TEXT_BYTES) {
    throw new SqlError(SqlState.programLimitExceeded, 'requested length too large');
  }
}
