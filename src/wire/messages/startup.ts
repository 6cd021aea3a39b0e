import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { MessageReader } from '../message-reader.js';
import type { OutputBuffer } from '../output-buffer.js';
import { Backend } from './types.js';

const CANCEL_REQUEST = 80877102;
const SSL_REQUEST = 80877103;
const GSSENC_REQUEST = 80877104;
const PROTOCOL_MAJOR = 3;
/** 3.2 has longer cancel keys. */
export const NEWEST_MINOR = 2;

export type StartupPacket =
  | { readonly kind: 'ssl request' | 'gssenc request' }
  | { readonly kind: 'cancel request'; readonly pid: number; readonly secretKey: Uint8Array }
  | StartupMessage;

export interface StartupMessage {
  readonly kind: 'startup';
  /** The minor version that the client asked for. */
  readonly minor: number;
  readonly parameters: ReadonlyMap<string, string>;
  /** Protocol options that we know none of. */
  readonly unknownOptions: readonly string[];
}

/**
 * Decodes a packet without a type byte.
 * @param negotiated what has been asked for already: a second time it is no more than an odd version
 * @throws SqlError FATAL
 */
export function decodeStartupPacket(reader: MessageReader, negotiated: { readonly ssl: boolean; readonly gss: boolean }): StartupPacket {
  const version = reader.int32();
  switch (version) {
    case SSL_REQUEST:
      return negotiated.ssl ? decodeStartupMessage(reader, version >>> 16, version & 0xffff) : { kind: 'ssl request' };
    case GSSENC_REQUEST:
      return negotiated.gss ? decodeStartupMessage(reader, version >>> 16, version & 0xffff) : { kind: 'gssenc request' };
    case CANCEL_REQUEST: {
      const pid = reader.int32();
      return { kind: 'cancel request', pid, secretKey: Uint8Array.from(reader.rest()) };
    }
    default:
      return decodeStartupMessage(reader, version >>> 16, version & 0xffff);
  }
}

function decodeStartupMessage(reader: MessageReader, major: number, minor: number): StartupMessage {
  if (major !== PROTOCOL_MAJOR) {
    throw new SqlError(
      SqlState.featureNotSupported,
      `unsupported frontend protocol ${major}.${minor}: server supports ${PROTOCOL_MAJOR}.0 to ${PROTOCOL_MAJOR}.${NEWEST_MINOR}`,
      { severity: 'FATAL' },
    );
  }
  const parameters = new Map<string, string>();
  const unknownOptions: string[] = [];
  for (;;) {
    if (reader.remaining === 0) throw invalidLayout();
    const name = reader.cstring();
    if (name === '') break;
    if (reader.remaining === 0) throw invalidLayout();
    const value = reader.cstring();
    if (name.startsWith('_pq_.')) unknownOptions.push(name);
    else parameters.set(name, value);
  }
  if (reader.remaining > 0) throw invalidLayout();
  return { kind: 'startup', minor, parameters, unknownOptions };
}

function invalidLayout(): SqlError {
  return new SqlError(SqlState.protocolViolation, 'invalid startup packet layout: expected terminator as last byte', { severity: 'FATAL' });
}

/** Sent when the client asked for a version newer than ours or for options. @param minor what is spoken from now on */
export function encodeNegotiateProtocolVersion(out: OutputBuffer, minor: number, unknownOptions: readonly string[]): void {
  out.begin(Backend.negotiateProtocolVersion);
  out.writeInt32((PROTOCOL_MAJOR << 16) | minor);
  out.writeInt32(unknownOptions.length);
  for (const option of unknownOptions) out.writeCString(option);
  out.finish();
}
