import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { MessageReader } from '../message-reader.js';
import {
  decodeSaslInitialResponse,
  decodeSaslResponse,
  encodeAuthenticationSasl,
  encodeAuthenticationSaslContinue,
  encodeAuthenticationSaslFinal,
} from '../messages/authentication.js';
import type { OutputBuffer } from '../output-buffer.js';
import type { Exchange, Verdict } from './exchange.js';
import type { ScramExchange } from './scram.js';

/** scram-sha-256: the password is proven and never sent. */
export class ScramLogin implements Exchange {
  readonly #user: string;
  readonly #scram: ScramExchange;
  #challenged = false;

  constructor(user: string, scram: ScramExchange) {
    this.#user = user;
    this.#scram = scram;
  }

  begin(out: OutputBuffer): Verdict {
    encodeAuthenticationSasl(out, this.#scram.mechanisms);
    return 'more';
  }

  answer(reader: MessageReader, out: OutputBuffer): Verdict {
    if (this.#challenged) {
      const signature = this.#scram.final(decodeSaslResponse(reader));
      if (signature === undefined) return 'failed';
      encodeAuthenticationSaslFinal(out, signature);
      return { identity: this.#user };
    }
    const { mechanism, data } = decodeSaslInitialResponse(reader);
    if (!this.#scram.mechanisms.includes(mechanism)) {
      throw new SqlError(SqlState.protocolViolation, 'client selected an invalid SASL authentication mechanism', { severity: 'FATAL' });
    }
    this.#challenged = true;
    encodeAuthenticationSaslContinue(out, this.#scram.first(mechanism, data));
    return 'more';
  }
}
