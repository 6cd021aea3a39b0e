import type { OutputBuffer } from '../output-buffer.js';
import type { FieldDescription } from '../port.js';
import { Backend } from './types.js';

export function encodeRowDescription(out: OutputBuffer, fields: readonly FieldDescription[]): void {
  out.begin(Backend.rowDescription);
  out.writeInt16(fields.length);
  for (const field of fields) {
    out.writeCString(field.name);
    out.writeInt32(field.tableOid);
    out.writeInt16(field.columnNumber);
    out.writeInt32(field.typeOid);
    out.writeInt16(field.typeLength);
    out.writeInt32(field.typmod);
    out.writeInt16(field.format);
  }
  out.finish();
}

export function encodeNoData(out: OutputBuffer): void {
  out.begin(Backend.noData);
  out.finish();
}
