import type { Row } from '../../../types/value.js';
import type { SequenceDescriptor } from '../../descriptors.js';
import { SEQUENCE_PROVIDER } from '../../sequence-relation.js';
import { relationsFor, type Wanted } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';

export const SEQUENCE_PROVIDERS: Providers = { 'pg_catalog.pg_sequence': sequences, [SEQUENCE_PROVIDER]: state };

/** The row of the sequence that is read. */
function* state(scan: VirtualScan): Iterable<Row> {
  const found = scan.cx.sequenceState?.(scan.table.oid);
  if (found !== undefined) yield [found.lastValue, 0, found.isCalled];
}

function* sequences(scan: VirtualScan): Iterable<Row> {
  for (const sequence of sequencesFor(scan, { oid: scan.number('seqrelid') }))
    yield [sequence.oid, sequence.type, sequence.start, sequence.increment, sequence.max, sequence.min, sequence.cache, sequence.cycle];
}

export function* sequencesFor(scan: VirtualScan, wanted: Wanted): Iterable<SequenceDescriptor> {
  for (const relation of relationsFor(scan.catalog, wanted)) if (relation.kind === 'sequence') yield relation;
}
