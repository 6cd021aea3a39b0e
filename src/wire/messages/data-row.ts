import type { OutputBuffer } from '../output-buffer.js';
import type { RowWriter, ValueEncoder } from '../port.js';
import { Backend } from './types.js';

/** Makes the function that encodes one DataRow. */
export function dataRowWriter(out: OutputBuffer, encoders: readonly ValueEncoder[], written: () => void): RowWriter {
  const columns = encoders.length;
  return (row) => {
    out.begin(Backend.dataRow);
    try {
      out.writeInt16(columns);
      for (let i = 0; i < columns; i++) {
        const value = row[i];
        const encode = encoders[i];
        if (value === null || value === undefined || encode === undefined) {
          out.writeInt32(-1);
        } else {
          const at = out.beginLength();
          encode(value, out);
          out.endLength(at);
        }
      }
    } catch (error) {
      // The client would take the ErrorResponse that follows for the rest of this row.
      out.abandon();
      throw error;
    }
    out.finish();
    written();
  };
}
