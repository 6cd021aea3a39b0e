import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { MessageReader } from './message-reader.js';
import { decodeBind } from './messages/bind.js';
import { decodeCopyData, decodeCopyFail } from './messages/copy.js';
import { decodeExecute } from './messages/execute.js';
import { decodeFunctionCall } from './messages/function-call.js';
import { decodeParse } from './messages/parse.js';
import { decodeQuery } from './messages/query.js';
import { decodeClose, decodeDescribe } from './messages/target.js';
import { Frontend } from './messages/types.js';
import type { SessionPort } from './port.js';

/** What a message may ask of the connection itself. */
export interface ClientMessages {
  flush(): void;
  closeComplete(): void;
}

/** Hands one message to the session. @throws SqlError FATAL 08P01 for an unknown one */
export function dispatchMessage(
  type: number,
  reader: MessageReader,
  session: SessionPort,
  connection: ClientMessages,
): Promise<void> | undefined {
  switch (type) {
    case Frontend.bind: {
      const message = decodeBind(reader);
      return session.bind(message.portal, message.statement, message.paramFormats, message.params, message.resultFormats) ?? undefined;
    }
    case Frontend.execute: {
      const message = decodeExecute(reader);
      return session.execute(message.portal, message.maxRows) ?? undefined;
    }
    case Frontend.sync:
      reader.done();
      return session.sync() ?? undefined;
    case Frontend.query:
      return session.query(decodeQuery(reader)) ?? undefined;
    case Frontend.describe: {
      const target = decodeDescribe(reader);
      if (target.kind === 'statement') return session.describeStatement(target.name) ?? undefined;
      return session.describePortal(target.name) ?? undefined;
    }
    case Frontend.parse: {
      const message = decodeParse(reader);
      return session.parse(message.name, message.text, message.paramTypes) ?? undefined;
    }
    case Frontend.close: {
      const target = decodeClose(reader);
      if (target.kind === 'statement') session.closeStatement(target.name);
      else session.closePortal(target.name);
      connection.closeComplete();
      return undefined;
    }
    case Frontend.flush:
      connection.flush();
      return undefined;
    case Frontend.copyData:
      // Outside COPY these are what a client sent before it heard of an error: dropped, as PostgreSQL does.
      return session.inCopy ? (session.copyData(decodeCopyData(reader)) ?? undefined) : undefined;
    case Frontend.copyDone:
      if (session.inCopy) session.copyDone();
      return undefined;
    case Frontend.copyFail:
      if (session.inCopy) session.copyFail(decodeCopyFail(reader));
      return undefined;
    case Frontend.functionCall: {
      const call = decodeFunctionCall(reader);
      return session.callFunction(call.function, call.argFormats, call.args, call.resultFormat) ?? undefined;
    }
    default:
      throw new SqlError(SqlState.protocolViolation, `invalid frontend message type ${type}`, { severity: 'FATAL' });
  }
}

/** After an error in one of these, everything up to the next Sync is skipped. */
export function isExtended(type: number): boolean {
  return (
    type === Frontend.parse ||
    type === Frontend.bind ||
    type === Frontend.describe ||
    type === Frontend.execute ||
    type === Frontend.close ||
    type === Frontend.flush
  );
}
