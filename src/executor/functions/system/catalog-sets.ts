import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { xidOf } from '../../../transaction/transaction-ids.js';
import { findTimeZone } from '../../../types/datetime/time-zone.js';
import { secondsOfTimestamp } from '../../../types/datetime/timestamp.js';
import { ZONES_BY_ABBREVIATION } from '../../../types/datetime/zone-names.js';
import { Interval, type Row, SqlArray, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';
import { partitionAncestors, partitionRoot, partitionTree } from './partitions.js';

/** name, abbreviation, offset now, and whether it is summer there. */
function* timeZones(cx: FunctionContext): Generator<Row> {
  const now = secondsOfTimestamp(cx.format.transactionStartMicros);
  for (const names of Object.values(ZONES_BY_ABBREVIATION)) {
    for (const name of names.split(' ')) {
      const segment = findTimeZone(name)?.segmentAt(now);
      if (segment !== undefined) yield [name, segment.abbreviation, new Interval(0, 0, segment.offset * 1e6), segment.isSummer];
    }
  }
}

/** Rows of a relation that the session makes. */
function sessionRows(provider: string): (args: readonly SqlValue[], cx: FunctionContext) => Iterable<Row> {
  return (_args, cx) => cx.session.virtualRows(provider) ?? [];
}

/** {name=value,…} as rows. */
function* options(array: SqlValue): Generator<Row> {
  if (!(array instanceof SqlArray)) return;
  for (const element of array.elements) {
    const text = typeof element === 'string' ? element : '';
    const equals = text.indexOf('=');
    yield equals < 0 ? [text, null] : [text.slice(0, equals), text.slice(equals + 1)];
  }
}

/** A qualified name's parts; unquoted ones in lower case. @throws SqlError 22023 */
function parseIdentifier(text: string, strict: boolean): SqlArray {
  const wrong = (detail?: string): SqlError =>
    new SqlError(SqlState.invalidParameterValue, `string is not a valid identifier: "${text}"`, { detail });
  const parts: string[] = [];
  const part = /\s*(?:"((?:[^"]|"")*)"|([A-Za-z_\u0080-\u{10ffff}][A-Za-z0-9_$\u0080-\u{10ffff}]*))\s*/uy;
  let at = 0;
  for (;;) {
    part.lastIndex = at;
    const match = part.exec(text);
    if (match === null) {
      const rest = text.slice(at).trimStart();
      if (rest.startsWith('"')) throw wrong('String has unclosed double quotes.');
      if (rest.startsWith('.')) throw wrong('No valid identifier before ".".');
      throw parts.length > 0 ? wrong('No valid identifier after ".".') : wrong();
    }
    if (match[1] === '') throw wrong('Quoted identifier must not be empty.');
    parts.push(match[1]?.replaceAll('""', '"') ?? (match[2] ?? '').toLowerCase());
    at = part.lastIndex;
    if (text[at] !== '.') break;
    at++;
  }
  if (at < text.length && strict) throw wrong();
  return new SqlArray(parts);
}

const nothing = (): readonly Row[] => [];

export const catalogSetFunctions: FunctionTable = {
  scalar: {
    parse_ident: parseIdentifier,
    pg_collation_actual_version: () => null,
    pg_database_collation_actual_version: () => null,
    pg_partition_root: partitionRoot,
    xid_age: (xid: number, cx: FunctionContext) => Math.max(0, Math.min(0x7fffffff, xidOf(cx.transaction.id) - xid)),
    mxid_age: () => 0,
  },
  set: {
    pg_timezone_names: (_args, cx) => timeZones(cx),
    pg_options_to_table: (args) => options(args[0] ?? null),
    show_all_settings: sessionRows('pg_catalog.pg_settings'),
    pg_lock_status: sessionRows('pg_catalog.pg_locks'),
    pg_prepared_statement: sessionRows('pg_catalog.pg_prepared_statements'),
    pg_cursor: sessionRows('pg_catalog.pg_cursors'),
    pg_prepared_xact: sessionRows('pg_prepared_xact'),
    pg_hba_file_rules: sessionRows('pg_catalog.pg_hba_file_rules'),
    pg_partition_tree: ([relation], cx) => partitionTree(relation ?? null, cx),
    pg_partition_ancestors: ([relation], cx) => partitionAncestors(relation ?? null, cx),
    pg_get_publication_tables: nothing,
    pg_event_trigger_ddl_commands: nothing,
    pg_event_trigger_dropped_objects: nothing,
  },
};
