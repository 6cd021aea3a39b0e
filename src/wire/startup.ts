import { randomBytes } from 'node:crypto';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { MessageReader } from './message-reader.js';
import {
  decodeSaslInitialResponse,
  decodeSaslResponse,
  encodeAuthenticationOk,
  encodeAuthenticationSasl,
  encodeAuthenticationSaslContinue,
  encodeAuthenticationSaslFinal,
} from './messages/authentication.js';
import { encodeBackendKeyData } from './messages/session-state.js';
import { decodeStartupPacket, encodeNegotiateProtocolVersion, type StartupMessage } from './messages/startup.js';
import { Frontend } from './messages/types.js';
import type { SessionFactory, SessionPort } from './port.js';
import { SCRAM_MECHANISM, ScramExchange } from './scram.js';
import type { SocketOutput } from './socket-output.js';

/** Protocol 3.0 has cancel keys of 4 bytes. */
const SECRET_KEY_BYTES = 4;
const REFUSED = Buffer.from('N');

export interface ClientAddress {
  readonly address: string | undefined;
  readonly port: number | undefined;
}

/** Whether there is room for one more. @throws SqlError 53300, 57P03 */
export interface Admission {
  /** Asked once the client said who it is. */
  check(): void;
  /** It has shown who it is: now it counts. */
  enter(): void;
}

/**
 * Start-up: SSLRequest and GSSENCRequest (refused) → StartupMessage → SCRAM-SHA-256 → AuthenticationOk → the session opens → ParameterStatus,
 * BackendKeyData. A CancelRequest is a connection of its own that ends at once.
 *
 * Every error here is FATAL.
 */
export class Startup {
  readonly #output: SocketOutput;
  readonly #factory: SessionFactory;
  readonly #client: ClientAddress;
  readonly #admission: Admission;
  #message: StartupMessage | undefined;
  #scram: ScramExchange | undefined;
  #challenged = false;

  constructor(output: SocketOutput, factory: SessionFactory, client: ClientAddress, admission: Admission) {
    this.#output = output;
    this.#factory = factory;
    this.#client = client;
    this.#admission = admission;
  }

  /** Packets have no type byte until the client has introduced itself. */
  get expectsPacket(): boolean {
    return this.#message === undefined;
  }

  /** @returns the session once it is open; 'done' when there will be none; undefined while more must come */
  packet(reader: MessageReader): SessionPort | 'done' | undefined {
    const packet = decodeStartupPacket(reader);
    switch (packet.kind) {
      case 'ssl request':
      case 'gssenc request':
        this.#output.buffer.writeRaw(REFUSED);
        return undefined;
      case 'cancel request':
        this.#factory.cancel(packet.pid, packet.secretKey);
        return 'done';
      case 'startup':
        return this.#begin(packet);
    }
  }

  #begin(message: StartupMessage): SessionPort | undefined {
    this.#message = message;
    if (message.minor > 0 || message.unknownOptions.length > 0) {
      encodeNegotiateProtocolVersion(this.#output.buffer, message.unknownOptions);
    }
    const user = this.#user();
    this.#admission.check();
    if (message.parameters.get('replication') !== undefined && message.parameters.get('replication') !== 'false') {
      throw new SqlError(SqlState.featureNotSupported, 'replication connections are not supported yet', { severity: 'FATAL' });
    }
    const credentials = this.#factory.credentials(user);
    if (credentials.trust === true) return this.#open();
    this.#scram = new ScramExchange(credentials.scramSecret, credentials.known);
    encodeAuthenticationSasl(this.#output.buffer, [SCRAM_MECHANISM]);
    return undefined;
  }

  message(type: number, reader: MessageReader): SessionPort | undefined {
    if (type !== Frontend.saslResponse || this.#scram === undefined) {
      throw new SqlError(SqlState.protocolViolation, `expected SASL response, got message type ${type}`, { severity: 'FATAL' });
    }
    if (!this.#challenged) {
      const { mechanism, data } = decodeSaslInitialResponse(reader);
      if (mechanism !== SCRAM_MECHANISM) {
        throw new SqlError(SqlState.protocolViolation, 'client selected an invalid SASL authentication mechanism', { severity: 'FATAL' });
      }
      this.#challenged = true;
      encodeAuthenticationSaslContinue(this.#output.buffer, this.#scram.first(data));
      return undefined;
    }
    const signature = this.#scram.final(decodeSaslResponse(reader));
    if (signature === undefined) {
      throw new SqlError(SqlState.invalidPassword, `password authentication failed for user "${this.#user()}"`, { severity: 'FATAL' });
    }
    encodeAuthenticationSaslFinal(this.#output.buffer, signature);
    return this.#open();
  }

  #open(): SessionPort {
    this.#admission.enter();
    encodeAuthenticationOk(this.#output.buffer);
    const parameters = new Map(this.#message?.parameters);
    const user = this.#user();
    const database = parameters.get('database') || user;
    parameters.delete('user');
    parameters.delete('database');
    parameters.delete('replication');
    const secretKey = randomBytes(SECRET_KEY_BYTES);
    const session = this.#factory.open({
      user,
      database,
      parameters,
      clientAddress: this.#client.address,
      clientPort: this.#client.port,
      secretKey,
      output: this.#output,
    });
    for (const [name, value] of session.reportedSettings()) this.#output.parameterStatus(name, value);
    encodeBackendKeyData(this.#output.buffer, session.pid, secretKey);
    return session;
  }

  #user(): string {
    const user = this.#message?.parameters.get('user') ?? '';
    if (user === '') {
      throw new SqlError(SqlState.invalidAuthorizationSpecification, 'no PostgreSQL user name specified in startup packet', {
        severity: 'FATAL',
      });
    }
    return user;
  }
}
