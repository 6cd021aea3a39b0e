/** Names and fixed numbers of what the server itself brings: each stands here once (law 3). */

export const SchemaOid = {
  pgCatalog: 11,
  pgToast: 99,
  informationSchema: 13_207,
  public: 2200,
  kalamdb: 9000,
  system: 9100,
} as const;

export const SchemaName = {
  pgCatalog: 'pg_catalog',
  informationSchema: 'information_schema',
  public: 'public',
  kalamdb: 'kalamdb',
  system: 'system',
  /** The alias by which every session calls its own temporary schema. */
  temporary: 'pg_temp',
} as const;

/** Tables that the server stores for itself: each is a space `system.<table>`. */
export const SystemSpace = {
  catalog: 'catalog',
  slots: 'slots',
  /** Spaces that were dropped and are yet to be emptied. */
  droppedSpaces: 'dropped_spaces',
  /** Transactions between PREPARE TRANSACTION and their end. */
  preparedTransactions: 'prepared_transactions',
  /** How far the numbers of transactions are reserved. */
  transactionIds: 'transaction_ids',
  /** How far each sequence is. */
  sequences: 'sequences',
  /** Up to which commit the tombstones of each storage may be gone. */
  purgeHorizons: 'purge_horizons',
} as const;

/** The relations of schema `system`: views of the server's own state. Oids below 10000 are ours. */
export const SystemRelation = {
  users: 'users',
  tables: 'tables',
  sessions: 'sessions',
  liveQueries: 'live_queries',
  settings: 'settings',
  slots: 'slots',
  auditLog: 'audit_log',
  hba: 'hba',
} as const;

/** PostgreSQL's predefined roles (manual, "Predefined Roles"). */
export const PredefinedRoleOid = {
  monitor: 3373,
  readAllSettings: 3374,
  readAllStats: 3375,
  statScanTables: 3377,
  signalBackend: 4200,
  checkpoint: 4544,
  readServerFiles: 4569,
  writeServerFiles: 4570,
  executeServerProgram: 4571,
  databaseOwner: 6171,
  readAllData: 6181,
  writeAllData: 6182,
} as const;
export const PredefinedRoleName: Readonly<Record<keyof typeof PredefinedRoleOid, string>> = {
  monitor: 'pg_monitor',
  readAllSettings: 'pg_read_all_settings',
  readAllStats: 'pg_read_all_stats',
  statScanTables: 'pg_stat_scan_tables',
  signalBackend: 'pg_signal_backend',
  checkpoint: 'pg_checkpoint',
  readServerFiles: 'pg_read_server_files',
  writeServerFiles: 'pg_write_server_files',
  executeServerProgram: 'pg_execute_server_program',
  databaseOwner: 'pg_database_owner',
  readAllData: 'pg_read_all_data',
  writeAllData: 'pg_write_all_data',
};

export const RoleOid = {
  /** The bootstrap superuser has PostgreSQL's number. */
  postgres: 10,
  service: 9200,
  admin: 9201,
  ...PredefinedRoleOid,
} as const;
export const RoleName = {
  postgres: 'postgres',
  /** Members may act for end users by kalamdb.user_id. */
  service: 'kalamdb_service',
  /** Members may read all partitions by kalamdb.all_users, and the system tables. */
  admin: 'kalamdb_admin',
  ...PredefinedRoleName,
} as const;

/** What a server is born with, by PostgreSQL's numbers. */
export const DatabaseName = { postgres: 'postgres', template0: 'template0', template1: 'template1' } as const;
export const DatabaseOid = { postgres: 5, template0: 4, template1: 1 } as const;

/** A user hashes to one of so many slots; slots map to shards. */
export const SLOT_COUNT = 1024;
