import type { Seq } from '../commons/ids.js';

/**
 * A stored row: a fixed binary header and then the columns through the row's serde.
 *
 * | offset | bytes | what |
 * | --- | --- | --- |
 * | 0 | 1 | format version (1) |
 * | 1 | 1 | flags: bit 0 deleted (a tombstone); bits 4-7 serde (0 msgpack, 1 json) |
 * | 2 | 8 | commit sequence number, big-endian, set when the commit is ordered |
 * | 10 | 8 | commit time, microseconds since 2000-01-01, big-endian two's complement, set with it |
 * | 18 | … | columns |
 */
export interface RowHeader {
  readonly deleted: boolean;
  readonly serde: SerdeName;
  readonly seq: Seq;
  readonly updatedMicros: number;
}
export const ROW_HEADER_BYTES = 18;
export type SerdeName = 'msgpack' | 'json';
