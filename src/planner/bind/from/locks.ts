import type { TableDescriptor } from '../../../catalog/descriptors.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { LockingClause, SelectStatement } from '../../parse/ast.js';
import { errorAt, locationOf } from '../errors.js';
import type { LockTarget } from '../logical.js';
import type { RelationItem, TableItem } from '../scope/relation-item.js';

const STRENGTHS = ['KEY SHARE', 'SHARE', 'NO KEY UPDATE', 'UPDATE'] as const;

interface Lock {
  readonly strength: LockTarget['strength'];
  readonly wait: LockTarget['wait'];
}

/** FOR UPDATE and its kin: which items of one FROM clause they lock. */
export class Locks {
  readonly clauses: readonly LockingClause[];
  readonly #targets: (LockTarget & { readonly item: RelationItem })[] = [];
  readonly #named = new Set<string>();

  constructor(clauses: readonly LockingClause[] = []) {
    this.clauses = clauses;
  }

  get isEmpty(): boolean {
    return this.clauses.length === 0;
  }

  get targets(): readonly LockTarget[] {
    return this.#targets.map(({ item: _, ...target }) => target);
  }

  /** The strongest of the locks that are asked for the item. */
  lockOf(alias: string): Lock | undefined {
    let found: Lock | undefined;
    for (const clause of this.clauses) {
      if (clause.of !== undefined && !clause.of.some((name) => name.name === alias)) continue;
      if (clause.of !== undefined) this.#named.add(alias);
      const wait = clause.wait === 'NOWAIT' ? 'nowait' : clause.wait === 'SKIP LOCKED' ? 'skip' : 'wait';
      found = found === undefined ? { strength: clause.strength, wait } : stronger(found, { strength: clause.strength, wait });
    }
    return found;
  }

  /** Is the item named in an OF list, so that it must be lockable? */
  isNamed(alias: string): boolean {
    return this.clauses.some((clause) => clause.of?.some((name) => name.name === alias) === true);
  }

  add(item: TableItem, table: TableDescriptor, lock: Lock): void {
    this.#targets.push({ item, table, allUsers: item.allUsers, rowKey: item.rowKey(), ...item.tableId(), columns: item.columns, ...lock });
  }

  /** A sub-query or view in FROM is locked by locking its own FROM. */
  pushInto(statement: SelectStatement, alias: string): SelectStatement {
    const lock = this.lockOf(alias);
    if (lock === undefined) return statement;
    const clause: LockingClause = {
      strength: lock.strength,
      ...(lock.wait === 'nowait' ? { wait: 'NOWAIT' as const } : lock.wait === 'skip' ? { wait: 'SKIP LOCKED' as const } : {}),
    };
    return { ...statement, locking: [...(statement.locking ?? []), clause] };
  }

  /** @throws SqlError 0A000: rows that an outer join made up can't be locked */
  refuseNullable(items: readonly RelationItem[]): void {
    const target = this.#targets.find(({ item }) => items.includes(item));
    if (target === undefined) return;
    throw errorAt(
      SqlState.featureNotSupported,
      `FOR ${target.strength} cannot be applied to the nullable side of an outer join`,
      undefined,
    );
  }

  /** @throws SqlError 0A000 where OF names a join */
  refuseJoin(alias: string | undefined): void {
    for (const clause of this.clauses) {
      const name = clause.of?.find((candidate) => candidate.name === alias);
      if (name === undefined) continue;
      throw errorAt(SqlState.featureNotSupported, `FOR ${clause.strength} cannot be applied to a join`, locationOf(name));
    }
  }

  /** @throws SqlError 42P01 for a name in OF that FROM doesn't have */
  finish(): void {
    for (const clause of this.clauses) {
      for (const name of clause.of ?? []) {
        if (name.schema !== undefined) {
          throw errorAt(SqlState.syntaxError, `FOR ${clause.strength} must specify unqualified relation names`, locationOf(name));
        }
        if (this.#named.has(name.name)) continue;
        const message = `relation "${name.name}" in FOR ${clause.strength} clause not found in FROM clause`;
        throw errorAt(SqlState.undefinedTable, message, locationOf(name));
      }
    }
  }

  /** @throws SqlError 0A000 where a row of the result is no row of a table. @param what "DISTINCT clause" … */
  refuseWith(what: string): void {
    const [clause] = this.clauses;
    if (clause !== undefined) throw errorAt(SqlState.featureNotSupported, `FOR ${clause.strength} is not allowed with ${what}`, undefined);
  }
}

function stronger(a: Lock, b: Lock): Lock {
  const strength = STRENGTHS.indexOf(a.strength) >= STRENGTHS.indexOf(b.strength) ? a.strength : b.strength;
  const wait = a.wait === 'nowait' || b.wait === 'nowait' ? 'nowait' : a.wait === 'skip' || b.wait === 'skip' ? 'skip' : 'wait';
  return { strength, wait };
}
