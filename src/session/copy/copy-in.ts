import type { SqlError } from '../../commons/sql-error.js';

/** A COPY FROM STDIN that takes what the client sends. */
export interface CopyIn {
  /** False once it has all, or has failed: what still comes is dropped. */
  readonly isWaiting: boolean;
  data(bytes: Uint8Array): Promise<void> | void;
  done(): void;
  fail(error: SqlError): void;
}
