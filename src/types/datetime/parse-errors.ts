import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';

/** Words the errors of one text's parsing; `type` is the SQL name. */
export class ParseErrors {
  readonly text: string;
  readonly type: string;

  constructor(text: string, type: string) {
    this.text = text;
    this.type = type;
  }

  badFormat(): SqlError {
    return new SqlError(SqlState.invalidDatetimeFormat, `invalid input syntax for type ${this.type}: "${this.text}"`);
  }

  fieldOverflow(): SqlError {
    return new SqlError(SqlState.datetimeFieldOverflow, `date/time field value out of range: "${this.text}"`);
  }

  /** A month or day that DateStyle may have mixed up. */
  monthOrDayOverflow(): SqlError {
    return new SqlError(SqlState.datetimeFieldOverflow, `date/time field value out of range: "${this.text}"`, {
      hint: 'Perhaps you need a different "datestyle" setting.',
    });
  }

  intervalOverflow(): SqlError {
    return new SqlError(SqlState.intervalFieldOverflow, `interval field value out of range: "${this.text}"`);
  }

  zoneOverflow(): SqlError {
    return new SqlError(SqlState.invalidTimeZoneDisplacement, `time zone displacement out of range: "${this.text}"`);
  }
}
