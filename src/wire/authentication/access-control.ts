import type { Duplex } from 'node:stream';
import type { Logger } from '../../commons/logger.js';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import { parseScramSecret } from '../../commons/scram-secret.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { HbaFile } from '../hba/hba-file.js';
import type { HbaClient, HbaRule } from '../hba/hba-rule.js';
import { matchHba } from '../hba/match-hba.js';
import type { SessionFactory } from '../port.js';
import type { TlsInfo } from '../tls/tls-info.js';
import type { Exchange, Verdict } from './exchange.js';
import type { JwtKeys } from './jwt-keys.js';
import { JwtLogin } from './jwt-login.js';
import type { LoginLog } from './login-log.js';
import type { LoginThrottle } from './login-throttle.js';
import { PasswordChecks } from './password-checks.js';
import { PasswordLogin } from './password-login.js';
import { ScramExchange } from './scram.js';
import { ScramLogin } from './scram-login.js';

export interface AccessParts {
  readonly rules: HbaFile;
  readonly throttle: LoginThrottle;
  readonly keys: JwtKeys;
  readonly log: LoginLog;
  readonly logger: Logger;
}

/** Who may come in, and how they show who they are. One a server. */
export class AccessControl {
  readonly throttle: LoginThrottle;
  readonly log: LoginLog;
  readonly #parts: AccessParts;
  readonly #checks = new PasswordChecks();

  constructor(parts: AccessParts) {
    this.#parts = parts;
    this.throttle = parts.throttle;
    this.log = parts.log;
  }

  /** Throws, or rejects with, SqlError FATAL 28000. */
  ruleFor(client: HbaClient, factory: SessionFactory): MaybePromise<HbaRule> {
    const rule = matchHba(this.#parts.rules.rules, client, (role, of) => factory.isMember(role, of));
    return rule instanceof Promise ? rule.then((found) => requireRule(found, client)) : requireRule(rule, client);
  }

  /** Of a Unix socket that was just accepted. Undefined where no rule asks for it. */
  peerUid(socket: Duplex): number | undefined {
    return this.#parts.rules.peers.uidOf(socket);
  }

  /** What the client has to go through. @throws SqlError FATAL 28000 where its certificate does not do */
  exchangeFor(rule: HbaRule, { user, peerUid }: HbaClient, tls: TlsInfo | undefined, factory: SessionFactory): Exchange {
    const wanted = rule.method === 'cert' ? 'verify-full' : rule.options.get('clientcert');
    if (wanted !== undefined) requireCertificate(tls, wanted === 'verify-full' ? user : undefined);
    switch (rule.method) {
      case 'trust':
        return immediately({ identity: undefined });
      case 'reject':
        return immediately('failed');
      case 'cert':
        return immediately({ identity: tls?.certificate?.subject });
      case 'peer': {
        const name = peerUid === undefined ? undefined : this.#parts.rules.peers.nameOf(peerUid);
        if (name === user) return immediately({ identity: name });
        this.#parts.logger.info({ user, peer: name ?? peerUid }, 'the user of the system is not the role');
        return immediately('failed');
      }
      case 'jwt':
        return new JwtLogin(user, rule.options, this.#parts.keys, this.#parts.logger, mayLogInByToken(rule, user, factory));
      case 'password': {
        const { scramSecret, known, mockSecret } = factory.credentials(user);
        const secret = parseScramSecret(scramSecret) ?? parseScramSecret(mockSecret);
        if (secret === undefined) return immediately('failed');
        return new PasswordLogin(user, secret, known && parseScramSecret(scramSecret) !== undefined, this.#checks);
      }
      case 'scram-sha-256':
      case 'md5': {
        // md5 asks for whatever the stored secret is made for, and here that is SCRAM.
        const { scramSecret, known } = factory.credentials(user);
        return new ScramLogin(user, new ScramExchange(scramSecret, known, tls?.endpointHash));
      }
    }
  }
}

function requireRule(rule: HbaRule | undefined, client: HbaClient): HbaRule {
  if (rule === undefined) throw refused(client, 'no pg_hba.conf entry for ', '');
  if (rule.method === 'reject') throw refused(client, 'pg_hba.conf rejects ', 'connection for ');
  return rule;
}

/** Whoever may choose a name at the issuer must not so become a superuser: those have to be named by their rule. */
function mayLogInByToken(rule: HbaRule, user: string, factory: SessionFactory): boolean {
  const isNamed = rule.users.some(({ text, isQuoted }) => text === user && (isQuoted || text !== 'all'));
  return isNamed || !factory.credentials(user).isSuperuser;
}

function immediately(verdict: Verdict): Exchange {
  return {
    begin: () => verdict,
    answer: () => {
      throw new SqlError(SqlState.protocolViolation, 'expected no authentication response', { severity: 'FATAL' });
    },
  };
}

/** @param user whose name must be the certificate's common name */
function requireCertificate(tls: TlsInfo | undefined, user: string | undefined): void {
  const certificate = tls?.certificate;
  if (certificate === undefined) throw fatal28000('connection requires a valid client certificate');
  if (user !== undefined && certificate.commonName !== user) throw fatal28000(`certificate authentication failed for user "${user}"`);
}

const fatal28000 = (message: string): SqlError => new SqlError(SqlState.invalidAuthorizationSpecification, message, { severity: 'FATAL' });

/** PostgreSQL's sentences name the file as it does. */
function refused({ isLocal, address, isTls, user, database, isReplication }: HbaClient, how: string, what: string): SqlError {
  const host = isLocal ? '[local]' : (address ?? '???');
  const encryption = isTls ? 'SSL encryption' : 'no encryption';
  const connection = isReplication ? 'replication connection from ' : what;
  const named = isReplication ? '' : `, database "${database}"`;
  return fatal28000(`${how}${connection}host "${host}", user "${user}"${named}, ${encryption}`);
}

const FAILURES: Readonly<Record<HbaRule['method'], string>> = {
  trust: '"trust"',
  reject: '"reject"',
  'scram-sha-256': 'password',
  md5: 'password',
  password: 'password',
  cert: 'certificate',
  jwt: 'JWT',
  peer: 'Peer',
};

export function loginFailed({ method }: HbaRule, user: string): SqlError {
  const isPassword = FAILURES[method] === 'password';
  const code = isPassword ? SqlState.invalidPassword : SqlState.invalidAuthorizationSpecification;
  return new SqlError(code, `${FAILURES[method]} authentication failed for user "${user}"`, { severity: 'FATAL' });
}
