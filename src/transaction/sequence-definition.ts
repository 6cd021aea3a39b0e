import type { Oid, StorageId } from '../commons/ids.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';

/** CREATE SEQUENCE's options, as the catalog has them when a value is asked for. */
export interface SequenceDefinition {
  /** For errors, unqualified as PostgreSQL words them. */
  readonly name: string;
  readonly start: bigint;
  readonly increment: bigint;
  readonly min: bigint;
  readonly max: bigint;
  readonly cycle: boolean;
  readonly cache: bigint;
}

export interface SequenceState {
  /** An int8. */
  readonly lastValue: number | bigint;
  readonly isCalled: boolean;
}

/** An int8 in its one form: a number where it is safe. */
export function toInt8(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** What nextval gave last in one session: currval and lastval. */
export class SessionSequences {
  readonly #values = new Map<StorageId, number | bigint>();
  #last: StorageId | undefined;
  /** The sequence that nextval was last called for. */
  lastOid: Oid | undefined;

  /** nextval gave a value; or setval set one as called, which is no lastval of its own. */
  note(id: StorageId, value: number | bigint, byNextval: Oid | undefined): void {
    this.#values.set(id, value);
    if (byNextval === undefined) return;
    this.#last = id;
    this.lastOid = byNextval;
  }

  /** @throws SqlError 55000 */
  currval(id: StorageId, name: string): number | bigint {
    const value = this.#values.get(id);
    if (value !== undefined) return value;
    throw new SqlError(SqlState.objectNotInPrerequisiteState, `currval of sequence "${name}" is not yet defined in this session`);
  }

  /** @throws SqlError 55000 */
  lastval(): number | bigint {
    const value = this.#last === undefined ? undefined : this.#values.get(this.#last);
    if (value !== undefined) return value;
    throw noLastValue();
  }

  /** DISCARD SEQUENCES. */
  clear(): void {
    this.#values.clear();
    this.#last = undefined;
    this.lastOid = undefined;
  }
}

export function noLastValue(): SqlError {
  return new SqlError(SqlState.objectNotInPrerequisiteState, 'lastval is not yet defined in this session');
}
