import { fitBit, fitVarbit } from './bit-string.js';
import { fitInterval, roundTime, roundTimestamp, roundTimeTz } from './datetime/precision.js';
import type { Timestamp } from './datetime/timestamp.js';
import { ExtensionTypeOid } from './extensions/oids.js';
import { dimensionsOf, requireTypmod } from './extensions/vector.js';
import { fitNumeric } from './numeric/rounding.js';
import { elementOidOf, TypeOid } from './oids.js';
import { fitCharacter, fitVarchar } from './text.js';
import { characterLengthOf, numericPrecisionOf, numericScaleOf } from './typmod.js';
import { type Interval, type Numeric, SqlArray, type SqlValue, type TimeTz } from './value.js';

/**
 * The function that fits a value to a typmod: varchar(5), numeric(10,2), timestamp(3) …, and arrays of them; undefined when there is
 * nothing to do. Nulls go through. An explicit cast cuts texts silently; an assignment raises 22001.
 * The function raises SqlError 22001, 22003 ('numeric field overflow').
 */
export function applyTypmod(oid: number, typmod: number, isExplicitCast: boolean): ((value: SqlValue) => SqlValue) | undefined {
  if (typmod < 0) return undefined;
  const fitValue = fitterOf(oid, typmod, isExplicitCast);
  if (fitValue !== undefined) return (value) => (value === null ? null : fitValue(value));
  const element = elementOidOf(oid);
  const fitElement = element === undefined ? undefined : fitterOf(element, typmod, isExplicitCast);
  if (fitElement === undefined) return undefined;
  return (value) => {
    if (value === null) return null;
    const { elements, dimensions, lowerBounds } = value as SqlArray;
    const fitted = elements.map((item) => (item === null ? null : fitElement(item)));
    return new SqlArray(fitted, dimensions, lowerBounds);
  };
}

type Fitter = (value: SqlValue) => SqlValue;

function fitterOf(oid: number, typmod: number, isExplicitCast: boolean): Fitter | undefined {
  switch (oid) {
    case TypeOid.varchar: {
      const limit = characterLengthOf(typmod);
      return (value) => fitVarchar(value as string, limit, isExplicitCast);
    }
    case TypeOid.bpchar: {
      const limit = characterLengthOf(typmod);
      return (value) => fitCharacter(value as string, limit, isExplicitCast);
    }
    case TypeOid.bit:
      return (value) => fitBit(value as string, typmod, isExplicitCast);
    case TypeOid.varbit:
      return (value) => fitVarbit(value as string, typmod, isExplicitCast);
    case TypeOid.numeric: {
      const precision = numericPrecisionOf(typmod);
      const scale = numericScaleOf(typmod);
      return (value) => fitNumeric(value as Numeric, precision, scale);
    }
    case TypeOid.timestamp:
    case TypeOid.timestamptz:
      return (value) => roundTimestamp(value as Timestamp, typmod);
    case TypeOid.time:
      return (value) => roundTime(value as number, typmod);
    case TypeOid.timetz:
      return (value) => roundTimeTz(value as TimeTz, typmod);
    case TypeOid.interval:
      return (value) => fitInterval(value as Interval, typmod);
    case ExtensionTypeOid.vector:
      return (value) => {
        requireTypmod(dimensionsOf(value as Uint8Array), typmod);
        return value;
      };
    default:
      return undefined;
  }
}
