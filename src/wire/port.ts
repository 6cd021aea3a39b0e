import type { SessionEnd } from '../commons/activity-counters.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import type { NotificationBatch } from '../commons/notification-batch.js';
import type { Notice, SqlError } from '../commons/sql-error.js';
import type { TextEncoding } from '../types/encodings/text-encoding.js';
import type { Row } from '../types/value.js';
import type { TlsInfo } from './tls/tls-info.js';

/**
 * The port between wire and session: wire declares it, the session fulfils it. Wire knows bytes, messages and flow control; the session knows SQL.
 * One SessionPort a connection, called strictly one message after another (the next call starts when the promise of the one before has settled),
 * except `cancel` and `close`, which may come at any time.
 */
export interface SessionFactory {
  /**
   * Looks up how a role may log in.
   * The answer for an unknown role must not be told apart by time or form: a made-up SCRAM secret is returned (`known` false).
   */
  credentials(user: string): {
    readonly scramSecret: string;
    readonly known: boolean;
    readonly mockSecret: string;
    readonly isSuperuser: boolean;
  };
  /** Whether a role is a member of another (or the same); being a superuser makes no member. */
  isMember(role: string, of: string): boolean;
  /**
   * Opens a session after authentication.
   * It may have to wait: its database's catalog is read, or somebody is about to drop the database.
   * @throws (or rejects with) SqlError FATAL 3D000 (no such database), 28000 (role may not log in), 53300 (too many connections), 57P03 (shutting down)
   */
  open(start: SessionStart): MaybePromise<SessionPort>;
  /** CancelRequest: ignored unless pid and key fit. @returns whether they do */
  cancel(pid: number, secretKey: Uint8Array): boolean;
}

export interface SessionStart {
  readonly user: string;
  readonly database: string;
  /** Start-up parameters besides user and database: settings, `options`, application_name, _pq_.* apart. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly clientAddress: string | undefined;
  readonly clientPort: number | undefined;
  readonly tls: TlsInfo | undefined;
  /** The end user for whom the session acts, and for nobody else; undefined: whom its role may act for. */
  readonly endUser: string | undefined;
  /** When what the client has shown holds no longer, in milliseconds since 1970. */
  readonly expiresMs: number | undefined;
  readonly secretKey: Uint8Array;
  readonly output: ClientOutput;
}

export type TransactionStatus = 'I' | 'T' | 'E';

export interface SessionPort {
  readonly pid: number;
  /** Current values of the settings that PostgreSQL reports (ParameterStatus), in PostgreSQL's order, for the start. */
  reportedSettings(): ReadonlyMap<string, string>;
  readonly transactionStatus: TransactionStatus;
  /**
   * Simple protocol: runs all statements of a text, writing results to the output. Errors it writes itself as ErrorResponse; it never rejects
   * but for a broken invariant or a FATAL error. Wire writes ReadyForQuery after it.
   */
  query(text: string): Promise<void> | void;
  /** Extended protocol: each throws or rejects with SqlError; wire writes ErrorResponse, and skips to Sync. */
  parse(name: string, text: string, paramTypes: readonly number[]): Promise<void> | void;
  bind(
    portal: string,
    statement: string,
    paramFormats: readonly number[],
    params: readonly (Uint8Array | null)[],
    resultFormats: readonly number[],
  ): Promise<void> | void;
  describeStatement(name: string): Promise<void> | void;
  describePortal(name: string): Promise<void> | void;
  execute(portal: string, maxRows: number): Promise<void> | void;
  closeStatement(name: string): void;
  closePortal(name: string): void;
  /** The function call message. Errors it writes itself, as `query` does; wire writes ReadyForQuery after it. */
  callFunction(oid: number, formats: readonly number[], args: readonly (Uint8Array | null)[], resultFormat: number): Promise<void> | void;
  /** Ends the implicit transaction. Errors of the commit it writes itself. */
  sync(): Promise<void> | void;
  /** Called before each ReadyForQuery: reports changed settings and waiting notifications, starts idle time-outs. */
  beforeReady(): void;
  /** Called when input comes after ReadyForQuery. */
  afterReady(): void;
  /** The whole text that the position of the error thrown last counts in. */
  readonly errorText: string | undefined;
  /** Marks the transaction failed after an error that wire reports (also a protocol error within the extended protocol). */
  fail(): void;
  /** Messages of COPY FROM STDIN go to the waiting statement. */
  /** Wire hands on nothing more until a promise that it returns has settled. The bytes are valid during the call only. */
  copyData(bytes: Uint8Array): Promise<void> | void;
  copyDone(): void;
  copyFail(message: string): void;
  /** The client has sent what ends the COPY with an error. */
  copyBroken(error: SqlError): void;
  /** True while a statement waits for COPY data. Wire keeps feeding copy messages even though query()/execute() has not settled. */
  readonly inCopy: boolean;
  cancel(): void;
  /** The connection is gone: rolls back and frees everything. @param how it came to that */
  close(how: SessionEnd): Promise<void> | void;
}

export interface FieldDescription {
  readonly name: string;
  readonly tableOid: number;
  readonly columnNumber: number;
  readonly typeOid: number;
  readonly typeLength: number;
  readonly typmod: number;
  /** 0 text, 1 binary. */
  readonly format: number;
}

/** Writes one value's length and bytes into the message being built; made once per column and format. */
export type RowWriter = (row: Row) => void;

/**
 * What a session may send. Messages go into one output buffer; wire writes it to the socket at the end of each input chunk, and earlier
 * when it grows above its limit.
 */
export interface ClientOutput {
  rowDescription(fields: readonly FieldDescription[]): void;
  noData(): void;
  parameterDescription(types: readonly number[]): void;
  /**
   * Starts a result whose rows are encoded by `encoders` (one a column): wire owns the buffer they write into.
   * @returns the function that writes one DataRow.
   */
  rows(encoders: readonly ValueEncoder[]): RowWriter;
  commandComplete(tag: string): void;
  /** The answer to a function call message. */
  functionResult(value: Row[number], encode: ValueEncoder): void;
  emptyQuery(): void;
  portalSuspended(): void;
  parseComplete(): void;
  bindComplete(): void;
  closeComplete(): void;
  error(error: SqlError, statementText?: string): void;
  /** @param statementText what its position counts in */
  notice(notice: Notice, statementText?: string): void;
  parameterStatus(name: string, value: string): void;
  /** client_encoding has changed: texts go both ways in it from now on; undefined: UTF-8. */
  useEncoding(encoding: TextEncoding | undefined): void;
  copyInResponse(binary: boolean, columns: number): void;
  copyOutResponse(binary: boolean, columns: number): void;
  copyData(bytes: Uint8Array): void;
  copyDone(): void;
  /** May come at any time; sent at once when the session is idle. */
  notifications(batch: NotificationBatch): void;
  /** Bytes that wait for the client. */
  readonly bufferedBytes: number;
  /** Undefined while the client keeps up; else resolves when it has read enough. A result waits for it between batches. Rejects when the connection is gone. */
  drain(): Promise<void> | undefined;
  /** Sends what is buffered now. */
  flush(): void;
  /** Ends the connection after sending what is buffered: FATAL errors, pg_terminate_backend. */
  end(): void;
}

/** Appends one non-null value in a column's format; a length prefix is the buffer's business. */
export type ValueEncoder = (value: Row[number], buffer: ValueBuffer) => void;
export interface ValueBuffer {
  writeText(text: string): void;
  writeAscii(text: string): void;
  writeBytes(bytes: Uint8Array): void;
  writeInt16(value: number): void;
  writeInt32(value: number): void;
  writeInt64(value: number | bigint): void;
  writeFloat32(value: number): void;
  writeFloat64(value: number): void;
  writeByte(value: number): void;
  /** A safe integer in decimal. */
  writeInteger(value: number): void;
  /** A number from 0 in decimal with leading zeros. */
  writeDigits(value: number, digits: number): void;
}
