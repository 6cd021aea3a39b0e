import { SettingName } from '../setting-names.js';
import type { SettingDefinition } from './definition.js';
import { enumeration, integer, string, toggle } from './shorthand.js';

const PLANS = { affectsPlans: true } as const;

/** What the server says of itself, its limits, and the planner's switches. */
export const SERVER_SETTINGS: readonly SettingDefinition[] = [
  string(SettingName.serverVersion, '15.0 (KalamDB)', 'internal', 'Version that clients are told.', { reported: true }),
  integer(
    SettingName.serverVersionNum,
    '150000',
    { min: 150000, max: 150000 },
    'internal',
    'PostgreSQL version whose behaviour is followed.',
  ),
  string(SettingName.serverEncoding, 'UTF8', 'internal', "The database's character set.", { reported: true }),
  toggle(SettingName.integerDatetimes, 'on', 'internal', 'Dates and times are integers.', { reported: true }),
  toggle(SettingName.inHotStandby, 'off', 'internal', 'The server is a standby.', { reported: true }),
  string(SettingName.lcCollate, 'C', 'internal', 'Sort order of text.'),
  string(SettingName.lcCtype, 'C.UTF-8', 'internal', 'Classes of characters.'),
  string(SettingName.lcMessages, 'C', 'superuser', 'Language of messages.'),
  string(SettingName.logTimezone, 'UTC', 'sighup', 'Time zone of the log.'),
  string(SettingName.dataDirectory, '', 'postmaster', 'Where the data lies.'),
  string(SettingName.listenAddresses, 'localhost', 'postmaster', 'Address that the server listens on.'),
  integer(SettingName.port, '5432', { min: 0, max: 65535 }, 'postmaster', 'Port that the server listens on.'),
  integer(SettingName.maxConnections, '100', { min: 1, max: 262143 }, 'postmaster', 'Most connections at a time.'),
  integer(
    SettingName.maxPreparedTransactions,
    '100',
    { min: 0, max: 262143 },
    'postmaster',
    'Most transactions that are prepared (PREPARE TRANSACTION) at a time.',
  ),
  integer(
    SettingName.kalamdbMaxSnapshotAge,
    '0',
    { min: 0, max: 2_147_483_647, unit: 'ms' },
    'superuser',
    'Age at which a snapshot that commits have overtaken is given up, with its transaction; 0: never.',
  ),
  integer(
    SettingName.authenticationTimeout,
    '60',
    { min: 1, max: 600, unit: 's' },
    'sighup',
    'Longest that a client may take to authenticate.',
  ),
  integer(
    SettingName.workMem,
    '4096',
    { min: 64, max: 2_147_483_647, unit: 'kB' },
    'user',
    'Memory that one sort or hash may use before it spills.',
    PLANS,
  ),
  toggle(SettingName.enableHashJoin, 'on', 'user', 'The planner may use hash joins.', PLANS),
  toggle(SettingName.enableMergeJoin, 'on', 'user', 'The planner may use merge joins.', PLANS),
  toggle(SettingName.enableNestedLoop, 'on', 'user', 'The planner may use nested loops.', PLANS),
  toggle(SettingName.enableSequentialScan, 'on', 'user', 'The planner may use sequential scans.', PLANS),
  toggle(SettingName.enableIndexScan, 'on', 'user', 'The planner may use index scans.', PLANS),
  toggle(SettingName.enableHashAggregate, 'on', 'user', 'The planner may group by hashing.', PLANS),
  toggle(SettingName.enableSort, 'on', 'user', 'The planner may sort.', PLANS),
];

/** Our own: per-user tables and limits (law 6). */
export const KALAMDB_SETTINGS: readonly SettingDefinition[] = [
  enumeration(
    SettingName.kalamdbDefaultTableType,
    'shared',
    ['shared', 'user', 'stream'],
    'user',
    'Type of a table made without WITH (type = …).',
    {},
  ),
  string(SettingName.kalamdbUserId, '', 'user', 'End user for whom the session acts; empty: the current role itself.'),
  toggle(SettingName.kalamdbAllUsers, 'off', 'user', 'Administrators: user tables show the rows of all users.', PLANS),
  integer(
    SettingName.kalamdbMaxPreparedStatements,
    '10000',
    { min: 1, max: 1_000_000 },
    'superuser',
    'Most prepared statements of one session.',
  ),
  integer(SettingName.kalamdbMaxCursors, '1000', { min: 1, max: 100_000 }, 'superuser', 'Most open cursors and portals of one session.'),
  integer(
    SettingName.kalamdbMaxLiveQueriesPerSession,
    '1000',
    { min: 0, max: 1_000_000 },
    'postmaster',
    'Most live queries that one session may listen to.',
  ),
  toggle(SettingName.kalamdbLiveBatch, 'off', 'user', 'All changes of a commit come as one notification, in an array.'),
  integer(
    SettingName.kalamdbMaxLiveQueryMemory,
    '65536',
    { min: 64, max: 2_147_483_647, unit: 'kB' },
    'postmaster',
    'Most memory for the rows that one live query has to remember.',
  ),
  integer(
    SettingName.kalamdbMaxNotificationQueue,
    '1024',
    { min: 64, max: 1_048_576, unit: 'kB' },
    'postmaster',
    'Unread notifications of one client above which its live queries turn to resync.',
  ),
  integer(
    SettingName.kalamdbMaxMessageSize,
    '131072',
    { min: 64, max: 1_048_576, unit: 'kB' },
    'postmaster',
    'Largest protocol message that a client may send.',
  ),
  integer(
    SettingName.kalamdbMaxTransactionSize,
    '2097152',
    { min: 64, max: 2_147_483_647, unit: 'kB' },
    'postmaster',
    'Most memory that the writes of one transaction may take.',
  ),
  integer(
    SettingName.kalamdbStatementCacheSize,
    '65536',
    { min: 64, max: 2_147_483_647, unit: 'kB' },
    'postmaster',
    'Memory for parsed and planned statements.',
  ),
  string(SettingName.kalamdbVersion, '', 'internal', "The server's own version."),
];
