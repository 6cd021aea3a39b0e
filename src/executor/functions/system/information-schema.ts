import {
  characterLength,
  datetimePrecision,
  intervalType,
  numericPrecision,
  numericRadix,
  numericScale,
  octetLength,
} from '../../../catalog/virtual/information-schema/column-type.js';
import type { FunctionTable } from '../table.js';

/** information_schema's helpers: what a type with its typmod says of lengths and precisions; null where it says nothing. */
export const informationSchemaFunctions: FunctionTable = {
  scalar: {
    '_pg_char_max_length(oid,int4)': characterLength,
    '_pg_char_octet_length(oid,int4)': octetLength,
    '_pg_numeric_precision(oid,int4)': numericPrecision,
    '_pg_numeric_precision_radix(oid,int4)': numericRadix,
    '_pg_numeric_scale(oid,int4)': numericScale,
    '_pg_datetime_precision(oid,int4)': datetimePrecision,
    '_pg_interval_type(oid,int4)': intervalType,
  },
};
