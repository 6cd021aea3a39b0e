import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { HeldSnapshot } from './read-view.js';
import type { TransactionOptions } from './transaction.js';

interface Exported {
  readonly transactionId: number;
  readonly snapshot: HeldSnapshot;
  readonly options: TransactionOptions;
}

/** Snapshots that transactions lend to others (pg_export_snapshot, SET TRANSACTION SNAPSHOT), as long as they last themselves. */
export class ExportedSnapshots {
  readonly #byId = new Map<string, Exported>();

  /** @returns the identifier, in PostgreSQL's form: transaction, commit, number */
  add(transactionId: number, snapshot: HeldSnapshot, options: TransactionOptions): string {
    for (let number = 1; ; number++) {
      const id = `${hexadecimal(transactionId)}-${hexadecimal(snapshot.seq)}-${number}`;
      if (this.#byId.has(id)) continue;
      this.#byId.set(id, { transactionId, snapshot, options });
      return id;
    }
  }

  isLending(transactionId: number): boolean {
    for (const exported of this.#byId.values()) if (exported.transactionId === transactionId) return true;
    return false;
  }

  /** The transaction is over: nobody can import its snapshots any more. */
  end(transactionId: number): void {
    for (const [id, exported] of this.#byId) {
      if (exported.transactionId !== transactionId) continue;
      this.#byId.delete(id);
      exported.snapshot.release();
    }
  }

  /**
   * For a transaction that has not begun its work. The snapshot is the caller's to release.
   * @throws SqlError 0A000, 22023
   */
  lend(id: string, to: TransactionOptions): HeldSnapshot {
    if (to.isolation === 'read committed') {
      throw unsupported('a snapshot-importing transaction must have isolation level SERIALIZABLE or REPEATABLE READ');
    }
    const exported = this.#byId.get(id);
    if (exported === undefined) throw new SqlError(SqlState.invalidParameterValue, `invalid snapshot identifier: "${id}"`);
    const { snapshot, options: from } = exported;
    if (from.database !== to.database) throw unsupported('cannot import a snapshot from a different database');
    if (to.isolation === 'serializable' && from.isolation !== 'serializable') {
      throw unsupported('a serializable transaction cannot import a snapshot from a non-serializable transaction');
    }
    if (to.isolation === 'serializable' && from.readOnly && !to.readOnly) {
      throw unsupported('a non-read-only serializable transaction cannot import a snapshot from a read-only transaction');
    }
    return snapshot.hold();
  }
}

const unsupported = (message: string): SqlError => new SqlError(SqlState.featureNotSupported, message);

const hexadecimal = (number: number): string => number.toString(16).toUpperCase().padStart(8, '0');
