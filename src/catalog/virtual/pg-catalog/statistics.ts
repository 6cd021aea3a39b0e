import { TableCounters } from '../../../commons/activity-counters.js';
import type { Oid } from '../../../commons/ids.js';
import type { FormatContext } from '../../../types/format-context.js';
import { codecFor } from '../../../types/type-codec.js';
import { type Row, SqlArray, type SqlValue } from '../../../types/value.js';
import { schemaName } from '../../definitions/index.js';
import { type ColumnStatistics, Privilege, type RelationDescriptor } from '../../descriptors.js';
import { Access } from '../access.js';
import { relationKind, relationsFor, tablesFor } from '../relation-lookup.js';
import type { Provider, Providers, VirtualScan } from '../scan.js';
import { sequencesFor } from './sequence.js';

/**
 * pg_stats from what ANALYZE gathered, and the cumulative statistics views: what is done with tables and indexes is counted from the server's
 * start on; n_live_tup is the server's estimate. Blocks are not counted: the store has none of PostgreSQL's.
 */
export const STATISTICS_PROVIDERS: Providers = {
  'pg_catalog.pg_stats': columnStatistics,
  ...byOwner('pg_stat', 'tables', tableCounters),
  ...byOwner('pg_stat_xact', 'tables', (scan, of) => tableRows(scan, of, 8)),
  ...byOwner('pg_statio', 'tables', (scan, of) => tableRows(scan, of, 8)),
  ...byOwner('pg_stat', 'indexes', indexCounters),
  ...byOwner('pg_statio', 'indexes', (scan, of) => indexRows(scan, of, 2)),
  ...byOwner('pg_statio', 'sequences', sequenceRows),
};

/** Which relations: all, the system's, the users'. */
type Of = 'all' | 'sys' | 'user';

function byOwner(prefix: string, suffix: string, rows: (scan: VirtualScan, of: Of) => Iterable<Row>): Providers {
  const provider = (of: Of): [string, Provider] => [`pg_catalog.${prefix}_${of}_${suffix}`, (scan) => rows(scan, of)];
  return Object.fromEntries([provider('all'), provider('sys'), provider('user')]);
}

function belongs(schema: string, of: Of): boolean {
  const isSystem = schema === 'pg_catalog' || schema === 'information_schema' || schema.startsWith('pg_toast');
  return of === 'all' || isSystem === (of === 'sys');
}

function* tablesOf(scan: VirtualScan, of: Of): Iterable<{ readonly table: RelationDescriptor; readonly schema: string }> {
  const wanted = { oid: scan.number('relid'), schemaName: scan.text('schemaname'), name: scan.text('relname') };
  for (const table of relationsFor(scan.catalog, wanted)) {
    if (relationKind(table) !== 'r') continue;
    const schema = schemaName(scan.catalog, table.schema);
    if (belongs(schema, of)) yield { table, schema };
  }
}

function zeros(count: number): SqlValue[] {
  return new Array<SqlValue>(count).fill(0);
}

function* tableCounters(scan: VirtualScan, of: Of): Iterable<Row> {
  for (const { table, schema } of tablesOf(scan, of)) {
    const live = table.kind === 'table' ? Math.max(0, Math.round(scan.cx.estimatedRows(table.oid))) : 0;
    const done = scan.cx.counters?.known(table.oid) ?? UNTOUCHED;
    const hasIndexes = scan.catalog.indexesOf(table.oid).length > 0;
    yield [
      table.oid,
      schema,
      table.name,
      done.seqScans,
      done.seqRead,
      hasIndexes ? done.indexScans : null,
      hasIndexes ? done.indexFetched : null,
      done.inserted,
      done.updated,
      done.deleted,
      0, // n_tup_hot_upd
      live,
      0, // n_dead_tup
      done.changes - done.changesAnalyzed,
      done.inserted - done.insertsVacuumed,
      done.vacuumedMicros ?? null,
      null, // last_autovacuum
      done.analyzedMicros ?? null,
      null, // last_autoanalyze
      done.vacuums,
      0, // autovacuum_count
      done.analyses,
      0, // autoanalyze_count
    ];
  }
}

const UNTOUCHED = new TableCounters();

function* indexCounters(scan: VirtualScan, of: Of): Iterable<Row> {
  for (const { table, schema } of tablesOf(scan, of)) {
    const done = scan.cx.counters?.known(table.oid);
    for (const { oid, name } of scan.catalog.indexesOf(table.oid)) {
      const index = done?.indexes.get(oid);
      yield [table.oid, oid, schema, table.name, name, index?.scans ?? 0, index?.read ?? 0, index?.fetched ?? 0];
    }
  }
}

function* tableRows(scan: VirtualScan, of: Of, counters: number): Iterable<Row> {
  for (const { table, schema } of tablesOf(scan, of)) yield [table.oid, schema, table.name, ...zeros(counters)];
}

function* indexRows(scan: VirtualScan, of: Of, counters: number): Iterable<Row> {
  for (const { table, schema } of tablesOf(scan, of))
    for (const index of scan.catalog.indexesOf(table.oid)) yield [table.oid, index.oid, schema, table.name, index.name, ...zeros(counters)];
}

function* sequenceRows(scan: VirtualScan, of: Of): Iterable<Row> {
  const wanted = { oid: scan.number('relid'), schemaName: scan.text('schemaname'), name: scan.text('relname') };
  for (const sequence of sequencesFor(scan, wanted)) {
    const schema = schemaName(scan.catalog, sequence.schema);
    if (belongs(schema, of)) yield [sequence.oid, schema, sequence.name, 0, 0];
  }
}

function* columnStatistics(scan: VirtualScan): Iterable<Row> {
  const { catalog } = scan;
  const access = new Access(scan);
  for (const table of tablesFor(catalog, { schemaName: scan.text('schemaname'), name: scan.text('tablename') })) {
    const statistics = catalog.statistics(table.oid);
    if (statistics === undefined || !access.may(table, Privilege.select)) continue;
    // Whom row-level security keeps from rows, it keeps from their values too.
    if (table.rowSecurity?.enabled === true && !access.hasRole(table.owner)) continue;
    if (statistics.users !== undefined && !access.isAdministrator) continue;
    const schema = schemaName(catalog, table.schema);
    for (const column of table.columns) {
      const facts = statistics.columns[column.number];
      if (facts === undefined || column.dropped === true || !access.mayColumn(table, column.number, Privilege.select)) continue;
      yield [schema, table.name, column.name, ...statisticsColumns(facts, column.type)];
    }
  }
}

/** Values of any type as texts, which is what anyarray holds here. */
function texts(values: readonly SqlValue[], type: Oid): SqlArray {
  const codec = codecFor(type);
  return new SqlArray(values.map((value) => (value === null || codec === undefined ? null : codec.output(value, FORMAT))));
}

const FORMAT: FormatContext = {
  dateStyle: 'ISO',
  dateOrder: 'MDY',
  timeZone: 'UTC',
  intervalStyle: 'postgres',
  byteaOutput: 'hex',
  transactionStartMicros: 0,
  extraFloatDigits: 1,
};

function statisticsColumns(facts: ColumnStatistics, type: Oid): Row {
  const common = facts.mostCommon ?? [];
  return [
    false, // inherited
    facts.nullFraction,
    facts.averageWidth,
    facts.distinct,
    common.length === 0
      ? null
      : texts(
          common.map((entry) => entry.value),
          type,
        ),
    common.length === 0 ? null : new SqlArray(common.map((entry) => Math.fround(entry.fraction))),
    facts.histogram === undefined ? null : texts(facts.histogram, type),
    null, // correlation
    null,
    null,
    null,
  ];
}
