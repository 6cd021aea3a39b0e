import { SettingName } from '../setting-names.js';
import type { SettingDefinition } from './definition.js';
import { enumeration, integer, string, toggle } from './shorthand.js';

const OFF_MEANS_NONE = { min: 0, max: 2_147_483_647, unit: 'ms' };
const ISOLATION_LEVELS = ['serializable', 'repeatable read', 'read committed', 'read uncommitted'];

/** What a client sets for itself: formats, time-outs, defaults of its transactions, who it acts as. */
export const CLIENT_SETTINGS: readonly SettingDefinition[] = [
  string(SettingName.applicationName, '', 'user', 'Name that the client gives itself, shown in lists of sessions.', { reported: true }),
  string(SettingName.clientEncoding, 'UTF8', 'user', 'Character set of the client.', { reported: true }),
  enumeration(
    SettingName.clientMinMessages,
    'notice',
    ['debug5', 'debug4', 'debug3', 'debug2', 'debug1', 'log', 'notice', 'warning', 'error'],
    'user',
    'Least severe message that is sent to the client.',
    { aliases: { debug: 'debug2', info: 'info', fatal: 'error', panic: 'error' } },
  ),
  string(SettingName.dateStyle, 'ISO, MDY', 'user', 'How dates are written, and in which order ambiguous ones are read.', {
    reported: true,
    affectsPlans: true,
    list: true,
  }),
  enumeration(
    SettingName.intervalStyle,
    'postgres',
    ['postgres', 'postgres_verbose', 'sql_standard', 'iso_8601'],
    'user',
    'How intervals are written.',
    { reported: true, affectsPlans: true },
  ),
  string(SettingName.timeZone, 'UTC', 'user', 'Time zone in which time stamps are read and written.', {
    reported: true,
    affectsPlans: true,
  }),
  integer(SettingName.extraFloatDigits, '1', { min: -15, max: 3 }, 'user', 'Digits of floating-point numbers: 1 and more is exact.'),
  enumeration(SettingName.byteaOutput, 'hex', ['escape', 'hex'], 'user', 'How byte strings are written.', {}),
  enumeration(SettingName.xmlOption, 'content', ['content', 'document'], 'user', 'How XML text is read.', {}),
  string(SettingName.searchPath, '"$user", public', 'user', 'Schemas in which names without one are looked for.', {
    affectsPlans: true,
    list: true,
  }),
  toggle(SettingName.standardConformingStrings, 'on', 'user', 'Backslashes in plain string literals stand for themselves.', {
    reported: true,
  }),
  toggle(SettingName.escapeStringWarning, 'on', 'user', 'Warns of backslash escapes in plain string literals.'),
  toggle(SettingName.checkFunctionBodies, 'on', 'user', 'Function bodies are checked when they are made.'),
  toggle(SettingName.rowSecurity, 'on', 'user', 'Row-level security applies.', { affectsPlans: true }),
  enumeration(
    SettingName.sessionReplicationRole,
    'origin',
    ['origin', 'replica', 'local'],
    'superuser',
    'Whether triggers and rules fire as for replication.',
    {},
  ),
  enumeration(
    SettingName.synchronousCommit,
    'on',
    ['local', 'remote_write', 'remote_apply', 'on', 'off'],
    'user',
    'When a commit is acknowledged: off: before it is durable; anything else: then.',
    { aliases: { true: 'on', yes: 'on', '1': 'on', false: 'off', no: 'off', '0': 'off' } },
  ),
  string(SettingName.defaultTableAccessMethod, 'heap', 'user', 'Only heap is accepted.'),
  enumeration(SettingName.passwordEncryption, 'scram-sha-256', ['md5', 'scram-sha-256'], 'user', 'How passwords are kept.', {}),
  integer(SettingName.statementTimeout, '0', OFF_MEANS_NONE, 'user', 'Longest that a statement may run; 0: no limit.'),
  integer(SettingName.lockTimeout, '0', OFF_MEANS_NONE, 'user', 'Longest wait for one lock; 0: no limit.'),
  integer(
    SettingName.idleInTransactionSessionTimeout,
    '0',
    OFF_MEANS_NONE,
    'user',
    'Longest that a session may idle within a transaction; 0: no limit.',
  ),
  integer(
    SettingName.idleSessionTimeout,
    '0',
    OFF_MEANS_NONE,
    'user',
    'Longest that a session may idle outside a transaction; 0: no limit.',
  ),
  integer(SettingName.transactionTimeout, '0', OFF_MEANS_NONE, 'user', 'Longest that a transaction may last; 0: no limit.'),
  enumeration(
    SettingName.defaultTransactionIsolation,
    'read committed',
    ISOLATION_LEVELS,
    'user',
    'Isolation level of new transactions.',
    {},
  ),
  toggle(SettingName.defaultTransactionReadOnly, 'off', 'user', 'New transactions are read-only.', { reported: true }),
  toggle(SettingName.defaultTransactionDeferrable, 'off', 'user', 'New transactions are deferrable.'),
  enumeration(SettingName.transactionIsolation, 'read committed', ISOLATION_LEVELS, 'user', "The current transaction's isolation level.", {
    keptByResetAll: true,
  }),
  toggle(SettingName.transactionReadOnly, 'off', 'user', 'The current transaction is read-only.', { keptByResetAll: true }),
  toggle(SettingName.transactionDeferrable, 'off', 'user', 'The current transaction is deferrable.', { keptByResetAll: true }),
  string(SettingName.role, 'none', 'user', 'The current role.', { hidden: true, keptByResetAll: true }),
  string(SettingName.sessionAuthorization, '', 'user', "The session's user.", { hidden: true, keptByResetAll: true, reported: true }),
  toggle(SettingName.isSuperuser, 'off', 'internal', 'The current role is a superuser.', { reported: true }),
];
