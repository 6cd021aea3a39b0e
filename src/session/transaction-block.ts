import type { Oid, Seq } from '../commons/ids.js';
import { type Notice, SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { CommitDurability, OptionsChange, Transaction, TransactionManager, TransactionOptions } from '../transaction/transaction.js';
import type { TransactionStatus } from '../wire/port.js';
import { failedBlock, noSavepoint, notInBlock, onlyInBlock } from './transaction-errors.js';

/** What a transaction's edges set off in its session. */
export interface TransactionHooks {
  /** Options of a transaction that starts now: default_transaction_isolation and the like. */
  defaults(): TransactionOptions;
  /** now() is when the statement began that began the transaction. */
  statementStart(): number;
  began(transaction: Transaction): void;
  /**
   * Before a commit, or PREPARE TRANSACTION: what is done last in the transaction. May wait. @throws SqlError: then it is rolled back
   * @param toPrepare its session will not see its end: 0A000 for what only the session has
   */
  beforeCommit(transaction: Transaction, toPrepare: boolean): Promise<void> | void;
  /** Right before the transaction ends, either way: what reads through it is closed. @param inRoutine a procedure ends it */
  ending(inRoutine: boolean): void;
  /** synchronous_commit as it is when the transaction ends. */
  durability(transaction: Transaction): CommitDurability;
  committed(): void;
  /** The transaction goes on without its session. */
  prepared(transaction: Transaction): void;
  rolledBack(): void;
  savepoint(): void;
  /** @param inRoutine of a routine's own savepoint: the portal that runs it stays open */
  rolledBackTo(depth: number, inRoutine: boolean): void;
  released(depth: number): void;
  notice(notice: Notice): void;
}

interface Savepoint {
  /** Undefined: a routine's, which SQL can't name. */
  readonly name: string | undefined;
  /** As Transaction.savepoint numbers it. */
  readonly depth: number;
}

/**
 * idle → a statement opens an implicit transaction, which ends with the message (or at Sync); BEGIN makes a block of it. An error fails the
 * block: nothing but its end, or ROLLBACK TO, is accepted from then on. PostgreSQL manual, chapter "Message Flow" and BEGIN, COMMIT, SAVEPOINT.
 */
export class TransactionBlock {
  readonly #manager: TransactionManager;
  readonly #hooks: TransactionHooks;
  #state: 'idle' | 'implicit' | 'block' | 'failed' = 'idle';
  #transaction: Transaction | undefined;
  /** What AND CHAIN began the block with: it outlives the block's failure, as PostgreSQL has it; what BEGIN and SET TRANSACTION said does not. */
  #chainedOptions: TransactionOptions | undefined;
  #savepoints: Savepoint[] = [];
  #committing = false;
  /** It was given up between two statements: what the next one is told. */
  #expired: SqlError | undefined;
  /** Its last commit, which may not be visible to others yet. */
  #lastSeq: Seq | undefined;

  constructor(manager: TransactionManager, hooks: TransactionHooks) {
    this.#manager = manager;
    this.#hooks = hooks;
  }

  /** The transaction under way; undefined when idle, and in a failed block that has nothing left to go back to. */
  get transaction(): Transaction | undefined {
    return this.#transaction;
  }

  get status(): TransactionStatus {
    if (this.#state === 'block') return 'T';
    return this.#state === 'failed' ? 'E' : 'I';
  }

  get isBlock(): boolean {
    return this.#state === 'block' || this.#state === 'failed';
  }

  get isFailed(): boolean {
    return this.#state === 'failed';
  }

  get depth(): number {
    return this.#savepoints.length;
  }

  /** The transaction for a statement; opens an implicit one. @throws SqlError 25P02 */
  enter(): Transaction {
    if (this.#state === 'failed') throw this.#failure();
    return this.#transaction ?? this.#start('implicit', this.#hooks.defaults());
  }

  /** @throws SqlError 25P02 in a failed block */
  requireNotFailed(): void {
    if (this.#state === 'failed') throw this.#failure();
  }

  begin(change: OptionsChange): void {
    if (this.#state === 'failed') throw this.#failure();
    if (this.#state === 'block') {
      this.#warn(SqlState.activeSqlTransaction, 'there is already a transaction in progress');
      if (this.#transaction !== undefined) this.#transaction.setOptions(change);
      return;
    }
    if (this.#transaction === undefined) this.#start('block', { ...this.#hooks.defaults(), ...change });
    else if (Object.keys(change).length > 0) this.#transaction.setOptions(change);
    this.#state = 'block';
  }

  /** COMMIT. @returns the command tag: ROLLBACK for a failed block */
  commit(chain: boolean): Promise<'COMMIT' | 'ROLLBACK'> | 'COMMIT' | 'ROLLBACK' {
    this.#requireBlockFor('COMMIT', chain);
    const failed = this.#state === 'failed';
    const options = this.#transaction?.options ?? this.#chainedOptions ?? this.#hooks.defaults();
    if (failed) {
      const expired = this.#expired;
      this.#rollbackAll();
      if (expired !== undefined) throw expired;
      if (chain) this.#chain('block', options);
      return 'ROLLBACK';
    }
    const waiting = this.#commitAll();
    if (waiting === undefined) {
      if (chain) this.#chain('block', options);
      return 'COMMIT';
    }
    return waiting.then(() => {
      if (chain) this.#chain('block', options);
      return 'COMMIT';
    });
  }

  /** PREPARE TRANSACTION. @returns the command tag: ROLLBACK where there is nothing to prepare */
  prepare(gid: string, owner: Oid): Promise<'PREPARE TRANSACTION'> | 'ROLLBACK' {
    this.#requireBlockFor('PREPARE TRANSACTION', false);
    const transaction = this.#transaction;
    if (this.#state === 'block' && transaction !== undefined) return this.#prepare(transaction, gid, owner);
    if (this.#state === 'failed') this.#rollbackAll();
    return 'ROLLBACK';
  }

  async #prepare(transaction: Transaction, gid: string, owner: Oid): Promise<'PREPARE TRANSACTION'> {
    try {
      await this.#hooks.beforeCommit(transaction, true);
    } catch (error) {
      this.#rollbackAll();
      throw error;
    }
    this.#hooks.ending(false);
    this.#committing = true;
    try {
      await transaction.prepare(gid, owner);
    } catch (error) {
      this.#over();
      this.#hooks.rolledBack();
      throw error;
    }
    this.#over();
    this.#hooks.prepared(transaction);
    return 'PREPARE TRANSACTION';
  }

  rollback(chain: boolean): void {
    this.#requireBlockFor('ROLLBACK', chain);
    const options = this.#transaction?.options ?? this.#chainedOptions ?? this.#hooks.defaults();
    this.#rollbackAll();
    if (chain) this.#chain('block', options);
  }

  #requireBlockFor(command: string, chain: boolean): void {
    if (this.isBlock) return;
    if (chain) throw onlyInBlock(`${command} AND CHAIN`);
    this.#warn(SqlState.noActiveSqlTransaction, 'there is no transaction in progress');
  }

  savepoint(name: string): void {
    const transaction = this.#inBlock('SAVEPOINT');
    this.#savepoints.push({ name, depth: transaction.savepoint() });
    this.#hooks.savepoint();
  }

  /** ROLLBACK TO: also the way out of a failed block. */
  rollbackTo(name: string): void {
    if (!this.isBlock) throw onlyInBlock('ROLLBACK TO SAVEPOINT');
    const index = this.#find(name);
    const savepoint = this.#savepoints[index];
    if (savepoint === undefined || this.#transaction === undefined) throw noSavepoint(name);
    this.#savepoints.length = index + 1;
    this.#transaction.rollbackTo(savepoint.depth);
    this.#hooks.rolledBackTo(index + 1, false);
    this.#state = 'block';
  }

  release(name: string): void {
    const transaction = this.#inBlock('RELEASE SAVEPOINT');
    const index = this.#find(name);
    const savepoint = this.#savepoints[index];
    if (savepoint === undefined) throw noSavepoint(name);
    transaction.release(savepoint.depth);
    this.#savepoints.length = index;
    this.#hooks.released(index + 1);
  }

  /** A routine's savepoint. @returns its number, for the other two */
  beginSub(): number {
    const transaction = this.enter();
    this.#savepoints.push({ name: undefined, depth: transaction.savepoint() });
    this.#hooks.savepoint();
    return this.#savepoints.length;
  }

  releaseSub(sub: number): void {
    const savepoint = this.#savepoints[sub - 1];
    if (savepoint === undefined || this.#transaction === undefined) return;
    this.#transaction.release(savepoint.depth);
    this.#savepoints.length = sub - 1;
    this.#hooks.released(sub);
  }

  /** Undoes all since, and ends it. */
  rollbackSub(sub: number): void {
    const savepoint = this.#savepoints[sub - 1];
    if (savepoint === undefined || this.#transaction === undefined) return;
    this.#savepoints.length = sub;
    this.#transaction.rollbackTo(savepoint.depth);
    this.#hooks.rolledBackTo(sub, true);
    this.releaseSub(sub);
  }

  /** A procedure's COMMIT or ROLLBACK, outside any block. The next statement begins a new transaction, with CHAIN one like this. */
  endInRoutine(how: 'commit' | 'rollback', chain: boolean): Promise<void> | undefined {
    if (this.#savepoints.length > 0) {
      const what = how === 'commit' ? 'commit' : 'roll back';
      throw new SqlError(SqlState.invalidTransactionTermination, `cannot ${what} while a subtransaction is active`);
    }
    const options = this.#transaction?.options ?? this.#chainedOptions ?? this.#hooks.defaults();
    const goOn = (): void => {
      if (chain) this.#chain('implicit', options);
    };
    if (how === 'rollback') {
      this.#rollbackAll(true);
      goOn();
      return undefined;
    }
    const waiting = this.#commitAll(true);
    if (waiting !== undefined) return waiting.then(goOn);
    goOn();
    return undefined;
  }

  /**
   * Outside a block it would have no effect.
   * @param inMultiple it is one of several statements of its message, which are a block of their own
   * @throws SqlError 25P01
   */
  requireBlock(command: string, inMultiple: boolean): void {
    if (!this.isBlock && !inMultiple) throw onlyInBlock(command);
  }

  /** It manages transactions itself. @param inMultiple as for `requireBlock` @throws SqlError 25001 */
  requireNone(command: string, inMultiple: boolean): void {
    if (this.isBlock || inMultiple) throw notInBlock(command);
  }

  /** @param inMultiple as for `requireBlock` */
  setOptions(change: OptionsChange, inMultiple: boolean): void {
    this.#warnOutsideBlock(inMultiple);
    this.enter().setOptions(change);
  }

  /** SET TRANSACTION SNAPSHOT. @param inMultiple as for `requireBlock` */
  importSnapshot(id: string, inMultiple: boolean): void {
    this.#warnOutsideBlock(inMultiple);
    this.enter().importSnapshot(id);
  }

  #warnOutsideBlock(inMultiple: boolean): void {
    if (!this.isBlock && !inMultiple) this.#warn(SqlState.noActiveSqlTransaction, 'SET TRANSACTION can only be used in transaction blocks');
  }

  /** After an error: an implicit transaction is gone at once; a block fails, and keeps only what a savepoint may bring back. */
  fail(): void {
    if (this.#state === 'idle' || this.#state === 'failed') return;
    if (this.#state === 'implicit') {
      this.#rollbackAll();
      return;
    }
    this.#state = 'failed';
    while (this.#savepoints.length > 0 && this.#savepoints.at(-1)?.name === undefined) this.#savepoints.pop();
    const savepoint = this.#savepoints.at(-1);
    if (savepoint !== undefined) {
      // What the savepoint may bring back stays; what came within it is gone at once, and so are its locks.
      this.#transaction?.rollbackTo(savepoint.depth);
      this.#hooks.rolledBackTo(this.#savepoints.length, false);
    } else {
      this.#drop();
    }
  }

  /**
   * Gives the transaction up between two statements: nothing of it is kept, not even for its savepoints.
   * @param error what the next statement is told
   */
  expire(error: SqlError): void {
    if (this.#transaction === undefined || this.#committing || !this.isBlock) return;
    if (this.#state === 'block') this.#expired = error;
    this.#state = 'failed';
    this.#savepoints.length = 0;
    this.#drop();
  }

  #drop(): void {
    const transaction = this.#transaction;
    this.#hooks.ending(false);
    this.#transaction = undefined;
    transaction?.rollback();
    this.#hooks.rolledBack();
  }

  #failure(): SqlError {
    const expired = this.#expired;
    this.#expired = undefined;
    return expired ?? failedBlock();
  }

  /** The message's end (or Sync): commits what no BEGIN claimed. */
  endImplicit(): Promise<void> | undefined {
    return this.#state === 'implicit' ? this.#commitAll() : undefined;
  }

  /** The session ends. */
  abandon(): void {
    // A commit under way goes on: nobody will hear of it, but it may be durable already.
    if (this.#state !== 'idle' && !this.#committing) this.#rollbackAll();
  }

  #chain(state: 'implicit' | 'block', options: TransactionOptions): void {
    this.#start(state, options);
    this.#chainedOptions = options;
  }

  #start(state: 'implicit' | 'block', options: TransactionOptions): Transaction {
    const builtOn = this.#lastSeq;
    const own = builtOn === undefined || builtOn <= this.#manager.lastSeq ? options : { ...options, builtOn };
    const transaction = this.#manager.begin(own, this.#hooks.statementStart());
    this.#transaction = transaction;
    this.#state = state;
    this.#hooks.began(transaction);
    return transaction;
  }

  #commitAll(inRoutine = false): Promise<void> | undefined {
    const transaction = this.#transaction;
    if (transaction === undefined) {
      this.#reset();
      return undefined;
    }
    try {
      const preparing = this.#hooks.beforeCommit(transaction, false);
      if (preparing !== undefined) return this.#commitLate(preparing, transaction, inRoutine);
    } catch (error) {
      this.#rollbackAll();
      throw error;
    }
    return this.#finishCommit(transaction, inRoutine);
  }

  async #commitLate(preparing: Promise<void>, transaction: Transaction, inRoutine: boolean): Promise<void> {
    try {
      await preparing;
    } catch (error) {
      this.#rollbackAll();
      throw error;
    }
    await this.#finishCommit(transaction, inRoutine);
  }

  /** A transaction that fails to commit has rolled itself back. */
  #finishCommit(transaction: Transaction, inRoutine = false): Promise<void> | undefined {
    this.#hooks.ending(inRoutine);
    this.#committing = true;
    let waiting: Promise<Seq | undefined> | undefined;
    try {
      waiting = transaction.commit(this.#hooks.durability(transaction));
    } catch (error) {
      this.#over();
      this.#hooks.rolledBack();
      throw error;
    }
    if (waiting !== undefined) return this.#awaitCommit(waiting);
    this.#over();
    this.#hooks.committed();
    return undefined;
  }

  async #awaitCommit(waiting: Promise<Seq | undefined>): Promise<void> {
    try {
      this.#lastSeq = await waiting;
    } catch (error) {
      this.#over();
      this.#hooks.rolledBack();
      throw error;
    }
    this.#over();
    this.#hooks.committed();
  }

  #over(): void {
    this.#committing = false;
    this.#reset();
  }

  #rollbackAll(inRoutine = false): void {
    const transaction = this.#transaction;
    this.#hooks.ending(inRoutine);
    this.#reset();
    transaction?.rollback();
    this.#hooks.rolledBack();
  }

  #reset(): void {
    this.#chainedOptions = undefined;
    this.#expired = undefined;
    this.#transaction = undefined;
    this.#state = 'idle';
    this.#savepoints.length = 0;
  }

  #inBlock(command: string): Transaction {
    if (this.#state === 'failed') throw this.#failure();
    if (this.#state !== 'block' || this.#transaction === undefined) throw onlyInBlock(command);
    return this.#transaction;
  }

  #find(name: string): number {
    return this.#savepoints.findLastIndex((savepoint) => savepoint.name === name);
  }

  #warn(code: (typeof SqlState)[keyof typeof SqlState], message: string): void {
    this.#hooks.notice({ severity: 'WARNING', code, message });
  }
}
