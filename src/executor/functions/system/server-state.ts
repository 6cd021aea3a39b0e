import { KEYWORDS_BY_CATEGORY } from '../../../commons/keywords.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { ZONE_ABBREVIATIONS } from '../../../types/datetime/zone-abbreviations.js';
import { TypeOid } from '../../../types/oids.js';
import { regOidOf } from '../../../types/reg-codecs.js';
import { Interval, type Row, SqlArray, SqlRecord } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

/** A commit's number in the form of a position in PostgreSQL's log: it grows with every commit, which is what such positions are compared for. */
function position(cx: FunctionContext): string {
  return Number(cx.view.seq).toString(16).padStart(16, '0');
}

const SEGMENT_SIZE = 16n * 1024n * 1024n;
const TIMELINE = '00000001';

function segmentOf(lsn: string): { readonly name: string; readonly offset: number } {
  const at = BigInt(`0x${lsn}`);
  const segment = at / SEGMENT_SIZE;
  const perLog = 0x1_0000_0000n / SEGMENT_SIZE;
  const hex = (value: bigint) => value.toString(16).toUpperCase().padStart(8, '0');
  return { name: `${TIMELINE}${hex(segment / perLog)}${hex(segment % perLog)}`, offset: Number(at % SEGMENT_SIZE) };
}

const CATEGORIES = [
  ['U', 'unreserved'],
  ['C', 'unreserved (cannot be function or type name)'],
  ['T', 'reserved (can be function or type name)'],
  ['R', 'reserved'],
] as const;
/** What can be no column's label without AS. */
const NEEDS_AS: ReadonlySet<string> = new Set(
  (
    'array as char character create day except fetch filter for from grant group having hour intersect into isnull limit minute month ' +
    'notnull offset on order over overlaps precision returning second to union varying where window with within without year'
  ).split(' '),
);

function keywords(): readonly Row[] {
  const rows = CATEGORIES.flatMap(([code, description]) =>
    KEYWORDS_BY_CATEGORY[code].map((word): Row => {
      const bare = !NEEDS_AS.has(word);
      return [word, code, bare, description, bare ? 'can be bare label' : 'requires AS'];
    }),
  );
  return rows.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
}

function zoneAbbreviations(): readonly Row[] {
  return [...ZONE_ABBREVIATIONS].map(([name, { offset, isSummer }]) => [
    name.toUpperCase(),
    new Interval(0, 0, offset * 1_000_000),
    isSummer,
  ]);
}

/** Of an access method (pg_indexam_has_property), an index, or one of its columns. NULL for a property that it does not have a say in. */
const METHOD_PROPERTIES: Readonly<Record<string, Readonly<Record<string, boolean>>>> = {
  btree: { can_order: true, can_unique: true, can_multi_col: true, can_exclude: true, can_include: true },
  hash: { can_order: false, can_unique: false, can_multi_col: false, can_exclude: true, can_include: false },
  gist: { can_order: false, can_unique: false, can_multi_col: true, can_exclude: true, can_include: true },
  spgist: { can_order: false, can_unique: false, can_multi_col: false, can_exclude: true, can_include: true },
  gin: { can_order: false, can_unique: false, can_multi_col: true, can_exclude: false, can_include: false },
  brin: { can_order: false, can_unique: false, can_multi_col: true, can_exclude: false, can_include: false },
};
const INDEX_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  clusterable: ['btree', 'gist'],
  index_scan: ['btree', 'hash', 'gist', 'spgist'],
  bitmap_scan: ['btree', 'hash', 'gist', 'spgist', 'gin', 'brin'],
  backward_scan: ['btree', 'hash'],
};

function indexOf(oid: number, cx: FunctionContext) {
  const relation = cx.catalog.relationByOid(oid);
  return relation?.kind === 'index' ? relation : undefined;
}

function methodProperty(oid: number, property: string, cx: FunctionContext): boolean | null {
  const method = cx.catalog.builtin.accessMethods().find((candidate) => candidate.oid === oid);
  return METHOD_PROPERTIES[method?.name ?? '']?.[property.toLowerCase()] ?? null;
}

function indexProperty(oid: number, property: string, cx: FunctionContext): boolean | null {
  const index = indexOf(oid, cx);
  const methods = INDEX_PROPERTIES[property.toLowerCase()];
  return index === undefined || methods === undefined ? null : methods.includes(index.method);
}

function columnProperty(oid: number, number: number, property: string, cx: FunctionContext): boolean | null {
  const index = indexOf(oid, cx);
  const column = index?.columns[number - 1];
  if (index === undefined || column === undefined) return null;
  const isOrdered = index.method === 'btree';
  switch (property.toLowerCase()) {
    case 'asc':
      return isOrdered && !column.descending;
    case 'desc':
      return isOrdered && column.descending;
    case 'nulls_first':
      return isOrdered && column.nullsFirst;
    case 'nulls_last':
      return isOrdered && !column.nullsFirst;
    case 'orderable':
      return isOrdered;
    case 'distance_orderable':
      return false;
    case 'returnable':
      return isOrdered;
    case 'search_array':
      return isOrdered;
    case 'search_nulls':
      return isOrdered || index.method === 'gist' || index.method === 'brin';
    default:
      return null;
  }
}

function relationOfFile(_tablespace: number, file: number, cx: FunctionContext): number | null {
  for (const relation of cx.catalog.relations()) if ('storage' in relation && relation.storage === file) return relation.oid;
  return null;
}

function filePath(oid: number, cx: FunctionContext): string | null {
  const relation = cx.catalog.relationByOid(oid);
  return relation !== undefined && 'storage' in relation ? `base/${cx.catalog.database().oid}/${relation.storage}` : null;
}

const noRecovery = (): never => {
  throw new SqlError(SqlState.objectNotInPrerequisiteState, 'recovery is not in progress', {
    hint: 'Recovery control functions can only be executed during recovery.',
  });
};

function noCommitTimes(): never {
  throw new SqlError(SqlState.objectNotInPrerequisiteState, 'could not get commit timestamp data', {
    hint: 'Make sure the configuration parameter "track_commit_timestamp" is set.',
  });
}

const noLonger = (name: string) => (): never => {
  throw new SqlError(SqlState.featureNotSupported, `${name} is no longer supported`);
};

export const serverStateFunctions: FunctionTable = {
  scalar: {
    pg_current_wal_lsn: position,
    pg_current_wal_insert_lsn: position,
    pg_current_wal_flush_lsn: position,
    pg_switch_wal: position,
    pg_walfile_name: (lsn: string) => segmentOf(lsn).name,
    pg_walfile_name_offset: (lsn: string) => {
      const { name, offset } = segmentOf(lsn);
      return new SqlRecord([name, offset], [TypeOid.text, TypeOid.int4], ['file_name', 'file_offset']);
    },
    pg_last_wal_receive_lsn: () => null,
    pg_last_wal_replay_lsn: () => null,
    pg_wal_replay_pause: noRecovery,
    pg_wal_replay_resume: noRecovery,
    pg_get_wal_replay_pause_state: noRecovery,
    pg_promote: noRecovery,
    pg_xact_commit_timestamp: noCommitTimes,
    pg_xact_commit_timestamp_origin: noCommitTimes,
    pg_last_committed_xact: noCommitTimes,
    aclinsert: noLonger('aclinsert'),
    aclremove: noLonger('aclremove'),
    // Equal keys look alike: in every collation there is, too.
    btequalimage: () => true,
    btvarstrequalimage: () => true,
    pg_indexam_has_property: methodProperty,
    pg_index_has_property: indexProperty,
    pg_index_column_has_property: columnProperty,
    pg_indexam_progress_phasename: () => null,
    pg_relation_filepath: filePath,
    pg_filenode_relation: relationOfFile,
    pg_settings_get_flags: (name: string, cx: FunctionContext) =>
      cx.session.getSetting(name, true) === undefined ? null : new SqlArray([]),
    pg_import_system_collations: () => 0,
    pg_isolation_test_session_is_blocked: () => false,
    amvalidate: () => true,
    brin_summarize_new_values: () => 0,
    brin_summarize_range: () => 0,
    brin_desummarize_range: () => '',
    gin_clean_pending_list: () => 0,
    pg_extension_config_dump: () => {
      throw new SqlError(
        SqlState.objectNotInPrerequisiteState,
        'pg_extension_config_dump() can only be called from an SQL script executed by CREATE EXTENSION',
      );
    },
    currtid_byrelname: (name: string, _tid: string, cx: FunctionContext) => {
      regOidOf('regclass', name, cx.format);
      return null;
    },
  },
  set: {
    pg_get_keywords: keywords,
    pg_timezone_abbrevs: zoneAbbreviations,
    pg_config: () => [],
    pg_get_wal_resource_managers: () => [],
    pg_stat_get_backend_idset: (_args, cx) => [cx.session.backendPid],
  },
};
