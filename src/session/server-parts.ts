import type { Catalogs } from '../catalog/catalog.js';
import type { ActivityCounters } from '../commons/activity-counters.js';
import type { Clock } from '../commons/clock.js';
import type { Logger } from '../commons/logger.js';
import type { SettingRegistry } from '../commons/settings/registry.js';
import type { TableAccess } from '../executor/access/table-access.js';
import type { CompileServices } from '../executor/compile.js';
import type { SharedMemory } from '../executor/shared-memory.js';
import type { Notifications } from '../notify/notifications.js';
import type { Parser } from '../planner/parse/parse.js';
import type { SequenceStore } from '../transaction/sequences.js';
import type { TransactionManager } from '../transaction/transaction.js';
import type { AuditLog } from './audit/audit-log.js';
import type { PlanEnvironments } from './plan-environment.js';
import type { RoutineCache } from './routines/routine-cache.js';
import type { RowCounts } from './row-counts.js';
import type { ServerConfiguration } from './server-configuration.js';
import type { ServerMemory } from './server-memory.js';
import type { SessionRegistry } from './session-registry.js';
import type { StatementCache } from './statement/statement-cache.js';
import type { StatementStatistics } from './statement/statement-statistics.js';
import type { StatementFigures } from './statement-figures.js';

/** What all sessions of a server share. Made by server.ts, handed to each session. */
export interface ServerParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly catalogs: Catalogs;
  readonly transactions: TransactionManager;
  readonly access: TableAccess;
  readonly compile: CompileServices;
  readonly sharedMemory: SharedMemory;
  readonly parser: Parser;
  readonly settings: SettingRegistry;
  readonly statements: StatementCache;
  readonly environments: PlanEnvironments;
  readonly routines: RoutineCache;
  readonly rowCounts: RowCounts;
  readonly notifications: Notifications;
  readonly sequences: SequenceStore;
  readonly sessions: SessionRegistry;
  readonly configuration: ServerConfiguration;
  readonly audit: AuditLog;
  /** Behind pg_stat_database and the statistics of tables. */
  readonly activity: ActivityCounters;
  readonly memory: ServerMemory;
  readonly statementStatistics: StatementStatistics;
  /** Counts statements; absent where nobody asks for figures. */
  readonly statementFigures: StatementFigures | undefined;
}
