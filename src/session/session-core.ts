import type { Catalog, CatalogSnapshot, SessionCatalog } from '../catalog/catalog.js';
import type { TableDescriptor } from '../catalog/descriptors.js';
import type { Oid, UserId } from '../commons/ids.js';
import { SettingName } from '../commons/setting-names.js';
import type { Notice } from '../commons/sql-error.js';
import type { ExecutionContext, SessionServices } from '../executor/context.js';
import { SessionTypes } from '../executor/user-types/session-types.js';
import type { SessionNotifications } from '../notify/notifications.js';
import type { PlannerContext } from '../planner/context.js';
import { conformingText } from '../planner/parse/backslash-strings.js';
import { SessionSequences } from '../transaction/sequence-definition.js';
import type { ReadView, Transaction } from '../transaction/transaction.js';
import { encodingFor, type TextEncoding } from '../types/encodings/text-encoding.js';
import type { SqlValue } from '../types/value.js';
import type { ClientOutput } from '../wire/port.js';
import type { CopyIn } from './copy/copy-in.js';
import { asDefiner, type Definer, type Identity, identify, type Login, requireMayActFor } from './identity.js';
import { SessionInterrupt } from './interrupt.js';
import { NamesOfSession } from './object-names.js';
import type { PlanEnvironment } from './plan-environment.js';
import { Portals } from './portals.js';
import { PreparedStatements } from './prepared-statements.js';
import { ExpressionContext } from './routines/routine-context.js';
import type { OpenedQuery } from './run/open-query.js';
import { resolveSearchPath, type SearchPath } from './search-path.js';
import type { ServerParts } from './server-parts.js';
import { SessionFormat } from './session-format.js';
import { SessionValues } from './session-values.js';
import type { SessionSettings } from './settings/session-settings.js';
import type { CachedStatement } from './statement/cached-statement.js';
import { StatementContext } from './statement-context.js';
import type { TransactionBlock } from './transaction-block.js';

/** The parts that are made with the session and refer back to it. */
export interface CoreParts {
  readonly settings: SessionSettings;
  readonly block: TransactionBlock;
  readonly services: SessionServices;
  readonly notifications: SessionNotifications;
  /** Another session of the same login, which no client and no list of sessions knows of. */
  readonly openInternal: () => InternalSession;
}

/** A session that the server itself works with. */
export interface InternalSession {
  readonly core: SessionCore;
  close(): Promise<void> | void;
}

/** What all parts of one session work with: its settings, transaction, catalog, names and portals. */
export class SessionCore {
  readonly server: ServerParts;
  readonly pid: number;
  readonly login: Login;
  readonly output: ClientOutput;
  /** That it is connected to. */
  readonly database: { readonly oid: Oid; readonly name: string };
  readonly sessionCatalog: SessionCatalog;
  readonly interrupt: SessionInterrupt;
  readonly format: SessionFormat;
  readonly values: SessionValues;
  readonly prepared = new PreparedStatements();
  /** Those that are under way, a statement within another behind it. */
  readonly openQueries: OpenedQuery[] = [];
  readonly portals = new Portals();
  /** currval and lastval. */
  readonly sequences = new SessionSequences();
  statementStartMicros = 0;
  /** When it last began to wait for its client. */
  idleSinceMicros: number | undefined;
  /** When it began to do what it is doing; 0: it is idle. */
  #activeSinceMicros = 0;
  /** The COPY FROM STDIN that waits for its client. */
  copyIn: CopyIn | undefined;
  /** What client_encoding converts with; undefined: nothing is to be converted. */
  clientEncoding: TextEncoding | undefined;
  /** Shown in lists of sessions. */
  statementText = '';
  #parts: CoreParts | undefined;
  #identity: Identity | undefined;
  #definer: Definer | undefined;
  #identityDefiner: Definer | undefined;
  #identityVersion = 0;
  #identityCatalog: CatalogSnapshot | undefined;
  #path: SearchPath = { explicit: [], effective: [] };
  #environment: PlanEnvironment | undefined;
  #environmentCatalog: CatalogSnapshot | undefined;
  #environmentRows = 0;
  #environmentVersion = 0;
  #environmentUser = '';
  #environmentRole: Oid = 0;

  constructor(server: ServerParts, pid: number, login: Login, output: ClientOutput, catalog: Catalog) {
    this.server = server;
    this.pid = pid;
    this.login = login;
    this.output = output;
    this.database = { oid: catalog.database, name: catalog.committed.database().name };
    this.sessionCatalog = catalog.openSession(pid);
    this.interrupt = new SessionInterrupt(server.clock, server.memory, () => this.values.maxMemoryBytes);
    const types = new SessionTypes({
      library: server.compile.library,
      catalog: () => this.catalog(),
      committed: () => this.sessionCatalog.snapshot(undefined),
      planner: () => this.plannerContext([], true),
      format: () => this.format,
      context: () => new ExpressionContext(this, [], undefined),
    });
    this.format = new SessionFormat(new NamesOfSession(this), types, this.interrupt);
    this.values = new SessionValues(pid, catalog.database, (name) => {
      this.clientEncoding = encodingFor(name);
      output.useEncoding(this.clientEncoding);
    });
  }

  /** Called once, by the session that makes it. */
  attach(parts: CoreParts): void {
    this.#parts = parts;
  }

  get parts(): CoreParts {
    if (this.#parts === undefined) throw new Error('the session is not put together yet');
    return this.#parts;
  }
  get settings(): SessionSettings {
    return this.parts.settings;
  }
  get block(): TransactionBlock {
    return this.parts.block;
  }
  get services(): SessionServices {
    return this.parts.services;
  }
  get notifications(): SessionNotifications {
    return this.parts.notifications;
  }

  /** The catalog as the session sees it now. */
  catalog(): CatalogSnapshot {
    return this.sessionCatalog.snapshot(this.block.transaction);
  }

  identity(): Identity {
    const catalog = this.catalog();
    const { version } = this.settings;
    const definer = this.#definer;
    if (
      this.#identity !== undefined &&
      this.#identityVersion === version &&
      this.#identityCatalog === catalog &&
      this.#identityDefiner === definer
    ) {
      return this.#identity;
    }
    const own = identify(this.settings, catalog, this.login);
    const identity = definer === undefined ? own : asDefiner(own, definer, this.settings, catalog);
    this.#identityDefiner = definer;
    this.#identityVersion = version;
    this.#identityCatalog = catalog;
    // The same identity stays the same object, so that what hangs on it stays too.
    if (this.#identity === undefined || !sameIdentity(this.#identity, identity)) this.#identity = identity;
    return this.#identity;
  }

  /** The SECURITY DEFINER routine's owner whose rights are in force. */
  get definer(): Definer | undefined {
    return this.#definer;
  }
  set definer(definer: Definer | undefined) {
    this.#definer = definer;
  }

  /** Whose rows of user tables are read and written. @throws SqlError 42501 when the session has lost the right to act for that user */
  actingUser(): UserId {
    const identity = this.identity();
    if (!identity.mayAct) requireMayActFor(this.catalog(), identity.sessionRole);
    return identity.actingUser;
  }

  searchPath(): SearchPath {
    this.environment();
    return this.#path;
  }

  /** What plans hold for now. Costs a few comparisons as long as nothing changed; the acting user changes nothing. */
  environment(): PlanEnvironment {
    const catalog = this.catalog();
    const identity = this.identity();
    const { planVersion } = this.settings;
    const current = this.#environment;
    if (
      current !== undefined &&
      this.#environmentCatalog === catalog &&
      this.#environmentRows === this.server.rowCounts.version &&
      this.#environmentVersion === planVersion &&
      this.#environmentUser === identity.currentUser &&
      this.#environmentRole === identity.currentRole &&
      current.allUsers === identity.allUsers
    ) {
      return current;
    }
    this.format.refresh(this.settings);
    this.#path = resolveSearchPath(this.settings, catalog, identity);
    this.#environment = this.server.environments.intern(
      catalog,
      this.#path.effective.map((schema) => schema.oid),
      identity.allUsers,
      this.values.planning(this.settings),
      this.format,
      this.#security(catalog, identity),
      this.server.rowCounts.version,
    );
    this.#environmentCatalog = catalog;
    this.#environmentRows = this.server.rowCounts.version;
    this.#environmentVersion = planVersion;
    this.#environmentUser = identity.currentUser;
    this.#environmentRole = identity.currentRole;
    return this.#environment;
  }

  /** Policies are bound for a role. */
  #security(catalog: CatalogSnapshot, { currentRole }: Identity): string {
    const rowSecurity = this.settings.isOn(SettingName.rowSecurity);
    return catalog.hasRowSecurity ? `${currentRole} ${rowSecurity}` : rowSecurity ? '' : 'off';
  }

  /** As `environment`, for plans that read a snapshot which some indexes are too new for. */
  environmentWithout(indexes: readonly Oid[]): PlanEnvironment {
    const { searchPath, allUsers, planning } = this.environment();
    const catalog = this.sessionCatalog.snapshotWithout(this.block.transaction, indexes);
    return this.server.environments.intern(
      catalog,
      searchPath,
      allUsers,
      planning,
      this.format,
      this.#security(catalog, this.identity()),
      this.server.rowCounts.version,
    );
  }

  /** The same under another search path. */
  environmentAlong(environment: PlanEnvironment, searchPath: readonly Oid[]): PlanEnvironment {
    const { catalog, allUsers, planning } = environment;
    return this.server.environments.intern(
      catalog,
      searchPath,
      allUsers,
      planning,
      this.format,
      this.#security(catalog, this.identity()),
      this.server.rowCounts.version,
    );
  }

  plannerContext(paramTypes: readonly Oid[], paramsFixed: boolean, catalog: CatalogSnapshot = this.catalog()): PlannerContext {
    const { searchPath, allUsers, planning } = this.environment();
    return {
      catalog,
      parser: this.server.parser,
      searchPath,
      currentRole: this.identity().currentRole,
      paramTypes,
      paramsFixed,
      allUsers,
      format: this.format,
      planning,
      rowsOf: (table, ofAll) => this.#rowsOf(table, ofAll),
      ...(this.settings.isOn(SettingName.rowSecurity) ? {} : { rowSecurityOff: true }),
    };
  }

  #rowsOf(table: TableDescriptor, ofAll: boolean): number | undefined {
    return this.server.rowCounts.rowsOf(table, ofAll);
  }

  execution(
    transaction: Transaction,
    view: ReadView,
    params: readonly SqlValue[],
    lifted: readonly SqlValue[],
    literalRows?: readonly (readonly SqlValue[])[],
  ): ExecutionContext {
    return new StatementContext(this, transaction, view, params, lifted, literalRows);
  }

  /** A statement (or a message of several) begins. */
  beginStatement(text: string): void {
    this.values.refresh(this.settings);
    this.format.refresh(this.settings);
    this.statementText = text;
    this.statementStartMicros = this.server.clock.nowMicros();
    if (this.#activeSinceMicros === 0) this.#becomeActive(this.statementStartMicros);
    this.interrupt.begin(this.values.statementTimeoutMs);
    this.limitWaits();
  }

  /** A statement has completed. @param tag of CommandComplete @param rows that it gave, or changed */
  completed(cached: CachedStatement, tag: string, rows: number): void {
    const { values, server } = this;
    const isTracked = cached.isQuery ? values.tracksQueries : values.tracksUtilities;
    if (!isTracked && server.statementFigures === undefined) return;
    const counted = isTracked ? this.#countedAs(cached) : undefined;
    const ms = server.clock.monotonicMs() - this.interrupt.startedMs;
    if (counted !== undefined) {
      const owner = { role: this.identity().currentRole, database: this.database.oid, isBound: this.login.endUser !== undefined };
      server.statementStatistics.completed(counted, owner, ms, rows);
    }
    server.statementFigures?.completed(tag, ms);
  }

  /** EXECUTE is the statement that was prepared, which PREPARE and DEALLOCATE only name. */
  #countedAs(cached: CachedStatement): CachedStatement | undefined {
    if (cached.isQuery) return cached;
    const { statement } = cached.parsed;
    switch (statement.type) {
      case 'prepare':
      case 'deallocate':
        return undefined;
      case 'execute':
        return this.prepared.find(statement.name)?.cached;
      default:
        return cached;
    }
  }

  #becomeActive(nowMicros: number): void {
    this.#activeSinceMicros = nowMicros;
    if (this.block.status !== 'I' && this.idleSinceMicros !== undefined)
      this.services.counters.idleInTransactionMicros += Math.max(0, nowMicros - this.idleSinceMicros);
  }

  /** It waits for its client. */
  becomeIdle(): void {
    const now = this.server.clock.nowMicros();
    this.idleSinceMicros = now;
    if (this.#activeSinceMicros === 0) return;
    this.services.counters.activeMicros += Math.max(0, now - this.#activeSinceMicros);
    this.#activeSinceMicros = 0;
  }

  /** Waits of the transaction under way end as the settings say by now. */
  limitWaits(): void {
    const { transaction } = this.block;
    if (transaction === undefined) return;
    transaction.signal = this.interrupt.signal;
    transaction.lockTimeoutMs = this.values.lockTimeoutMs;
    transaction.deadlockTimeoutMs = this.values.deadlockTimeoutMs;
    transaction.statementMicros = this.statementStartMicros;
  }

  /** The text as the grammar reads it: backslashes in plain literals may be escapes. */
  grammarText(text: string): string {
    this.values.refresh(this.settings);
    if (this.values.conformingStrings) return text;
    const conforming = conformingText(text, this.settings.isOn(SettingName.escapeStringWarning));
    for (const warning of conforming.warnings) this.notice(warning);
    return conforming.text;
  }

  notice(notice: Notice): void {
    this.values.refresh(this.settings);
    if (this.values.admits(notice.severity)) this.output.notice(notice, this.statementText);
  }
}

function sameIdentity(a: Identity, b: Identity): boolean {
  return (
    a.currentRole === b.currentRole &&
    a.sessionRole === b.sessionRole &&
    a.currentUser === b.currentUser &&
    a.sessionUser === b.sessionUser &&
    a.isSuperuser === b.isSuperuser &&
    a.actingUser === b.actingUser &&
    a.allUsers === b.allUsers &&
    a.mayAct === b.mayAct &&
    a.isBound === b.isBound
  );
}
