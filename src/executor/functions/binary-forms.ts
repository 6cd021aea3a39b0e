import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { codecFor, formatType } from '../../types/type-codec.js';
import type { SqlValue } from '../../types/value.js';
import type { FunctionContext } from '../context.js';
import type { CallTypes, ScalarFunction } from './implementation.js';
import { argType, type FunctionTable } from './table.js';

/** The types' send functions: the bytes of a value in the binary format. */
const SENDS =
  'array_send bit_send boolsend box_send bpcharsend byteasend cash_send charsend cidr_send cidsend circle_send date_send float4send float8send ' +
  'inet_send int2send int2vectorsend int4send int8send interval_send json_send jsonb_send jsonpath_send line_send lseg_send macaddr8_send ' +
  'macaddr_send multirange_send namesend numeric_send oidsend oidvectorsend path_send pg_lsn_send point_send poly_send range_send record_send ' +
  'regclasssend regcollationsend regconfigsend regdictionarysend regnamespacesend regoperatorsend regopersend regproceduresend regprocsend ' +
  'regrolesend regtypesend textsend tidsend time_send timestamp_send timestamptz_send timetz_send tsquerysend tsvectorsend uuid_send ' +
  'varbit_send varcharsend xid8send xidsend';

function send(types: CallTypes): ScalarFunction {
  const type = argType(types, 0);
  const codec = codecFor(type);
  return (value: SqlValue, cx: FunctionContext) => {
    if (codec?.send !== undefined) return codec.send(value, cx.format);
    throw new SqlError(SqlState.undefinedFunction, `no binary output function available for type ${formatType(type)}`);
  };
}

export const binaryForms: FunctionTable = {
  typed: Object.fromEntries(SENDS.split(' ').map((name) => [name, send])),
};
