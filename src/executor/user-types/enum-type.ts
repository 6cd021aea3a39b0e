import type { EnumDescriptor } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { TypeOid } from '../../types/oids.js';
import { codecFor } from '../../types/type-codec.js';
import type { UserType } from '../../types/user-types.js';

const ORDER = codecFor(TypeOid.float8);

/** Values are their labels' places in the order. */
export function enumType(type: EnumDescriptor, name: string): UserType {
  const orders = new Map(type.labels.map(({ label, order }) => [label, order]));
  const labels = new Map(type.labels.map(({ label, order }) => [order, label]));
  const input = (text: string): number => {
    const order = orders.get(text);
    if (order !== undefined) return order;
    throw new SqlError(SqlState.invalidTextRepresentation, `invalid input value for enum ${name}: "${text}"`);
  };
  return {
    form: 'enum',
    over: 0,
    oid: type.oid,
    name,
    labels: type.labels,
    input,
    output: (value) => labels.get(value as number) ?? String(value),
    send: (value) => Buffer.from(labels.get(value as number) ?? ''),
    receive: (bytes) => input(Buffer.from(bytes).toString()),
    ...(ORDER?.compare && { compare: ORDER.compare }),
    ...(ORDER?.hashKey && { hashKey: ORDER.hashKey }),
  };
}
