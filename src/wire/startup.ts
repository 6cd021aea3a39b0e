import { randomBytes } from 'node:crypto';
import type { MaybePromise } from '../commons/maybe-promise.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { type AccessControl, loginFailed } from './authentication/access-control.js';
import type { Exchange, Proof, Verdict } from './authentication/exchange.js';
import type { LoginAttempt } from './authentication/login-log.js';
import type { ClientEnd } from './client-end.js';
import type { HbaClient, HbaRule } from './hba/hba-rule.js';
import type { MessageReader } from './message-reader.js';
import { encodeAuthenticationOk } from './messages/authentication.js';
import { encodeBackendKeyData } from './messages/session-state.js';
import { decodeStartupPacket, encodeNegotiateProtocolVersion, NEWEST_MINOR, type StartupMessage } from './messages/startup.js';
import { Frontend } from './messages/types.js';
import type { SessionFactory, SessionPort } from './port.js';
import type { SocketOutput } from './socket-output.js';
import type { TlsInfo } from './tls/tls-info.js';

/** Cancel keys of protocol 3.0 have 4 bytes; from 3.2 on they may be longer, and PostgreSQL's have so many. */
const SECRET_KEY_BYTES = 4;
const LONG_SECRET_KEY_BYTES = 32;
const LONG_KEYS_SINCE_MINOR = 2;
const REFUSED = Buffer.from('N');
const PHYSICAL_OR_LOGICAL = /^(true|on|yes|1|database)$/i;

/** Whether there is room for one more. @throws SqlError 53300, 57P03 */
export interface Admission {
  /** Asked once the client said who it is. */
  check(): void;
  /** It has shown who it is: now it counts. */
  enter(): void;
}

/** What comes of a packet: a session that is open; that there will be none; TLS; undefined while more must come. */
export type StartupStep = SessionPort | 'done' | 'tls' | undefined;

/**
 * Start-up: SSLRequest and GSSENCRequest → StartupMessage → the first rule that fits → its method's exchange → AuthenticationOk → the session opens →
 * ParameterStatus, BackendKeyData. A CancelRequest is a connection of its own that ends at once.
 *
 * Every error here is FATAL.
 */
export class Startup {
  readonly #output: SocketOutput;
  readonly #factory: SessionFactory;
  readonly #client: ClientEnd;
  readonly #admission: Admission;
  readonly #access: AccessControl;
  readonly #offersTls: boolean;
  /** Each of the two requests may come once. */
  readonly #negotiated = { ssl: false, gss: false };
  #tls: TlsInfo | undefined;
  #message: StartupMessage | undefined;
  #rule: HbaRule | undefined;
  #exchange: Exchange | undefined;

  /** @param offersTls whether SSLRequest is answered with S */
  constructor(
    output: SocketOutput,
    factory: SessionFactory,
    client: ClientEnd,
    admission: Admission,
    access: AccessControl,
    offersTls: boolean,
  ) {
    this.#output = output;
    this.#factory = factory;
    this.#client = client;
    this.#admission = admission;
    this.#access = access;
    this.#offersTls = offersTls;
  }

  /** Packets have no type byte until the client has introduced itself. */
  get expectsPacket(): boolean {
    return this.#message === undefined;
  }

  /** TLS is there: what comes from now on is from within. */
  secured(tls: TlsInfo): void {
    this.#tls = tls;
    this.#negotiated.ssl = true;
  }

  packet(reader: MessageReader): MaybePromise<StartupStep> {
    const packet = decodeStartupPacket(reader, this.#negotiated);
    switch (packet.kind) {
      case 'ssl request':
        this.#negotiated.ssl = true;
        if (this.#offersTls && this.#tls === undefined) return 'tls';
        this.#output.buffer.writeRaw(REFUSED);
        return undefined;
      case 'gssenc request':
        this.#negotiated.gss = true;
        this.#output.buffer.writeRaw(REFUSED);
        return undefined;
      case 'cancel request':
        return this.#cancel(packet.pid, packet.secretKey);
      case 'startup':
        return this.#begin(packet);
    }
  }

  /** The short keys of protocol 3.0 could be tried one after the other: who was wrong a few times waits. */
  #cancel(pid: number, secretKey: Uint8Array): MaybePromise<StartupStep> {
    const { throttle } = this.#access;
    const { address } = this.#client;
    const look = (): StartupStep => {
      if (!this.#factory.cancel(pid, secretKey)) throttle.cancelFailed(address);
      return 'done';
    };
    const waitMs = throttle.beforeCancelMs(address);
    return waitMs === 0 ? look() : sleep(waitMs).then(look);
  }

  #begin(message: StartupMessage): MaybePromise<StartupStep> {
    this.#message = message;
    if (message.minor > NEWEST_MINOR || message.unknownOptions.length > 0) {
      encodeNegotiateProtocolVersion(this.#output.buffer, Math.min(message.minor, NEWEST_MINOR), message.unknownOptions);
    }
    const client: HbaClient = {
      isLocal: this.#client.isLocal,
      address: this.#client.address,
      isTls: this.#tls !== undefined,
      user: this.#user(),
      database: this.#database(),
      isReplication: PHYSICAL_OR_LOGICAL.test(message.parameters.get('replication') ?? ''),
      peerUid: this.#client.peerUid,
    };
    this.#admission.check();
    let rule: MaybePromise<HbaRule>;
    try {
      rule = this.#access.ruleFor(client, this.#factory);
    } catch (error) {
      return this.#refuse(error);
    }
    if (!(rule instanceof Promise)) return this.#ask(rule, client);
    return rule.then(
      (found) => this.#ask(found, client),
      (error: unknown) => this.#refuse(error),
    );
  }

  #refuse(error: unknown): never {
    this.#record(error);
    throw error;
  }

  /** The rule is found: its exchange begins. */
  #ask(rule: HbaRule, client: HbaClient): MaybePromise<StartupStep> {
    this.#rule = rule;
    try {
      if (client.isReplication) {
        throw new SqlError(SqlState.featureNotSupported, 'replication connections are not supported yet', { severity: 'FATAL' });
      }
      this.#exchange = this.#access.exchangeFor(rule, client, this.#tls, this.#factory);
    } catch (error) {
      return this.#refuse(error);
    }
    const waitMs = this.#access.throttle.beforeMs(this.#client.address);
    const { buffer } = this.#output;
    const begin = (): MaybePromise<StartupStep> => this.#judge(this.#exchange?.begin(buffer) ?? 'failed');
    return waitMs === 0 ? begin() : sleep(waitMs).then(begin);
  }

  /** The client's answer to what its exchange has asked. */
  message(type: number, reader: MessageReader): MaybePromise<StartupStep> {
    if (type !== Frontend.saslResponse || this.#exchange === undefined) {
      const expected = this.#rule?.method === 'password' || this.#rule?.method === 'jwt' ? 'password' : 'SASL';
      throw new SqlError(SqlState.protocolViolation, `expected ${expected} response, got message type ${type}`, { severity: 'FATAL' });
    }
    let verdict: MaybePromise<Verdict>;
    try {
      verdict = this.#exchange.answer(reader, this.#output.buffer);
    } catch (error) {
      this.#record(error);
      throw error;
    }
    return verdict instanceof Promise ? verdict.then((judged) => this.#judge(judged)) : this.#judge(verdict);
  }

  #judge(verdict: MaybePromise<Verdict>): MaybePromise<StartupStep> {
    if (verdict instanceof Promise) return verdict.then((judged) => this.#judge(judged));
    if (verdict === 'more') return undefined;
    if (verdict !== 'failed') return this.#open(verdict);
    const user = this.#user();
    const error =
      this.#rule === undefined
        ? new SqlError(SqlState.invalidAuthorizationSpecification, `authentication failed for user "${user}"`, { severity: 'FATAL' })
        : loginFailed(this.#rule, user);
    this.#record(error);
    const waitMs = this.#access.throttle.failed(this.#client.address, user);
    if (waitMs === 0) throw error;
    return sleep(waitMs).then(() => {
      throw error;
    });
  }

  #open(proof: Proof): MaybePromise<SessionPort> {
    this.#admission.enter();
    encodeAuthenticationOk(this.#output.buffer);
    const parameters = new Map(this.#message?.parameters);
    parameters.delete('user');
    parameters.delete('database');
    parameters.delete('replication');
    const hasLongKeys = (this.#message?.minor ?? 0) >= LONG_KEYS_SINCE_MINOR;
    const secretKey = randomBytes(hasLongKeys ? LONG_SECRET_KEY_BYTES : SECRET_KEY_BYTES);
    const introduce = (session: SessionPort): SessionPort => {
      for (const [name, value] of session.reportedSettings()) this.#output.parameterStatus(name, value);
      encodeBackendKeyData(this.#output.buffer, session.pid, secretKey);
      this.#access.log.succeeded(this.#attempt(), session.pid, proof.identity);
      return session;
    };
    try {
      const opened = this.#factory.open({
        user: this.#user(),
        database: this.#database(),
        parameters,
        clientAddress: this.#client.address,
        clientPort: this.#client.port,
        tls: this.#tls,
        endUser: proof.endUser,
        expiresMs: proof.expiresMs,
        secretKey,
        output: this.#output,
      });
      if (!(opened instanceof Promise)) return introduce(opened);
      return opened.then(introduce, (error: unknown) => {
        this.#record(error);
        throw error;
      });
    } catch (error) {
      this.#record(error);
      throw error;
    }
  }

  #record(error: unknown): void {
    if (error instanceof SqlError) this.#access.log.failed(this.#attempt(), error.code, error.message);
  }

  #attempt(): LoginAttempt {
    return {
      user: this.#user(),
      database: this.#database(),
      address: this.#client.address,
      port: this.#client.port,
      isTls: this.#tls !== undefined,
      method: this.#rule?.method,
      ruleLine: this.#rule?.line,
    };
  }

  #database(): string {
    return this.#message?.parameters.get('database') || this.#user();
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

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
