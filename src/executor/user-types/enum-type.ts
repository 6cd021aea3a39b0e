import type { EnumDescriptor } from '../../catalog/descriptors.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { TypeOid } from '../../types/oids.js';
import { codecFor } from '../../types/type-codec.js';
import type { EnumLabel, UserType } from '../../types/user-types.js';

const ORDER = codecFor(TypeOid.float8);

/**
 * Values are their labels' places in the order.
 * @param isNew whether a label came with the transaction under way: no value may have it yet, since an index of somebody else could not place it
 */
export function enumType(type: EnumDescriptor, name: string, isNew?: (label: EnumLabel) => boolean): UserType {
  const fresh = new Map(type.labels.filter((label) => isNew?.(label) === true).map((label) => [label.order, label.label]));
  const refuseNew = (order: number): void => {
    const label = fresh.get(order);
    if (label === undefined) return;
    throw new SqlError(SqlState.unsafeNewEnumValueUsage, `unsafe use of new value "${label}" of enum type ${name}`, {
      hint: 'New enum values must be committed before they can be used.',
    });
  };
  const orders = new Map(type.labels.map(({ label, order }) => [label, order]));
  const labels = new Map(type.labels.map(({ label, order }) => [order, label]));
  const input = (text: string): number => {
    const order = orders.get(text);
    if (order !== undefined) {
      if (fresh.size > 0) refuseNew(order);
      return order;
    }
    throw new SqlError(SqlState.invalidTextRepresentation, `invalid input value for enum ${name}: "${text}"`);
  };
  return {
    form: 'enum',
    over: 0,
    oid: type.oid,
    name,
    labels: type.labels,
    ...(fresh.size === 0 ? {} : { refuseNew }),
    input,
    output: (value) => labels.get(value as number) ?? String(value),
    send: (value) => Buffer.from(labels.get(value as number) ?? ''),
    receive: (bytes) => input(Buffer.from(bytes).toString()),
    ...(ORDER?.compare && { compare: ORDER.compare }),
    ...(ORDER?.hashKey && { hashKey: ORDER.hashKey }),
  };
}
