import type { Oid } from '../commons/ids.js';
import { SchemaName, SchemaOid, SystemRelation } from '../commons/system-names.js';
import { ArrayOid, TypeOid } from '../types/oids.js';
import { type ColumnDescriptor, Privilege, type SchemaDescriptor, type VirtualDescriptor } from './descriptors.js';
import { ALL_PRIVILEGES } from './privileges.js';

type Columns = readonly (readonly [name: string, type: Oid])[];

const { text, int4, int8, float8, bool, timestamptz, oid } = TypeOid;

/** The relations of schema `system`, by name: their columns. Oids follow the order here, from 9110; new ones go to the end. */
const RELATIONS: readonly (readonly [name: string, columns: Columns])[] = [
  [
    SystemRelation.users,
    [
      ['user_id', text],
      ['oid', oid],
      ['is_superuser', bool],
      ['can_login', bool],
      ['slot', int4],
      ['shard', int4],
      ['valid_until', timestamptz],
    ],
  ],
  [
    SystemRelation.tables,
    [
      ['schema_name', text],
      ['table_name', text],
      ['oid', oid],
      ['table_type', text],
      ['owner', text],
      ['storage', int8],
      ['serde', text],
      ['ttl_seconds', int8],
      ['deleted_retention_seconds', int8],
      ['deleted_retention_bytes', int8],
      ['estimated_rows', int8],
    ],
  ],
  [
    SystemRelation.sessions,
    [
      ['pid', int4],
      ['role', text],
      ['user_id', text],
      ['database', text],
      ['application_name', text],
      ['client_addr', text],
      ['client_port', int4],
      ['connected_at', timestamptz],
      ['transaction_start', timestamptz],
      ['statement_start', timestamptz],
      ['state', text],
      ['statement', text],
      ['live_queries', int4],
      ['isolation', text],
      ['snapshot_seq', int8],
      ['snapshot_behind', int8],
      ['snapshot_age', float8],
    ],
  ],
  [
    SystemRelation.liveQueries,
    [
      ['id', int8],
      ['pid', int4],
      ['user_id', text],
      ['channel', text],
      ['relation', text],
      ['query', text],
      ['since', timestamptz],
      ['since_seq', int8],
      ['notifications', int8],
      ['resyncs', int8],
      ['rows_held', int8],
      ['bytes_held', int8],
      ['bytes_queued', int8],
      ['lag_ms', float8],
    ],
  ],
  [
    SystemRelation.settings,
    [
      ['name', text],
      ['setting', text],
      ['unit', text],
      ['context', text],
      ['type', text],
      ['default', text],
      ['min', text],
      ['max', text],
      ['enum_values', text],
      ['source', text],
    ],
  ],
  [
    SystemRelation.slots,
    [
      ['slot', int4],
      ['shard', int4],
    ],
  ],
  [
    SystemRelation.auditLog,
    [
      ['at', timestamptz],
      ['event', text],
      ['role', text],
      ['user_id', text],
      ['database', text],
      ['client_addr', text],
      ['client_port', int4],
      ['tls', bool],
      ['method', text],
      ['pid', int4],
      ['sqlstate', text],
      ['detail', text],
    ],
  ],
  [
    SystemRelation.hba,
    [
      ['line_number', int4],
      ['in_force', bool],
      ['type', text],
      ['database', ArrayOid.text],
      ['user_name', ArrayOid.text],
      ['address', text],
      ['netmask', text],
      ['method', text],
      ['options', ArrayOid.text],
      ['error', text],
    ],
  ],
];

const FIRST_OID = SchemaOid.system + 10;

/** Descriptors of the system tables; `owner` is the bootstrap superuser. */
export function systemRelations(owner: Oid): readonly VirtualDescriptor[] {
  return RELATIONS.map(([name, columns], i) => ({
    kind: 'virtual',
    oid: FIRST_OID + 2 * i,
    rowType: FIRST_OID + 2 * i + 1,
    name,
    owner,
    schema: SchemaOid.system,
    persistence: 'permanent',
    relkind: 'v',
    // Everyone may look: who is no administrator sees their own lines (virtual/system/).
    acl: [{ grantee: 0, grantor: owner, privileges: Privilege.select, grantable: 0 }],
    columns: columns.map(column),
    provider: `${SchemaName.system}.${name}`,
  }));
}

function column([name, type]: readonly [string, Oid], i: number): ColumnDescriptor {
  return { number: i + 1, name, type, typmod: -1, notNull: false };
}

/** Schemas that exist from birth and are never stored. */
export function builtinSchemas(owner: Oid): readonly SchemaDescriptor[] {
  const acl = [
    { grantee: owner, grantor: owner, privileges: ALL_PRIVILEGES.schema, grantable: 0 },
    { grantee: 0, grantor: owner, privileges: Privilege.usage, grantable: 0 },
  ];
  return (
    [
      [SchemaOid.pgCatalog, SchemaName.pgCatalog],
      [SchemaOid.informationSchema, SchemaName.informationSchema],
      [SchemaOid.kalamdb, SchemaName.kalamdb],
      [SchemaOid.system, SchemaName.system],
    ] as const
  ).map(([schemaOid, name]) => ({ kind: 'schema', oid: schemaOid, name, owner, acl }));
}
