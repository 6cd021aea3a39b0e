import type { SqlValue } from '../../types/value.js';

/** Bytes of COPY FROM → rows, in one of its formats. */
export interface CopyRows {
  /** @throws SqlError 22021, 54000 */
  push(bytes: Uint8Array): void;
  /**
   * The next row's values by column number - 1, null where no field stands; undefined when none is whole yet.
   * @param atEnd nothing more will come
   * @throws SqlError 22P04 and what a type's input raises, with its place
   */
  next(atEnd: boolean): SqlValue[] | undefined;
  /** An error with the place of the last row. */
  atRow(error: unknown): unknown;
  /** An error with the place of a field of the last row that is NULL. */
  atNull(error: unknown, column: string): unknown;
}

const MAX_SHOWN = 100;

/** Data as the CONTEXT of an error shows it. */
export function shorten(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}...`;
}
