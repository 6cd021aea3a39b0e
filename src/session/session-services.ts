import type { CatalogSnapshot, Catalogs, SessionCatalog } from '../catalog/catalog.js';
import { Privilege, type SequenceDescriptor, type TableDescriptor } from '../catalog/descriptors.js';
import { isMemberOf, privilegesOf } from '../catalog/privileges.js';
import type { DatabaseCounters } from '../commons/activity-counters.js';
import { assert } from '../commons/assert.js';
import type { Clock } from '../commons/clock.js';
import type { Oid } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import { type Notice, SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { RoleOid } from '../commons/system-names.js';
import type { SessionServices } from '../executor/context.js';
import { ConstraintChecks } from '../executor/dml/constraint-checks.js';
import { OpenObjects } from '../executor/large-objects/open-objects.js';
import type { SharedMemory } from '../executor/shared-memory.js';
import { lockTags } from '../transaction/lock-tags.js';
import { noLastValue } from '../transaction/sequence-definition.js';
import type { LockTag, ReadView, SessionLocks, TransactionManager } from '../transaction/transaction.js';
import type { Row, SqlValue } from '../types/value.js';
import { listenContext } from './commands/notify-commands.js';
import { currentRow } from './current-row.js';
import { TextsOfSession } from './definition-texts.js';
import type { Login } from './identity.js';
import { HostOfSession } from './routines/statement-host.js';
import { sequenceDefinition } from './sequence-definition.js';
import type { SessionCore } from './session-core.js';
import { sessionRows } from './virtual/session-rows.js';

/** A sequence that a role may use, as a snapshot of the catalog has it. */
interface AllowedSequence {
  readonly oid: Oid;
  readonly catalog: CatalogSnapshot;
  readonly role: Oid;
  readonly ofIdentity: boolean;
  readonly sequence: SequenceDescriptor;
}

/** What functions and utility statements ask of their session. */
export class ServicesOfSession implements SessionServices {
  readonly core: SessionCore;
  readonly constraintChecks = new ConstraintChecks();
  readonly statements: HostOfSession;
  readonly texts: TextsOfSession;
  readonly counters: DatabaseCounters;
  readonly #locks: SessionLocks;
  #lastSequence: AllowedSequence | undefined;

  constructor(core: SessionCore) {
    this.core = core;
    this.statements = new HostOfSession(core);
    this.texts = new TextsOfSession(core);
    this.counters = core.server.activity.of(core.database.oid);
    this.#locks = core.server.transactions.locks.session(core.pid, core.database.oid);
  }

  get backendPid(): number {
    return this.core.pid;
  }
  get clock(): Clock {
    return this.core.server.clock;
  }
  get catalog(): SessionCatalog {
    return this.core.sessionCatalog;
  }
  readonly openObjects = new OpenObjects();

  get sharedMemory(): SharedMemory {
    return this.core.server.sharedMemory;
  }

  get transactions(): TransactionManager {
    return this.core.server.transactions;
  }
  get database(): SessionCore['database'] {
    return this.core.database;
  }
  get catalogs(): Catalogs {
    return this.core.server.catalogs;
  }
  otherSessions(database: Oid): readonly number[] {
    return Array.from(this.core.server.sessions.of(database), ({ session }) => session.pid).filter((pid) => pid !== this.core.pid);
  }
  get currentUser(): string {
    return this.core.identity().currentUser;
  }
  get sessionUser(): string {
    return this.core.identity().sessionUser;
  }
  get currentRole(): Oid {
    return this.core.identity().currentRole;
  }
  get boundUser(): string | undefined {
    return this.core.login.endUser;
  }
  get allUsers(): boolean {
    return this.core.identity().allUsers;
  }
  get statementStartMicros(): number {
    return this.core.statementStartMicros;
  }

  searchPath(includeImplicit: boolean): readonly string[] {
    const { explicit, effective } = this.core.searchPath();
    return (includeImplicit ? effective : explicit).map((schema) => schema.name);
  }

  getSetting(name: string, missingOk: boolean): string | undefined {
    const { settings } = this.core;
    if (missingOk && !settings.has(name)) return undefined;
    return settings.show(name);
  }

  checkSetting(name: string, value: string): void {
    this.core.settings.check(name, value);
  }

  setSetting(name: string, value: string, isLocal: boolean): string {
    this.core.settings.set(name, value, isLocal ? 'local' : 'set');
    return this.core.settings.show(name);
  }

  notice(notice: Notice): void {
    this.core.notice(notice);
  }

  // ------------------------------------------------------------ sequences

  nextval(oid: Oid, ofIdentity = false): SqlValue {
    const catalog = this.core.catalog();
    const role = this.currentRole;
    // A statement asks for each of its rows.
    const last = this.#lastSequence;
    let sequence: SequenceDescriptor;
    if (last?.oid === oid && last.catalog === catalog && last.role === role && last.ofIdentity === ofIdentity) sequence = last.sequence;
    else {
      sequence = this.#sequence(oid, ofIdentity ? 0 : Privilege.usage | Privilege.update);
      this.#lastSequence = { oid, catalog, role, ofIdentity, sequence };
    }
    this.#requireWritable('nextval()', sequence);
    const value = this.core.server.sequences.nextval(sequence.storage, sequenceDefinition(sequence), this.core.block.transaction);
    this.core.sequences.note(sequence.storage, value, oid);
    return value;
  }

  currval(oid: Oid): SqlValue {
    const sequence = this.#sequence(oid, Privilege.usage | Privilege.select);
    return this.core.sequences.currval(sequence.storage, sequence.name);
  }

  lastval(): SqlValue {
    const { lastOid } = this.core.sequences;
    if (lastOid !== undefined && this.core.catalog().relationByOid(lastOid) === undefined) throw noLastValue();
    if (lastOid !== undefined) this.#sequence(lastOid, Privilege.usage | Privilege.select);
    return this.core.sequences.lastval();
  }

  setval(oid: Oid, value: number | bigint, isCalled: boolean): SqlValue {
    const sequence = this.#sequence(oid, Privilege.update);
    this.#requireWritable('setval()', sequence);
    this.core.server.sequences.setval(sequence.storage, value, isCalled, sequenceDefinition(sequence), this.core.block.transaction);
    if (isCalled) this.core.sequences.note(sequence.storage, value, undefined);
    return value;
  }

  #sequence(oid: Oid, anyOf: number): SequenceDescriptor {
    const catalog = this.core.catalog();
    const sequence = catalog.relationByOid(oid);
    if (sequence === undefined) throw new SqlError(SqlState.internalError, `could not open relation with OID ${oid}`);
    if (sequence.kind !== 'sequence') throw new SqlError(SqlState.wrongObjectType, `"${sequence.name}" is not a sequence`);
    if (anyOf !== 0 && (privilegesOf(catalog, this.currentRole, 'sequence', sequence) & anyOf) === 0) {
      throw new SqlError(SqlState.insufficientPrivilege, `permission denied for sequence ${sequence.name}`);
    }
    return sequence;
  }

  #requireWritable(command: string, sequence: SequenceDescriptor): void {
    if (this.core.block.transaction?.options.readOnly === true && sequence.persistence !== 'temporary') {
      throw new SqlError(SqlState.readOnlySqlTransaction, `cannot execute ${command} in a read-only transaction`);
    }
  }

  resetStatementStatistics(of: Parameters<SessionServices['resetStatementStatistics']>[0]): void {
    this.core.server.statementStatistics.reset(of, this.clock.nowMicros());
  }

  isInUse(relation: Oid): boolean {
    return this.core.openQueries.some(({ plan: { query } }) => query.reads.includes(relation) || query.writes.includes(relation));
  }

  cursorRow(name: string, table: TableDescriptor): Uint8Array | undefined {
    return currentRow(this.core.portals, name, table);
  }

  // ------------------------------------------------------------ locks and backends

  signalBackend(pid: number, kind: 'cancel' | 'terminate'): boolean {
    const { sessions } = this.core.server;
    const entry = sessions.get(pid);
    if (entry === undefined) return false;
    this.#requireMaySignal(entry.session.core.login, kind);
    return sessions.signal(pid, kind);
  }

  #requireMaySignal({ oid: owner, endUser }: Login, kind: 'cancel' | 'terminate'): void {
    const catalog = this.core.catalog();
    const identity = this.core.identity();
    if (identity.isSuperuser) return;
    if (this.boundUser !== undefined && endUser !== this.boundUser)
      throw new SqlError(
        SqlState.insufficientPrivilege,
        `must act for the user whose ${kind === 'cancel' ? 'query is being canceled' : 'process is being terminated'}`,
      );
    if (catalog.roleByOid(owner)?.superuser === true) {
      throw new SqlError(
        SqlState.insufficientPrivilege,
        `must be a superuser to ${kind === 'cancel' ? 'cancel superuser query' : 'terminate superuser process'}`,
      );
    }
    if (!isMemberOf(catalog, identity.currentRole, owner) && !isMemberOf(catalog, identity.currentRole, RoleOid.signalBackend)) {
      throw new SqlError(
        SqlState.insufficientPrivilege,
        `must be a member of the role whose ${kind === 'cancel' ? 'query is being canceled' : 'process is being terminated'} or member of pg_signal_backend`,
      );
    }
  }

  advisoryLock(key: string, mode: 'shared' | 'exclusive', scope: 'session' | 'transaction', wait: boolean): MaybePromise<boolean> {
    const lockMode = mode === 'shared' ? 'SHARE' : 'EXCLUSIVE';
    const { transaction } = this.core.block;
    const how = wait ? 'wait' : 'skip';
    if (scope === 'session') {
      const { values, interrupt } = this.core;
      const limits = { signal: interrupt.signal, lockTimeoutMs: values.lockTimeoutMs, deadlockTimeoutMs: values.deadlockTimeoutMs };
      return this.#locks.lock(advisoryTag(key), lockMode, how, limits);
    }
    assert(transaction !== undefined, 'an advisory lock is taken within a transaction');
    return transaction.lock(advisoryTag(key), lockMode, how);
  }

  advisoryUnlock(key: string, mode: 'shared' | 'exclusive'): boolean {
    if (this.#locks.unlock(advisoryTag(key), mode === 'shared' ? 'SHARE' : 'EXCLUSIVE')) return true;
    const name = mode === 'shared' ? 'ShareLock' : 'ExclusiveLock';
    this.notice({ severity: 'WARNING', code: SqlState.warning, message: `you don't own a lock of type ${name}` });
    return false;
  }

  advisoryUnlockAll(): void {
    this.#locks.unlockAll();
  }

  virtualRows(provider: string): Iterable<Row> | undefined {
    return sessionRows(this.core, provider);
  }

  liveChanges(name: string, since: number | bigint | undefined, view: ReadView): MaybePromise<readonly string[]> {
    const { core } = this;
    return core.notifications.changes(name, since, view, listenContext(core, core.block.enter(), view));
  }

  reloadConfiguration(): void {
    this.core.server.configuration.reload();
  }

  cancelLiveQuery(id: number | bigint): boolean {
    return this.core.server.notifications.cancelLiveQuery(id);
  }
}

/** One int8, or two int4 with a colon between them. */
function advisoryTag(key: string): LockTag {
  const [first = '', second] = key.split(':');
  return second === undefined ? lockTags.advisory(BigInt(first)) : lockTags.advisoryPair(Number(first), Number(second));
}
