import type { Row } from '../../../types/value.js';
import type { SequenceDescriptor } from '../../descriptors.js';
import { relationsFor, type Wanted } from '../relation-lookup.js';
import type { Providers, VirtualScan } from '../scan.js';

export const SEQUENCE_PROVIDERS: Providers = { 'pg_catalog.pg_sequence': sequences };

function* sequences(scan: VirtualScan): Iterable<Row> {
  for (const sequence of sequencesFor(scan, { oid: scan.number('seqrelid') }))
    yield [sequence.oid, sequence.type, sequence.start, sequence.increment, sequence.max, sequence.min, sequence.cache, sequence.cycle];
}

export function* sequencesFor(scan: VirtualScan, wanted: Wanted): Iterable<SequenceDescriptor> {
  for (const relation of relationsFor(scan.catalog, wanted)) if (relation.kind === 'sequence') yield relation;
}
