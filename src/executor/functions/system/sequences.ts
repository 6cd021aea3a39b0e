import { typeName } from '../../../catalog/definitions/index.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Int8 } from '../../../types/integer.js';
import { TypeOid } from '../../../types/oids.js';
import { SqlRecord, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

const PARAMETERS = ['start_value', 'minimum_value', 'maximum_value', 'increment', 'cycle_option', 'cache_size', 'data_type'];
const PARAMETER_TYPES = [TypeOid.int8, TypeOid.int8, TypeOid.int8, TypeOid.int8, TypeOid.bool, TypeOid.int8, TypeOid.oid];

/** @throws SqlError 42809 */
function parameters(oid: number, cx: FunctionContext): SqlRecord {
  const sequence = cx.catalog.relationByOid(oid);
  if (sequence?.kind !== 'sequence') {
    throw new SqlError(SqlState.wrongObjectType, `"${sequence?.name ?? typeName(cx.catalog, oid)}" is not a sequence`);
  }
  const values: SqlValue[] = [
    sequence.start,
    sequence.min,
    sequence.max,
    sequence.increment,
    sequence.cycle,
    sequence.cache,
    sequence.type,
  ];
  return new SqlRecord(values, PARAMETER_TYPES, PARAMETERS);
}

export const sequenceFunctions: FunctionTable = {
  scalar: {
    nextval_oid: (oid: number, cx: FunctionContext) => cx.session.nextval(oid),
    nextval_identity: (oid: number, cx: FunctionContext) => cx.session.nextval(oid, true),
    currval_oid: (oid: number, cx: FunctionContext) => cx.session.currval(oid),
    lastval: (cx: FunctionContext) => cx.session.lastval(),
    setval_oid: (oid: number, value: Int8, cx: FunctionContext) => cx.session.setval(oid, value, true),
    setval3_oid: (oid: number, value: Int8, isCalled: boolean, cx: FunctionContext) => cx.session.setval(oid, value, isCalled),
    pg_sequence_parameters: parameters,
  },
};
