import type { TableDescriptor, TableType } from '../../catalog/descriptors.js';
import { SettingName } from '../../commons/setting-names.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { DefElement } from '../../planner/parse/ast.js';
import type { SerdeName } from '../../store/row.js';
import { parseInterval } from '../../types/datetime/parse-interval.js';
import { sizeInBytes } from '../functions/system/sizes.js';
import type { UtilityContext } from './context.js';
import { integerOption, textOption, uniqueOptions } from './options.js';
import type { OwnerOptions } from './table-type.js';

/** What WITH (…) says of a table: our own options, and PostgreSQL's storage parameters, which are kept and shown but mean nothing here. */
export type TableOptions = Pick<TableDescriptor, 'tableType' | 'serde' | 'deletedRetentionMs' | 'options'> &
  Partial<Pick<TableDescriptor, 'ttlMicros' | 'deletedRetentionBytes'>>;

/** Of streams: a commit is acknowledged once it is on the disk. */
const DURABLE = 'durable';
const DEFAULT_DELETED_RETENTION_MS = 7 * 24 * 3600 * 1000;
const MICROS_PER_DAY = 86_400_000_000;
const DAYS_PER_MONTH = 30;

const POSTGRES_PARAMETERS =
  /^(toast\.)?(fillfactor|parallel_workers|user_catalog_table|vacuum_truncate|vacuum_index_cleanup|log_autovacuum_min_duration|toast_tuple_target|autovacuum_[a-z_]+)$/;

/**
 * @throws SqlError 22023, 42601
 */
export function tableOptions(given: readonly DefElement[], temporary: boolean, cx: UtilityContext): TableOptions {
  const options = uniqueOptions(given, fullName);
  const shown: Record<string, string> = {};
  for (const option of options.values()) {
    const name = option.namespace === undefined ? option.name : `${option.namespace}.${option.name}`;
    if (OWN_OPTIONS.has(name) || POSTGRES_PARAMETERS.test(name)) shown[name] = checkedOption(name, textOption(option));
    else if (name === 'oids') refuseOids(option);
    else throw new SqlError(SqlState.invalidParameterValue, `unrecognized parameter "${name}"`);
  }
  const tableType = typeOf(options.get('type'), temporary, cx);
  const ttl = options.get('ttl');
  if (ttl !== undefined && tableType !== 'stream') throw invalid('parameter "ttl" is for stream tables only');
  if (ttl === undefined && tableType === 'stream')
    throw new SqlError(SqlState.invalidParameterValue, 'a stream table needs a time to live', {
      hint: "Say how long its rows live: WITH (type = 'stream', ttl = '30 s').",
    });
  if (options.has(DURABLE) && tableType !== 'stream') throw invalid(`parameter "${DURABLE}" is for stream tables only`);
  const retention = options.get('deleted_retention');
  const retentionSize = options.get('deleted_retention_size');
  return {
    tableType,
    serde: serdeOf(options.get('serde')),
    deletedRetentionMs:
      retention === undefined ? DEFAULT_DELETED_RETENTION_MS : Math.round(positive(retention, micros(retention, cx)) / 1000),
    options: tableType === 'shared' ? shown : { ...shown, type: tableType },
    ...(ttl === undefined ? {} : { ttlMicros: positive(ttl, micros(ttl, cx)) }),
    ...(retentionSize === undefined ? {} : { deletedRetentionBytes: sizeOf(retentionSize) }),
  };
}

type OptionsTarget = { readonly draft: { table: TableDescriptor } };

/**
 * ALTER TABLE … SET and RESET: what the table was given at first and what is said now, read as if it were given today.
 * @returns what is said of a change of type alone
 * @throws SqlError 22023, 42601
 */
export function setTableOptions(
  { draft }: OptionsTarget,
  change: { readonly type: 'set options' | 'reset options'; readonly options: readonly DefElement[] },
  cx: UtilityContext,
): OwnerOptions {
  const { ttlMicros: _ttl, deletedRetentionBytes: _size, ...table } = draft.table;
  const now = new Map(Object.entries(table.options).map(([name, value]) => [name, asElement(name, value)]));
  now.set('type', asElement('type', table.tableType));
  const owners: { userIdColumn?: string; userId?: string } = {};
  for (const option of uniqueOptions(change.options, fullName).values()) {
    const name = fullName(option);
    if (change.type === 'reset options') {
      if (option.value !== undefined) throw new SqlError(SqlState.syntaxError, 'RESET must not include values for parameters');
      if (name === 'type') now.set(name, asElement(name, 'shared'));
      else now.delete(name);
    } else if (name === 'user_id_column') owners.userIdColumn = textOption(option);
    else if (name === 'user_id') owners.userId = textOption(option);
    else {
      now.delete(name);
      now.set(name, option);
    }
  }
  const type = now.get('type');
  if (type !== undefined && textOption(type).toLowerCase() !== 'stream' && !change.options.some(({ name }) => name === 'ttl'))
    for (const name of ['ttl', DURABLE]) now.delete(name);
  const options = tableOptions([...now.values()], false, cx);
  const { type: _type, ...shown } = options.options;
  draft.table = { ...table, ...options, options: options.tableType === 'shared' ? shown : options.options };
  if (table.persistence === 'temporary' && options.tableType !== 'shared')
    throw invalid('a temporary table is a shared table of its session: leave out "type"');
  if (options.tableType === table.tableType && (owners.userId !== undefined || owners.userIdColumn !== undefined))
    throw invalid(`parameter "${owners.userId === undefined ? 'user_id_column' : 'user_id'}" is for changing the type of a table`);
  return owners;
}

const fullName = ({ namespace, name }: DefElement): string => (namespace === undefined ? name : `${namespace}.${name}`);

function asElement(full: string, value: string): DefElement {
  const dot = full.indexOf('.');
  const named = dot < 0 ? { name: full } : { namespace: full.slice(0, dot), name: full.slice(dot + 1) };
  return { ...named, value: { type: 'string', value } };
}

const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  fillfactor: [10, 100],
  parallel_workers: [0, 1024],
  toast_tuple_target: [128, 8160],
};
const BOOLEANS: ReadonlySet<string> = new Set(['autovacuum_enabled', 'user_catalog_table', 'vacuum_truncate', DURABLE]);

/** @throws SqlError 22023 */
function checkedOption(name: string, text: string): string {
  const bounds = BOUNDS[name];
  if (bounds !== undefined) {
    const [least, most] = bounds;
    if (!/^-?\d+$/.test(text)) throw invalid(`invalid value for integer option "${name}": ${text}`);
    if (Number(text) < least || Number(text) > most)
      throw new SqlError(SqlState.invalidParameterValue, `value ${text} out of bounds for option "${name}"`, {
        detail: `Valid values are between "${least}" and "${most}".`,
      });
  }
  if (BOOLEANS.has(name.replace(/^toast\./, '')) && !/^(t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|0|1)$/i.test(text))
    throw invalid(`invalid value for boolean option "${name}": ${text}`);
  return text;
}

const OWN_OPTIONS: ReadonlySet<string> = new Set(['type', 'ttl', 'serde', 'deleted_retention', 'deleted_retention_size', DURABLE]);

function typeOf(option: DefElement | undefined, temporary: boolean, cx: UtilityContext): Exclude<TableType, 'system'> {
  if (option === undefined) {
    // A temporary table is its session's anyway.
    const preset = temporary ? 'shared' : cx.session.getSetting(SettingName.kalamdbDefaultTableType, true);
    return preset === 'user' || preset === 'stream' ? preset : 'shared';
  }
  const text = textOption(option).toLowerCase();
  if (text !== 'user' && text !== 'shared' && text !== 'stream')
    throw new SqlError(SqlState.invalidParameterValue, `invalid value for parameter "type": "${text}"`, {
      hint: 'A table is of type user, shared or stream.',
    });
  if (temporary && text !== 'shared') throw invalid('a temporary table is a shared table of its session: leave out "type"');
  return text;
}

function serdeOf(option: DefElement | undefined): SerdeName {
  const text = option === undefined ? 'msgpack' : textOption(option).toLowerCase();
  if (text === 'msgpack' || text === 'json') return text;
  throw new SqlError(SqlState.invalidParameterValue, `invalid value for parameter "serde": "${text}"`, {
    hint: 'Available values: msgpack, json.',
  });
}

/** A plain number is seconds, a text an interval. */
function micros(option: DefElement, cx: UtilityContext): number {
  if (option.value?.type === 'integer') return Number(integerOption(option)) * 1_000_000;
  const text = textOption(option);
  if (/^\d+$/.test(text)) return Number(text) * 1_000_000;
  const interval = parseInterval(text, cx.format, -1);
  return (interval.months * DAYS_PER_MONTH + interval.days) * MICROS_PER_DAY + Number(interval.micros);
}

/** A plain number is bytes. @throws SqlError 22023 */
function sizeOf(option: DefElement): number {
  const size = Number(sizeInBytes(textOption(option)));
  if (size < 0) throw invalid(`parameter "${option.name}" must not be less than zero`);
  return size;
}

function positive(option: DefElement, value: number): number {
  if (value <= 0) throw invalid(`parameter "${option.name}" must be more than zero`);
  return value;
}

function refuseOids(option: DefElement): void {
  if (textOption(option) !== 'false') throw new SqlError(SqlState.featureNotSupported, 'tables declared WITH OIDS are not supported');
}

function invalid(message: string): SqlError {
  return new SqlError(SqlState.invalidParameterValue, message);
}
