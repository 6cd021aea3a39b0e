import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { MessageReader } from '../message-reader.js';
import type { OutputBuffer } from '../output-buffer.js';
import { Backend } from './types.js';

/** What Describe and Close speak of. */
export interface Target {
  readonly kind: 'statement' | 'portal';
  readonly name: string;
}

const STATEMENT = 'S'.charCodeAt(0);
const PORTAL = 'P'.charCodeAt(0);

export function decodeDescribe(reader: MessageReader): Target {
  return decodeTarget(reader, 'DESCRIBE');
}

export function decodeClose(reader: MessageReader): Target {
  return decodeTarget(reader, 'CLOSE');
}

function decodeTarget(reader: MessageReader, message: string): Target {
  const subtype = reader.byte();
  const name = reader.cstring();
  reader.done();
  if (subtype === STATEMENT) return { kind: 'statement', name };
  if (subtype === PORTAL) return { kind: 'portal', name };
  throw new SqlError(SqlState.protocolViolation, `invalid ${message} message subtype ${subtype}`);
}

export function encodeCloseComplete(out: OutputBuffer): void {
  out.begin(Backend.closeComplete);
  out.finish();
}
