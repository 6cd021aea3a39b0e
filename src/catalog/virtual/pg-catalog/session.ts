import type { Row } from '../../../types/value.js';
import type { BuiltinSetting } from '../../builtin/index.js';
import { columnNumber, type Provider, type Providers, type VirtualScan } from '../scan.js';
import { sessionsSeen } from '../sessions-seen.js';
import { arrayOrNull } from '../values.js';

/** Relations whose rows session and server make; here stays what of them a role may see. */
export const SESSION_PROVIDERS: Providers = {
  'pg_catalog.pg_settings': settings,
  'pg_catalog.pg_stat_activity': activity,
  'pg_catalog.pg_stat_database': databaseCounters,
  'pg_catalog.pg_stat_ssl': encryption,
  ...fromSession('pg_hba_file_rules', 'pg_cursors', 'pg_locks', 'pg_prepared_statements', 'pg_prepared_xacts', 'pg_stat_gssapi'),
};

function fromSession(...names: readonly string[]): Providers {
  const provider: Provider = (scan) => scan.cx.sessionRows(scan.table.provider) ?? [];
  return Object.fromEntries(names.map((name) => [`pg_catalog.${name}`, provider]));
}

/** The session's settings; their defaults where no session is at hand. */
function settings(scan: VirtualScan): Iterable<Row> {
  return scan.cx.sessionRows(scan.table.provider) ?? scan.catalog.builtin.settings().map(settingRow);
}

function settingRow(setting: BuiltinSetting): Row {
  return [
    setting.name,
    setting.bootValue ?? null,
    setting.unit ?? null,
    setting.category,
    '', // short_desc
    null, // extra_desc
    setting.context,
    setting.type,
    'default', // source
    setting.minimum ?? null,
    setting.maximum ?? null,
    arrayOrNull(setting.enumValues),
    setting.bootValue ?? null,
    setting.bootValue ?? null,
    null, // sourcefile
    null, // sourceline
    false, // pending_restart
  ];
}

/** Who may see a backend sees all of it; others see that it is there. */
function* activity(scan: VirtualScan): Iterable<Row> {
  const isSeen = sessionsSeen(scan);
  const pid = columnNumber(scan.table, 'pid') - 1;
  for (const row of scan.cx.sessionRows(scan.table.provider) ?? []) yield isSeen(row[pid]) ? row : withheld(scan, row);
}

/** How others connect, and by which certificate, is theirs to know. */
function* encryption(scan: VirtualScan): Iterable<Row> {
  const isSeen = sessionsSeen(scan);
  for (const row of scan.cx.sessionRows(scan.table.provider) ?? [])
    yield isSeen(row[0]) ? row : row.map((value, i) => (i === 0 ? value : null));
}

const SHOWN_TO_ALL: ReadonlySet<string> = new Set(['datid', 'datname', 'pid', 'usesysid', 'usename', 'application_name']);

function withheld(scan: VirtualScan, row: Row): Row {
  return scan.table.columns.map(({ name }, i) => {
    if (name === 'query') return '<insufficient privilege>';
    return SHOWN_TO_ALL.has(name) ? (row[i] ?? null) : null;
  });
}

/** The first row is what all databases share. */
function* databaseCounters(scan: VirtualScan): Iterable<Row> {
  const counted = new Map(Array.from(scan.cx.sessionRows(scan.table.provider) ?? [], ([oid, ...counters]) => [oid, counters]));
  const none = scan.table.columns.slice(2).map(() => null);
  for (const { oid, name } of [{ oid: 0, name: null }, ...scan.catalog.databases()]) yield [oid, name, ...(counted.get(oid) ?? none)];
}
