import type { TableDescriptor } from '../catalog/descriptors.js';
import type { Seq } from '../commons/ids.js';
import { compileRowDecoder, isDeleted, type RowDecoder, rowSeq, rowUpdatedMicros } from '../store/row-codec.js';
import type { Row } from '../types/value.js';

/** A version of a stored row: its table's columns by number - 1, and what the row's header tells. */
export interface RowVersion {
  readonly values: Row;
  readonly seq: Seq;
  readonly updatedMicros: number;
}

/** Reads the rows of a table as they are stored. */
export class RowVersions {
  readonly #decode: RowDecoder;

  constructor(table: TableDescriptor) {
    this.#decode = compileRowDecoder(
      table.columns.length,
      table.columns.map((column) => column.missing ?? null),
    );
  }

  /** Undefined for no row and for a deleted one. */
  of(row: Uint8Array | undefined): RowVersion | undefined {
    if (row === undefined || isDeleted(row)) return undefined;
    return { values: this.#decode(row), seq: rowSeq(row), updatedMicros: rowUpdatedMicros(row) };
  }

  /** The commit that a row, or its tombstone, is of; 0 for what is not committed. */
  seqOf(row: Uint8Array): Seq {
    return rowSeq(row);
  }
}
