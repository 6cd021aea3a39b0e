import type { ClientOutput } from '../wire/port.js';

const ignore = (): void => undefined;

/** The output of sessions that have no client. */
export const NOWHERE: ClientOutput = {
  rowDescription: ignore,
  noData: ignore,
  parameterDescription: ignore,
  rows: () => ignore,
  commandComplete: ignore,
  functionResult: ignore,
  emptyQuery: ignore,
  portalSuspended: ignore,
  parseComplete: ignore,
  bindComplete: ignore,
  closeComplete: ignore,
  error: ignore,
  notice: ignore,
  parameterStatus: ignore,
  useEncoding: ignore,
  copyInResponse: ignore,
  copyOutResponse: ignore,
  copyData: ignore,
  copyDone: ignore,
  notifications: ignore,
  bufferedBytes: 0,
  drain: () => undefined,
  flush: ignore,
  end: ignore,
};
