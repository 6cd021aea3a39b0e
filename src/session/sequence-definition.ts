import type { SequenceDescriptor } from '../catalog/descriptors.js';
import type { SequenceDefinition } from '../transaction/sequence-definition.js';

const definitions = new WeakMap<SequenceDescriptor, SequenceDefinition>();

/** What the sequence store needs of a descriptor. */
export function sequenceDefinition(sequence: SequenceDescriptor): SequenceDefinition {
  let definition = definitions.get(sequence);
  if (definition === undefined) {
    definition = {
      name: sequence.name,
      start: BigInt(sequence.restartAt ?? sequence.start),
      increment: BigInt(sequence.increment),
      min: BigInt(sequence.min),
      max: BigInt(sequence.max),
      cycle: sequence.cycle,
      cache: BigInt(sequence.cache),
    };
    definitions.set(sequence, definition);
  }
  return definition;
}
