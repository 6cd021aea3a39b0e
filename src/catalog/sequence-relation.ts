import { TypeOid } from '../types/oids.js';
import type { ColumnDescriptor, SequenceDescriptor, VirtualDescriptor } from './descriptors.js';

/** Who makes the one row of a sequence that is read like a table. */
export const SEQUENCE_PROVIDER = 'sequence';

const COLUMNS: readonly ColumnDescriptor[] = [
  { number: 1, name: 'last_value', type: TypeOid.int8, typmod: -1, notNull: true },
  { number: 2, name: 'log_cnt', type: TypeOid.int8, typmod: -1, notNull: true },
  { number: 3, name: 'is_called', type: TypeOid.bool, typmod: -1, notNull: true },
];

const relations = new WeakMap<SequenceDescriptor, VirtualDescriptor>();

/** SELECT … FROM sequence: its state as a row. */
export function sequenceRelation(sequence: SequenceDescriptor): VirtualDescriptor {
  let relation = relations.get(sequence);
  if (relation === undefined) {
    const { oid, name, owner, schema, persistence } = sequence;
    relation = {
      kind: 'virtual',
      oid,
      name,
      owner,
      schema,
      persistence,
      relkind: 'r',
      columns: COLUMNS,
      rowType: 0,
      provider: SEQUENCE_PROVIDER,
    };
    relations.set(sequence, relation);
  }
  return relation;
}
