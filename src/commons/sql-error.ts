import { SqlState, type SqlStateCode } from './sqlstates.js';

/** The optional fields of an ErrorResponse (PostgreSQL manual, chapter "Error and Notice Message Fields"). */
export interface SqlErrorFields {
  readonly severity?: 'ERROR' | 'FATAL' | 'PANIC';
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** Character offset (UTF-16, from 0) into the statement's whole text; the session turns it into PostgreSQL's count of characters from 1. */
  readonly position?: number | undefined;
  /** The position is of the text that the client sent, also where another was parsed (lifted literals). Not told to the client. */
  readonly isPlaced?: true;
  readonly internalQuery?: string;
  readonly internalPosition?: number;
  readonly where?: string | undefined;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly dataType?: string;
  readonly constraint?: string;
  /** The function of PostgreSQL's that raises it: only where clients look at that to know the error. */
  readonly routine?: string;
}

/** The one error that a user's input or a limit can cause. Its texts are PostgreSQL's. */
export class SqlError extends Error {
  override readonly name = 'SqlError';
  readonly code: SqlStateCode;
  readonly fields: SqlErrorFields;

  constructor(code: SqlStateCode, message: string, fields: SqlErrorFields = {}) {
    super(message);
    this.code = code;
    this.fields = fields;
  }

  get severity(): 'ERROR' | 'FATAL' | 'PANIC' {
    return this.fields.severity ?? 'ERROR';
  }

  /** The same error with some fields set; fields that it already has win. */
  withDefaults(fields: SqlErrorFields): SqlError {
    const error = new SqlError(this.code, this.message, { ...fields, ...this.fields });
    if (this.stack !== undefined) error.stack = this.stack;
    return error;
  }
}

/** What is not there yet: `what` is a noun phrase, "window functions". */
export function notSupported(what: string, fields: SqlErrorFields = {}): SqlError {
  return new SqlError(SqlState.featureNotSupported, `${what} is not supported yet`, fields);
}

/** A message that is no error: sent as NoticeResponse when client_min_messages admits it. */
export interface Notice {
  readonly severity: 'WARNING' | 'NOTICE' | 'DEBUG' | 'INFO' | 'LOG';
  readonly code: SqlStateCode;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly where?: string;
  /** As an error's. */
  readonly position?: number;
}
