import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { Transaction } from '../../transaction/transaction.js';

const MAX_OPEN = 65_536;

export interface OpenObject {
  readonly oid: number;
  readonly writes: boolean;
  offset: number;
}

/** The large objects that a session has open, by descriptor: they end with their transaction. */
export class OpenObjects {
  #transaction: Transaction | undefined;
  readonly #objects = new Map<number, OpenObject>();

  #of(transaction: Transaction): Map<number, OpenObject> {
    if (this.#transaction !== transaction) {
      this.#transaction = transaction;
      this.#objects.clear();
    }
    return this.#objects;
  }

  /** @returns its descriptor @throws SqlError 54000 */
  add(transaction: Transaction, object: OpenObject): number {
    const objects = this.#of(transaction);
    if (objects.size >= MAX_OPEN) throw new SqlError(SqlState.programLimitExceeded, 'too many open large objects');
    let descriptor = 0;
    while (objects.has(descriptor)) descriptor++;
    objects.set(descriptor, object);
    return descriptor;
  }

  /** @throws SqlError 42704 */
  get(transaction: Transaction, descriptor: number): OpenObject {
    const found = this.#of(transaction).get(descriptor);
    if (found === undefined) throw new SqlError(SqlState.undefinedObject, `invalid large-object descriptor: ${descriptor}`);
    return found;
  }

  /** @throws SqlError 42704 */
  close(transaction: Transaction, descriptor: number): void {
    this.get(transaction, descriptor);
    this.#objects.delete(descriptor);
  }

  /** The object is gone. */
  closeAll(transaction: Transaction, oid: number): void {
    for (const [descriptor, object] of this.#of(transaction)) if (object.oid === oid) this.#objects.delete(descriptor);
  }
}
