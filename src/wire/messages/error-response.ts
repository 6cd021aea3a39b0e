import type { Notice, SqlError } from '../../commons/sql-error.js';
import type { OutputBuffer } from '../output-buffer.js';
import { Backend } from './types.js';

/** @param text the whole statement text that the error's position counts in */
export function encodeErrorResponse(out: OutputBuffer, error: SqlError, text: string | undefined): void {
  const { fields } = error;
  out.begin(Backend.error);
  head(out, error.severity, error.code, error.message);
  field(out, 'D', fields.detail);
  field(out, 'H', fields.hint);
  if (fields.position !== undefined && text !== undefined) field(out, 'P', String(characterPosition(text, fields.position)));
  if (fields.internalQuery !== undefined && fields.internalPosition !== undefined) {
    field(out, 'p', String(characterPosition(fields.internalQuery, fields.internalPosition)));
  }
  field(out, 'q', fields.internalQuery);
  field(out, 'W', fields.where);
  field(out, 's', fields.schema);
  field(out, 't', fields.table);
  field(out, 'c', fields.column);
  field(out, 'd', fields.dataType);
  field(out, 'n', fields.constraint);
  field(out, 'R', fields.routine);
  out.writeByte(0);
  out.finish();
}

export function encodeNoticeResponse(out: OutputBuffer, notice: Notice, text?: string): void {
  out.begin(Backend.notice);
  head(out, notice.severity, notice.code, notice.message);
  field(out, 'D', notice.detail);
  field(out, 'H', notice.hint);
  if (notice.position !== undefined && text !== undefined) field(out, 'P', String(characterPosition(text, notice.position)));
  field(out, 'W', notice.where);
  out.writeByte(0);
  out.finish();
}

function head(out: OutputBuffer, severity: string, code: string, message: string): void {
  field(out, 'S', severity);
  field(out, 'V', severity);
  field(out, 'C', code);
  field(out, 'M', message);
}

function field(out: OutputBuffer, letter: string, value: string | undefined): void {
  if (value === undefined) return;
  out.writeAscii(letter);
  out.writeCString(value);
}

/** A UTF-16 offset from 0 → PostgreSQL's count of characters (code points) from 1. */
export function characterPosition(text: string, offset: number): number {
  let position = 1;
  for (let i = 0; i < offset && i < text.length; i++) {
    const code = text.charCodeAt(i);
    const leads = code >= 0xd800 && code < 0xdc00 && i + 1 < offset;
    if (leads) i++;
    position++;
  }
  return position;
}
