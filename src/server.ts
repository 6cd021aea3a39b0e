import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadBuiltinCatalog } from './catalog/builtin/index.js';
import type { Descriptor } from './catalog/descriptors.js';
import { createCatalogs, initialDescriptors } from './catalog/index.js';
import { ActivityCounters } from './commons/activity-counters.js';
import { type Clock, SystemClock } from './commons/clock.js';
import type { ShardId } from './commons/ids.js';
import { type Logger, silentLogger } from './commons/logger.js';
import { scramSecret } from './commons/scram-secret.js';
import { SettingName } from './commons/setting-names.js';
import { SettingRegistry } from './commons/settings/registry.js';
import { SpaceName } from './commons/space-name.js';
import { SystemSpace } from './commons/system-names.js';
import { ConfigurationFiles, type TlsChoice } from './configuration.js';
import { createTableAccess, slotOfUser } from './executor/access/index.js';
import { createFunctionLibrary } from './executor/functions/index.js';
import { KALAMDB_VERSION } from './executor/functions/system/version.js';
import { SharedMemory } from './executor/shared-memory.js';
import { Metrics } from './monitor/metrics.js';
import { MonitorServer } from './monitor/monitor-server.js';
import { openNetwork } from './network.js';
import { NotificationHub } from './notify/hub.js';
import { loadParser } from './planner/parse/parse.js';
import { AuditLog } from './session/audit/audit-log.js';
import { bindTableOfSession } from './session/bind-table.js';
import { CleanUp } from './session/clean-up.js';
import { IdleCatalogs } from './session/idle-catalogs.js';
import { MemoryGuard } from './session/memory-guard.js';
import { CountedNumbers } from './session/object-numbers.js';
import { OldSnapshots } from './session/old-snapshots.js';
import { PlanEnvironments } from './session/plan-environment.js';
import { RoutineCache } from './session/routines/routine-cache.js';
import { RowCounts } from './session/row-counts.js';
import { ServerMemory } from './session/server-memory.js';
import type { ServerParts } from './session/server-parts.js';
import { ServerSessions } from './session/session-factory.js';
import { SessionRegistry } from './session/session-registry.js';
import { loadSlotMap } from './session/slot-map.js';
import { spacesOfObjects } from './session/spaces-of-objects.js';
import { StatementCache } from './session/statement/statement-cache.js';
import { StatementStatistics } from './session/statement/statement-statistics.js';
import { virtualRelationsOfServer } from './session/virtual/catalog-relations.js';
import { openLmdbStore } from './store/lmdb/lmdb-store.js';
import type { Store } from './store/store.js';
import { SequenceStore } from './transaction/sequences.js';
import { createTransactionManager } from './transaction/transaction-manager.js';

export interface ServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** A directory for an LMDB store, or a store. */
  readonly data: string | Store;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** The superuser's password at the first start; absent: one is made up. */
  readonly password?: string | undefined;
  /** Nobody who comes from this machine is asked for a password, and nobody else gets in: for tests. */
  readonly trust?: boolean;
  readonly tls?: TlsChoice | undefined;
  /** Where the Unix socket lies; absent: there is none. */
  readonly socketDirectory?: string | undefined;
  /** Where WebSockets are taken that carry the protocol; absent: nowhere. */
  readonly websocketPort?: number | undefined;
  /** Origins of pages that may connect by them; `*`: all. */
  readonly websocketOrigins?: readonly string[] | undefined;
  /** Where, on loopback, figures are told; absent: nowhere, and nothing is counted. */
  readonly metricsPort?: number | undefined;
  /** Values of settings that hold when nobody sets them. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface KalamServer {
  readonly host: string;
  readonly port: number;
  /** Set at the first start, when no password was given. */
  readonly generatedPassword: string | undefined;
  readonly websocketPort: number | undefined;
  readonly metricsPort: number | undefined;
  readonly parts: ServerParts;
  /** Reads hba.conf, the certificate and keys again. */
  reload(): void;
  /** No new connections; running statements get so long, then everything is closed. */
  close(graceMs?: number): Promise<void>;
}

const DEFAULT_GRACE_MS = 5000;
/** For the last bytes of sessions that have ended. */
const SOCKET_GRACE_MS = 1000;
const MAX_CACHED_STATEMENTS = 20_000;
const BYTES_PER_KB = 1024;
const PASSWORD_BYTES = 18;
const AUDIT_FILE = 'audit.log';
export const INITIAL_PASSWORD_FILE = 'initial-password';

/**
 * Puts a server together, from the store up, and opens its port.
 * @throws StoreOpenError, and Node's errors of listening; then nothing is left open
 */
export async function createServer(options: ServerOptions): Promise<KalamServer> {
  const store = typeof options.data === 'string' ? await openLmdbStore(options.data) : options.data;
  try {
    return await startOn(store, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function startOn(store: Store, options: ServerOptions): Promise<KalamServer> {
  const logger = options.logger ?? silentLogger;
  const metrics = options.metricsPort === undefined ? undefined : new Metrics();
  const configuration = new ConfigurationFiles({
    directory: typeof options.data === 'string' ? options.data : undefined,
    trust: options.trust === true,
    tls: options.tls,
    settings: options.settings ?? {},
    logger,
  });
  const { parts, sequences, closeTransactions, generatedPassword } = await openParts(store, options, configuration, logger, metrics);
  const sessions = new ServerSessions(parts);
  let isReady = false;
  metrics?.watch(parts, store);
  const monitor = metrics === undefined ? undefined : new MonitorServer(metrics, () => isReady);
  const cleanUp = new CleanUp(parts);
  const oldSnapshots = new OldSnapshots(parts);
  const idleCatalogs = new IdleCatalogs(parts);
  const memoryGuard = new MemoryGuard(parts);
  const metricsPort = await monitor?.listen(options.metricsPort ?? 0);
  const { listener, host, port, websocketPort, stop } = await openNetwork(parts, sessions, configuration, options).catch(
    (error: unknown) => {
      monitor?.close();
      throw error;
    },
  );
  cleanUp.start();
  oldSnapshots.start();
  idleCatalogs.start();
  memoryGuard.start();
  isReady = true;
  return {
    host,
    port,
    websocketPort,
    metricsPort,
    generatedPassword,
    parts,
    reload: () => configuration.reload(),
    async close(graceMs = DEFAULT_GRACE_MS) {
      isReady = false;
      stop();
      oldSnapshots.stop();
      idleCatalogs.stop();
      memoryGuard.stop();
      await sessions.close(graceMs);
      await listener.close(SOCKET_GRACE_MS);
      await parts.audit.close();
      await cleanUp.stop();
      await sequences.close();
      await closeTransactions();
      await store.close();
      monitor?.close();
    },
  };
}

async function openParts(store: Store, options: ServerOptions, configuration: ConfigurationFiles, logger: Logger, metrics?: Metrics) {
  const clock = options.clock ?? new SystemClock();
  const builtin = loadBuiltinCatalog();
  const settings = new SettingRegistry(builtin.settings(), { ...ownSettings(options), ...options.settings, ...configuration.settings });
  const size = (name: string): number => Number(settings.find(name)?.boot) * BYTES_PER_KB;
  const first = await firstStart(store, options);
  const transactions = await createTransactionManager(store, {
    clock,
    logger,
    limits: {
      maxTransactionBytes: size(SettingName.kalamdbMaxTransactionSize),
      maxPreparedTransactions: Number(settings.find(SettingName.maxPreparedTransactions)?.boot),
    },
  });
  await transactions.ids.makeDurable(transactions);
  const sequences = new SequenceStore(transactions);
  const numbers = new CountedNumbers(sequences);
  const slotMap = await loadSlotMap(transactions);
  const shards = Math.max(...slotMap) + 1;
  const access = createTableAccess({
    store,
    shards,
    slotMap,
    nextRowId: (storage) => numbers.nextRow(storage),
    dropCounter: (storage, transaction) => sequences.drop(transaction, storage),
    copyCounter: (from, to, transaction) => sequences.copy(transaction, from, to),
  });
  const catalogs = await createCatalogs({
    transactions,
    builtin,
    numbers,
    initial: () => first.descriptors,
    spacesOf: (objects) => spacesOfObjects(objects, access),
  });
  const library = createFunctionLibrary();
  const parser = await loadParser({
    maxDepth: Number(settings.find(SettingName.kalamdbMaxStatementNesting)?.boot),
    maxLength: size(SettingName.kalamdbMaxStatementLength),
  });
  const audit = new AuditLog(typeof options.data === 'string' ? join(options.data, AUDIT_FILE) : undefined, clock, logger);
  await audit.load();
  const notifications = new NotificationHub({
    catalogs,
    transactions,
    access,
    clock,
    library,
    logger,
    maxQueuedBytes: size(SettingName.kalamdbMaxNotificationQueue),
    maxLiveQueryBytes: size(SettingName.kalamdbMaxLiveQueryMemory),
    maxLiveQueriesPerSession: Number(settings.find(SettingName.kalamdbMaxLiveQueriesPerSession)?.boot),
  });
  const parts: ServerParts = {
    clock,
    logger,
    catalogs,
    transactions,
    access,
    sharedMemory: new SharedMemory(),
    compile: {
      library,
      virtualRelations: virtualRelationsOfServer(slotPlaces(slotMap), sequences),
      bindTable: bindTableOfSession(parser),
    },
    parser,
    settings,
    statements: new StatementCache(parser, {
      maxEntries: MAX_CACHED_STATEMENTS,
      maxBytes: size(SettingName.kalamdbStatementCacheSize),
    }),
    environments: new PlanEnvironments(),
    routines: new RoutineCache(),
    rowCounts: new RowCounts(transactions.store, access),
    notifications,
    sequences,
    sessions: new SessionRegistry(),
    configuration,
    audit,
    activity: new ActivityCounters(),
    memory: new ServerMemory(size(SettingName.kalamdbMaxServerMemory), () => clock.monotonicMs()),
    statementStatistics: new StatementStatistics(Number(settings.find(SettingName.statementsMax)?.boot), clock.nowMicros()),
    statementFigures: metrics,
  };
  return { parts, sequences, closeTransactions: () => transactions.close(), generatedPassword: first.generatedPassword };
}

function ownSettings(options: ServerOptions): Readonly<Record<string, string>> {
  return {
    [SettingName.serverVersion]: `15.0 (KalamDB ${KALAMDB_VERSION})`,
    [SettingName.kalamdbVersion]: KALAMDB_VERSION,
    [SettingName.listenAddresses]: options.host,
    [SettingName.port]: String(options.port),
    [SettingName.unixSocketDirectories]: options.socketDirectory ?? '',
    ...(typeof options.data === 'string' ? { [SettingName.dataDirectory]: options.data } : {}),
  };
}

function slotPlaces(slotMap: readonly ShardId[]) {
  return {
    slotOf: slotOfUser,
    shardOfSlot: (slot: number): number => slotMap[slot] ?? 0,
  };
}

/** What a store that has no catalog yet begins with. A password that was made up is kept before anything else is. */
async function firstStart(
  store: Store,
  options: ServerOptions,
): Promise<{ readonly descriptors: readonly Descriptor[]; readonly generatedPassword: string | undefined }> {
  const spaces = await store.spaces();
  if (spaces.includes(SpaceName.system(SystemSpace.catalog))) return { descriptors: [], generatedPassword: undefined };
  const generated = options.password === undefined ? randomBytes(PASSWORD_BYTES).toString('base64url') : undefined;
  if (generated !== undefined && typeof options.data === 'string') keepPassword(options.data, generated);
  return { descriptors: initialDescriptors(await scramSecret(options.password ?? generated ?? '')), generatedPassword: generated };
}

function keepPassword(directory: string, password: string): void {
  const file = join(directory, INITIAL_PASSWORD_FILE);
  const mode = 0o600;
  writeFileSync(file, `${password}\n`, { mode, flag: existsSync(file) ? 'w' : 'wx' });
}
