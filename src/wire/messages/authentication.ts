import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { MessageReader } from '../message-reader.js';
import type { OutputBuffer } from '../output-buffer.js';
import { Backend } from './types.js';

const OK = 0;
const CLEARTEXT = 3;
const SASL = 10;
const SASL_CONTINUE = 11;
const SASL_FINAL = 12;

export function encodeAuthenticationOk(out: OutputBuffer): void {
  out.begin(Backend.authentication);
  out.writeInt32(OK);
  out.finish();
}

export function encodeAuthenticationCleartext(out: OutputBuffer): void {
  out.begin(Backend.authentication);
  out.writeInt32(CLEARTEXT);
  out.finish();
}

export function encodeAuthenticationSasl(out: OutputBuffer, mechanisms: readonly string[]): void {
  out.begin(Backend.authentication);
  out.writeInt32(SASL);
  for (const mechanism of mechanisms) out.writeCString(mechanism);
  out.writeByte(0);
  out.finish();
}

export function encodeAuthenticationSaslContinue(out: OutputBuffer, data: string): void {
  out.begin(Backend.authentication);
  out.writeInt32(SASL_CONTINUE);
  out.writeText(data);
  out.finish();
}

export function encodeAuthenticationSaslFinal(out: OutputBuffer, data: string): void {
  out.begin(Backend.authentication);
  out.writeInt32(SASL_FINAL);
  out.writeText(data);
  out.finish();
}

export interface SaslInitialResponse {
  readonly mechanism: string;
  readonly data: string;
}

export function decodeSaslInitialResponse(reader: MessageReader): SaslInitialResponse {
  const mechanism = reader.cstring();
  const length = reader.int32();
  const data = length === -1 ? '' : reader.bytes(length).toString('utf8');
  reader.done();
  return { mechanism, data };
}

export function decodeSaslResponse(reader: MessageReader): string {
  return reader.rest().toString('utf8');
}

/** @throws SqlError FATAL 28P01 for an empty one */
export function decodePassword(reader: MessageReader): string {
  const password = reader.cstring();
  if (reader.remaining > 0) throw new SqlError(SqlState.protocolViolation, 'invalid password packet size', { severity: 'FATAL' });
  if (password === '') throw new SqlError(SqlState.invalidPassword, 'empty password returned by client', { severity: 'FATAL' });
  return password;
}
