import type { MessageReader } from '../message-reader.js';
import type { OutputBuffer } from '../output-buffer.js';
import { Backend } from './types.js';

export interface Execute {
  readonly portal: string;
  /** 0: all. */
  readonly maxRows: number;
}

export function decodeExecute(reader: MessageReader): Execute {
  const portal = reader.cstring();
  const maxRows = reader.int32();
  reader.done();
  return { portal, maxRows: Math.max(maxRows, 0) };
}

export function encodeCommandComplete(out: OutputBuffer, tag: string): void {
  out.begin(Backend.commandComplete);
  out.writeAscii(tag);
  out.writeByte(0);
  out.finish();
}

export function encodeEmptyQuery(out: OutputBuffer): void {
  out.begin(Backend.emptyQuery);
  out.finish();
}

export function encodePortalSuspended(out: OutputBuffer): void {
  out.begin(Backend.portalSuspended);
  out.finish();
}
