import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { mac8Of, withColons } from '../../../types/hex-texts.js';
import { canonicalInt8 } from '../../../types/integer.js';
import { ExactDecimal, numericOfInteger } from '../../../types/numeric/numeric.js';
import { Numeric } from '../../../types/value.js';
import type { FunctionTable } from '../table.js';

const bitsOf = (mac: string): bigint => BigInt(`0x${mac.replaceAll(':', '')}`);
const digitsOf = (mac: string): number => (mac.length === 17 ? 12 : 16);

function combine(a: string, b: string, operation: (x: bigint, y: bigint) => bigint): string {
  const digits = digitsOf(a);
  return withColons(
    BigInt.asUintN(digits * 4, operation(bitsOf(a), bitsOf(b)))
      .toString(16)
      .padStart(digits, '0'),
  );
}

const not = (mac: string): string => combine(mac, mac, (x) => ~x);
const and = (a: string, b: string): string => combine(a, b, (x, y) => x & y);
const or = (a: string, b: string): string => combine(a, b, (x, y) => x | y);

/** @throws SqlError 22003 */
function toMac(value: string): string {
  if (value.slice(9, 14) !== 'ff:fe') {
    throw new SqlError(SqlState.numericValueOutOfRange, 'macaddr8 data out of range to convert to macaddr', {
      hint: 'Only addresses that have FF and FE as values in the 4th and 5th bytes from the left, for example xx:xx:xx:ff:fe:xx:xx:xx, are eligible to be converted from macaddr8 to macaddr.',
    });
  }
  return value.slice(0, 9) + value.slice(15);
}

const MAX_LSN = (1n << 64n) - 1n;

function lsnOf(position: bigint): string {
  return position.toString(16).padStart(16, '0');
}

/** @throws SqlError 22023, 22003 */
function lsnOfNumeric(value: Numeric): string {
  if (!value.decimal.isFinite()) {
    throw new SqlError(SqlState.featureNotSupported, `cannot convert ${value.decimal.isNaN() ? 'NaN' : 'infinity'} to pg_lsn`);
  }
  const position = BigInt(value.decimal.toDecimalPlaces(0).toFixed(0));
  if (position < 0n || position > MAX_LSN) throw new SqlError(SqlState.numericValueOutOfRange, 'pg_lsn out of range');
  return lsnOf(position);
}

function shift(lsn: string, count: Numeric, sign: bigint, verb: string): string {
  if (count.decimal.isNaN()) {
    throw new SqlError(SqlState.featureNotSupported, `cannot ${verb} NaN ${sign > 0n ? 'to' : 'from'} pg_lsn`);
  }
  // As the sum: the message names what can't be a position.
  if (!count.decimal.isFinite()) return lsnOfNumeric(count);
  const position = BigInt(`0x${lsn}`) + sign * BigInt(count.decimal.toDecimalPlaces(0).toFixed(0));
  return lsnOfNumeric(new Numeric(new ExactDecimal(position.toString()), 0));
}

const difference = (a: string, b: string): Numeric => numericOfInteger(canonicalInt8(BigInt(`0x${a}`) - BigInt(`0x${b}`)));

/** Hardware addresses and positions in the log. */
export const hexTextFunctions: FunctionTable = {
  scalar: {
    macaddr_not: not,
    macaddr_and: and,
    macaddr_or: or,
    macaddr_trunc: (mac: string) => `${mac.slice(0, 9)}00:00:00`,
    macaddrtomacaddr8: (mac: string) => mac8Of(mac.replaceAll(':', '')),
    macaddr8_not: not,
    macaddr8_and: and,
    macaddr8_or: or,
    macaddr8_trunc: (mac: string) => `${mac.slice(0, 9)}00:00:00:00:00`,
    macaddr8tomacaddr: toMac,
    macaddr8_set7bit: (mac: string) => combine(mac, mac, (x) => x | (1n << 57n)),
    numeric_pg_lsn: lsnOfNumeric,
    pg_lsn_mi: difference,
    pg_wal_lsn_diff: difference,
    pg_lsn_pli: (lsn: string, count: Numeric) => shift(lsn, count, 1n, 'add'),
    'numeric_pl_pg_lsn(numeric,pg_lsn)': (count: Numeric, lsn: string) => shift(lsn, count, 1n, 'add'),
    pg_lsn_mii: (lsn: string, count: Numeric) => shift(lsn, count, -1n, 'subtract'),
  },
};
