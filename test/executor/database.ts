import { loadBuiltinCatalog } from '../../src/catalog/builtin/index.js';
import type { Catalog, SessionCatalog } from '../../src/catalog/catalog.js';
import { createCatalogs, initialDescriptors } from '../../src/catalog/index.js';
import { createVirtualRelations } from '../../src/catalog/virtual/index.js';
import { DatabaseCounters } from '../../src/commons/activity-counters.js';
import { SystemClock } from '../../src/commons/clock.js';
import { storageId, userId } from '../../src/commons/ids.js';
import { DatabaseOid, RoleOid, SchemaOid } from '../../src/commons/system-names.js';
import { createTableAccess, evenSlotMap } from '../../src/executor/access/index.js';
import type { TableAccess } from '../../src/executor/access/table-access.js';
import { type CompiledQuery, compile } from '../../src/executor/compile.js';
import { optimizeOptions } from '../../src/executor/constant-evaluator.js';
import type { ExecutionContext, SessionServices } from '../../src/executor/context.js';
import { executeUtility, isUtility, type UtilityContext } from '../../src/executor/ddl/index.js';
import { ConstraintChecks } from '../../src/executor/dml/constraint-checks.js';
import { codecOf } from '../../src/executor/expression/comparators.js';
import { createFunctionLibrary } from '../../src/executor/functions/index.js';
import { OpenObjects } from '../../src/executor/large-objects/open-objects.js';
import { SharedMemory } from '../../src/executor/shared-memory.js';
import { bindStatement, bindTable } from '../../src/planner/bind/bind.js';
import type { PlannerContext, PlanningSettings } from '../../src/planner/context.js';
import { bindIndexOver } from '../../src/planner/optimize/bind-index.js';
import { explainText } from '../../src/planner/optimize/explain/explain.js';
import { optimize } from '../../src/planner/optimize/optimize.js';
import type { PlannedQuery } from '../../src/planner/optimize/physical.js';
import type { Statement } from '../../src/planner/parse/ast.js';
import { loadParser, type Parser } from '../../src/planner/parse/parse.js';
import { MemoryStore } from '../../src/store/memory/memory-store.js';
import type { Store } from '../../src/store/store.js';
import type { IsolationLevel, Transaction } from '../../src/transaction/transaction.js';
import { createTransactionManager, type LocalTransactionManager } from '../../src/transaction/transaction-manager.js';
import type { FormatContext } from '../../src/types/format-context.js';
import type { SqlValue } from '../../src/types/value.js';

/** Parser, planner and executor over a store in memory, without sessions and wire: what this room's tests need of a server. */

const library = createFunctionLibrary();
const builtin = loadBuiltinCatalog();
const virtualRelations = createVirtualRelations();

const FORMAT: FormatContext = {
  dateStyle: 'ISO',
  dateOrder: 'MDY',
  intervalStyle: 'postgres',
  timeZone: 'UTC',
  extraFloatDigits: 1,
  byteaOutput: 'hex',
  transactionStartMicros: 0,
};

export const PLANNING: PlanningSettings = {
  enableHashJoin: true,
  enableMergeJoin: true,
  enableNestedLoop: true,
  enableSequentialScan: true,
  enableIndexScan: true,
  enableHashAggregate: true,
  enableSort: true,
  workMemBytes: 4 << 20,
};

export interface Result {
  readonly rows: SqlValue[][];
  /** Values as text, columns by `|`, NULL as empty: psql's -A -t. */
  readonly text: string[];
  readonly affected: number;
}

export class Database {
  readonly store: Store;
  readonly manager: LocalTransactionManager;
  readonly catalog: Catalog;
  readonly access: TableAccess;
  readonly parser: Parser;
  readonly clock = new SystemClock();
  #pid = 1;
  readonly sequences = new Map<number, number>();

  private constructor(store: Store, manager: LocalTransactionManager, catalog: Catalog, access: TableAccess, parser: Parser) {
    this.store = store;
    this.manager = manager;
    this.catalog = catalog;
    this.access = access;
    this.parser = parser;
  }

  static async open(store: Store = new MemoryStore()): Promise<Database> {
    const manager = await createTransactionManager(store, { clock: new SystemClock(), limits: { deadlockTimeoutMs: 20 } });
    let next = 20_000;
    const catalogs = await createCatalogs({
      transactions: manager,
      builtin,
      numbers: { nextOid: () => next++, nextStorage: () => storageId(next++) },
      initial: () => initialDescriptors('secret'),
      spacesOf: () => [],
    });
    const catalog = await catalogs.open(DatabaseOid.postgres);
    if (catalog === undefined) throw new Error('no database');
    let rowId = 0;
    const access = createTableAccess({
      store,
      shards: 4,
      slotMap: evenSlotMap(4),
      nextRowId: () => ++rowId,
      dropCounter: () => undefined,
      copyCounter: () => undefined,
    });
    return new Database(store, manager, catalog, access, await loadParser());
  }

  session(user = 'postgres'): Session {
    return new Session(this, this.#pid++, user);
  }
}

/** Runs statements one by one; each in a transaction of its own unless `begin` was called. */
export class Session {
  readonly database: Database;
  readonly catalog: SessionCatalog;
  readonly #pid: number;
  #transaction: Transaction | undefined;
  user: string;
  planning: PlanningSettings = PLANNING;
  allUsers = false;
  role: number = RoleOid.postgres;

  constructor(database: Database, pid: number, user: string) {
    this.database = database;
    this.#pid = pid;
    this.user = user;
    this.catalog = database.catalog.openSession(pid);
  }

  begin(isolation: IsolationLevel = 'read committed', readOnly = false): void {
    this.#transaction = this.database.manager.begin({ isolation, readOnly, backendPid: this.#pid });
  }

  async commit(): Promise<void> {
    const transaction = this.#transaction;
    this.#transaction = undefined;
    await transaction?.commit();
  }

  rollback(): void {
    this.#transaction?.rollback();
    this.#transaction = undefined;
  }

  /** All statements of a text; the result of the last one. */
  async run(sql: string, params: readonly SqlValue[] = []): Promise<Result> {
    let result: Result = { rows: [], text: [], affected: 0 };
    for (const { statement } of this.database.parser.parse(sql)) result = await this.#runOne(statement, params);
    return result;
  }

  async rows(sql: string, params: readonly SqlValue[] = []): Promise<string[]> {
    return (await this.run(sql, params)).text;
  }

  async #runOne(statement: Statement, params: readonly SqlValue[]): Promise<Result> {
    const own = this.#transaction === undefined;
    const transaction =
      this.#transaction ?? this.database.manager.begin({ isolation: 'read committed', readOnly: false, backendPid: this.#pid });
    try {
      const result = await this.#execute(statement, transaction, params);
      if (own) await transaction.commit();
      return result;
    } catch (error) {
      if (own) transaction.rollback();
      throw error;
    }
  }

  async #execute(statement: Statement, transaction: Transaction, params: readonly SqlValue[]): Promise<Result> {
    const cx = this.context(transaction, params);
    try {
      switch (statement.type) {
        case 'select':
        case 'set operation':
        case 'values':
        case 'insert':
        case 'update':
        case 'delete':
          return await this.drain(this.compile(statement, transaction), cx);
        default:
          if (!isUtility(statement.type)) throw new TypeError(`a test can't run ${statement.type}`);
          await executeUtility(statement as Parameters<typeof executeUtility>[0], this.#utility(cx, transaction));
          return { rows: [], text: [], affected: 0 };
      }
    } finally {
      cx.view.release();
    }
  }

  async drain(query: CompiledQuery, cx: ExecutionContext): Promise<Result> {
    const running = query.start(cx);
    const rows: SqlValue[][] = [];
    try {
      for (let batch = await running.next(); batch !== null; batch = await running.next()) rows.push(...batch);
    } finally {
      running.close();
    }
    const codecs = query.planned.columns.map((column) => codecOf(column.type));
    const text = rows.map((row) =>
      row.map((value, i) => (value === null ? '' : (codecs[i]?.output(value, FORMAT) ?? String(value)))).join('|'),
    );
    return { rows, text, affected: running.affected };
  }

  plan(sql: string): PlannedQuery {
    const [parsed] = this.database.parser.parse(sql);
    if (parsed === undefined) throw new TypeError('no statement');
    return this.#plan(parsed.statement, undefined);
  }

  /** EXPLAIN (COSTS OFF) */
  explain(sql: string): string[] {
    return explainText(this.plan(sql), { costs: false, verbose: false });
  }

  compile(statement: Statement, transaction: Transaction | undefined, instrument = false): CompiledQuery {
    const planned = this.#plan(statement, transaction);
    const services = {
      library,
      virtualRelations: {
        rows: (table: Parameters<typeof virtualRelations.rows>[0], cx: ExecutionContext, equal: ReadonlyMap<number, SqlValue>) =>
          virtualRelations.rows(
            table,
            {
              catalog: cx.catalog,
              currentRole: cx.session.currentRole,
              databaseName: cx.session.database.name,
              nowMicros: 0,
              sessionRows: () => undefined,
              slotOfUser: (user) => cx.access.slotOf(user),
              slotShard: () => 0,
              estimatedRows: () => -1,
              sequenceLastValue: () => null,
            },
            equal,
          ),
      },
      bindTable: (table: Parameters<typeof bindTable>[0]) => bindTable(table, this.planner(transaction)),
    };
    return compile(planned, services, { instrument });
  }

  #plan(statement: Statement, transaction: Transaction | undefined): PlannedQuery {
    const cx = this.planner(transaction);
    const bound = bindStatement(statement as Parameters<typeof bindStatement>[0], cx);
    return optimize(bound, cx, optimizeOptions(library, FORMAT, bindIndexOver(cx)));
  }

  planner(transaction: Transaction | undefined): PlannerContext {
    return {
      catalog: this.catalog.snapshot(transaction ?? this.#transaction),
      parser: this.database.parser,
      searchPath: [SchemaOid.pgCatalog, SchemaOid.public],
      currentRole: this.role,
      paramTypes: [],
      allUsers: this.allUsers,
      format: this.#format(transaction),
      planning: this.planning,
    };
  }

  /** Formats with the names of relations, for regclass. */
  #format(transaction: Transaction | undefined): FormatContext {
    const catalog = this.catalog.snapshot(transaction ?? this.#transaction);
    return {
      ...FORMAT,
      names: {
        nameOf: (_kind, oid) => catalog.relationByOid(oid)?.name,
        oidOf: (_kind, name) => catalog.relation(SchemaOid.public, name.replace('public.', ''))?.oid ?? 0,
      },
    };
  }

  context(transaction: Transaction, params: readonly SqlValue[] = []): ExecutionContext {
    return {
      transaction,
      view: transaction.view(),
      catalog: this.catalog.snapshot(transaction),
      access: this.database.access,
      session: this.#services(),
      params,
      lifted: [],
      format: this.#format(transaction),
      actingUser: userId(this.user),
      workMemBytes: this.planning.workMemBytes,
      spills: { tempFiles: 0, tempBytes: 0 },
      interrupt: { check: () => undefined, shouldYield: () => false, turn: () => Promise.resolve() },
    };
  }

  #utility(cx: ExecutionContext, transaction: Transaction): UtilityContext {
    return {
      ...cx,
      planner: this.planner(transaction),
      library,
      runQuery: (query) => {
        const compiled = this.compile(query, transaction);
        return { columns: compiled.planned.columns, start: () => compiled.start(cx) };
      },
    };
  }

  #services(): SessionServices {
    const { database } = this;
    const fail = (): never => {
      throw new Error('not in this test');
    };
    return {
      backendPid: this.#pid,
      clock: database.clock,
      catalog: this.catalog,
      transactions: database.manager,
      database: { oid: DatabaseOid.postgres, name: 'postgres' },
      counters: new DatabaseCounters(),
      resetStatementStatistics: fail,
      currentUser: this.user,
      sessionUser: this.user,
      currentRole: this.role,
      statementStartMicros: database.clock.nowMicros(),
      searchPath: () => ['public'],
      getSetting: () => undefined,
      setSetting: fail,
      checkSetting: fail,
      notice: () => undefined,
      nextval: (oid) => {
        const value = (database.sequences.get(oid) ?? 0) + 1;
        database.sequences.set(oid, value);
        return value;
      },
      currval: (oid) => database.sequences.get(oid) ?? 0,
      lastval: fail,
      setval: fail,
      signalBackend: () => false,
      advisoryLock: () => true,
      advisoryUnlock: () => true,
      advisoryUnlockAll: () => undefined,
      virtualRows: () => undefined,
      cancelLiveQuery: () => false,
      liveChanges: () => [],
      reloadConfiguration: () => undefined,
      cursorRow: () => undefined,
      isInUse: () => false,
      catalogs: fail as unknown as SessionServices['catalogs'],
      otherSessions: () => [],
      constraintChecks: new ConstraintChecks(),
      sharedMemory: new SharedMemory(),
      openObjects: new OpenObjects(),
      statements: { stack: { overAllUsers: 0 } } as unknown as SessionServices['statements'],
      texts: { view: (view) => view.queryText, expression: (text) => text, triggerCondition: (text) => text },
    } as SessionServices;
  }
}
