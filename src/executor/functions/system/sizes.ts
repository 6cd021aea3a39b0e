import { type DatabaseDescriptor, Privilege } from '../../../catalog/descriptors.js';
import { isMemberOf, privilegesOf } from '../../../catalog/privileges.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { RoleOid } from '../../../commons/system-names.js';
import { type Int8, int8OfBigInt } from '../../../types/integer.js';
import { numericAbs, numericDivideTruncated, numericMultiply } from '../../../types/numeric/arithmetic.js';
import { numericToInt8 } from '../../../types/numeric/conversions.js';
import { compareNumeric, formatNumeric, numericOfInteger, parseNumeric } from '../../../types/numeric/numeric.js';
import type { Numeric } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import { sizeOf } from '../aggregates/collecting.js';
import type { FunctionTable } from '../table.js';

/** Rows of a relation when nobody counted its bytes: a page at least, PostgreSQL's width for unknown columns otherwise. */
const BYTES_PER_ROW = 64;

/** An estimate from statistics; null when there is no such relation, as for one that was just dropped. */
function relationSize(oid: number, cx: FunctionContext): Int8 | null {
  const relation = cx.catalog.relationByOid(oid);
  if (relation === undefined) return null;
  if (relation.kind !== 'table') return 0;
  return Math.round((cx.catalog.statistics(oid)?.rows ?? 0) * BYTES_PER_ROW);
}

/** What all databases take: they lie in one store. */
const storeSize = (cx: FunctionContext): Int8 => cx.session.transactions.store.stats().sizeBytes;

/** The store does not tell whose its pages are, so each database is said to be as large as all. @throws SqlError 42501 */
function databaseSize(database: DatabaseDescriptor, cx: FunctionContext): Int8 {
  const { catalog, session } = cx;
  const mayConnect = (privilegesOf(catalog, session.currentRole, 'database', database) & Privilege.connect) !== 0;
  if (!mayConnect && !isMemberOf(catalog, session.currentRole, RoleOid.readAllStats))
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for database ${database.name}`);
  return storeSize(cx);
}

function databaseSizeByName(name: string, cx: FunctionContext): Int8 {
  const database = cx.catalog.databaseNamed(name);
  if (database === undefined) throw new SqlError(SqlState.invalidCatalogName, `database "${name}" does not exist`);
  return databaseSize(database, cx);
}

function databaseSizeByOid(oid: number, cx: FunctionContext): Int8 | null {
  for (const database of cx.catalog.databases()) if (database.oid === oid) return databaseSize(database, cx);
  return null;
}

const UNITS: readonly string[] = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
/** A unit is used up to 10240 of it; beyond the first, sizes are halves of the unit below, rounded. */
const LIMIT = 10 * 1024;

function pretty(size: bigint): string {
  if (abs(size) < BigInt(LIMIT)) return `${size} bytes`;
  // Each size is kept doubled, so that the last bit says how to round.
  let doubled = size / 512n;
  for (let unit = 1; ; unit++) {
    if (abs(doubled) < BigInt(LIMIT * 2 - 1) || unit === UNITS.length - 1) return `${halfRounded(doubled)} ${UNITS[unit]}`;
    doubled /= 1024n;
  }
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);
const halfRounded = (value: bigint): bigint => (value >= 0n ? (value + 1n) / 2n : (value - 1n) / 2n);

function prettyNumeric(size: Numeric): string {
  if (compareNumeric(numericAbs(size), numericOfInteger(LIMIT)) < 0) return `${formatNumeric(size)} bytes`;
  return pretty(BigInt(formatNumeric(numericDivideTruncated(size, numericOfInteger(1)))));
}

const FACTORS: Readonly<Record<string, number>> = { bytes: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3, tb: 1024 ** 4, pb: 1024 ** 5 };

/** @throws SqlError 22023 */
export function sizeInBytes(text: string): Int8 {
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*$/.exec(text);
  if (match === null) throw new SqlError(SqlState.invalidParameterValue, `invalid size: "${text}"`);
  const [, digits = '', unit = ''] = match;
  const factor = unit === '' ? 1 : FACTORS[unit.toLowerCase()];
  if (factor === undefined) {
    throw new SqlError(SqlState.invalidParameterValue, `invalid size: "${text}"`, {
      detail: `Invalid size unit: "${unit}".`,
      hint: 'Valid units are "bytes", "kB", "MB", "GB", "TB", and "PB".',
    });
  }
  return numericToInt8(numericMultiply(parseNumeric(digits), numericOfInteger(factor)));
}

export const sizeFunctions: FunctionTable = {
  scalar: {
    pg_relation_size: (oid: number, _fork: string, cx: FunctionContext) => relationSize(oid, cx),
    'pg_relation_size(regclass)': relationSize,
    pg_table_size: relationSize,
    pg_total_relation_size: relationSize,
    pg_indexes_size: (oid: number, cx: FunctionContext) => (cx.catalog.relationByOid(oid) === undefined ? null : 0),
    pg_database_size_name: databaseSizeByName,
    pg_database_size_oid: databaseSizeByOid,
    pg_tablespace_size_name: (_name: string, cx: FunctionContext) => storeSize(cx),
    pg_tablespace_size_oid: (_oid: number, cx: FunctionContext) => storeSize(cx),
    pg_column_size: (value: string | number) => sizeOf(value),
    pg_size_pretty: (size: Int8) => pretty(BigInt(size)),
    pg_size_pretty_numeric: prettyNumeric,
    pg_size_bytes: sizeInBytes,
    pg_relation_filenode: (oid: number, cx: FunctionContext) => {
      const relation = cx.catalog.relationByOid(oid);
      return relation !== undefined && 'storage' in relation ? int8OfBigInt(BigInt(relation.storage)) : null;
    },
  },
};
