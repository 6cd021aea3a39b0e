import { createHmac, randomBytes } from 'node:crypto';
import type { CatalogSnapshot } from '../catalog/catalog.js';
import type { RoleDescriptor } from '../catalog/descriptors.js';
import { Privilege } from '../catalog/descriptors.js';
import { isSuperuser, privilegesOf } from '../catalog/privileges.js';
import { SCRAM_ITERATIONS } from '../commons/scram-secret.js';
import { SettingName } from '../commons/setting-names.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState, type SqlStateCode } from '../commons/sqlstates.js';
import type { SessionFactory, SessionPort, SessionStart } from '../wire/port.js';
import { makeSession } from './make-session.js';
import type { ServerParts } from './server-parts.js';
import { startSettings } from './settings/start-settings.js';

export interface SessionFactoryOptions {
  /** Nobody is asked for a password: for tests, on a loopback address. */
  readonly trust?: boolean;
}

/** Opens sessions for wire. One a server. */
export class ServerSessions implements SessionFactory {
  readonly #parts: ServerParts;
  readonly #trust: boolean;
  /** Makes the secrets of roles that do not exist: the same each time for one name. */
  readonly #mockKey = randomBytes(32);
  #closing = false;

  constructor(parts: ServerParts, options: SessionFactoryOptions = {}) {
    this.#parts = parts;
    this.#trust = options.trust === true;
  }

  credentials(user: string): { readonly scramSecret: string; readonly known: boolean; readonly trust: boolean } {
    const role = this.#parts.catalog.committed.role(user);
    const expired = role?.validUntil !== undefined && role.validUntil <= this.#parts.clock.nowMicros();
    const mock = this.#mockSecret(user);
    return { scramSecret: role?.password ?? mock, known: role?.password !== undefined && !expired, trust: this.#trust };
  }

  #mockSecret(user: string): string {
    const piece = (purpose: string, bytes: number): string =>
      createHmac('sha256', this.#mockKey).update(`${purpose}\0${user}`).digest().subarray(0, bytes).toString('base64');
    return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${piece('salt', 16)}$${piece('stored', 32)}:${piece('server', 32)}`;
  }

  open(start: SessionStart): SessionPort {
    if (this.#closing) throw fatal(SqlState.cannotConnectNow, 'the database system is shutting down');
    const catalog = this.#parts.catalog.committed;
    const role = catalog.role(start.user);
    if (role === undefined) throw fatal(SqlState.invalidAuthorizationSpecification, `role "${start.user}" does not exist`);
    if (!role.canLogin) throw fatal(SqlState.invalidAuthorizationSpecification, `role "${role.name}" is not permitted to log in`);
    this.#requireDatabase(start.database, role, catalog);
    this.#requireRoom(role);
    const session = makeSession(this.#parts, role, start);
    try {
      startSettings(session.core, role, start);
    } catch (error) {
      session.close();
      throw error instanceof SqlError ? new SqlError(error.code, error.message, { ...error.fields, severity: 'FATAL' }) : error;
    }
    return session;
  }

  #requireDatabase(name: string, role: RoleDescriptor, catalog: CatalogSnapshot): void {
    const database = catalog.database();
    if (database.name !== name) throw fatal(SqlState.invalidCatalogName, `database "${name}" does not exist`);
    if ((privilegesOf(catalog, role.oid, 'database', database) & Privilege.connect) === 0) {
      throw fatal(SqlState.insufficientPrivilege, `permission denied for database "${name}"`, 'User does not have CONNECT privilege.');
    }
  }

  #requireRoom(role: RoleDescriptor): void {
    if (isSuperuser(this.#parts.catalog.committed, role.oid)) return;
    const most = Number(this.#parts.settings.find(SettingName.maxConnections)?.boot);
    if (this.#parts.sessions.size >= most - Math.min(RESERVED_CONNECTIONS, most - 1)) {
      throw fatal(SqlState.tooManyConnections, 'remaining connection slots are reserved for non-replication superuser connections');
    }
    if (role.connectionLimit >= 0 && this.#parts.sessions.countOf(role.name) >= role.connectionLimit) {
      throw fatal(SqlState.tooManyConnections, `too many connections for role "${role.name}"`);
    }
  }

  cancel(pid: number, secretKey: Uint8Array): void {
    this.#parts.sessions.cancel(pid, secretKey);
  }

  /** No new sessions; those that are idle end at once, the others when their statement does, or at last after the grace. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    const reason = fatal(SqlState.adminShutdown, 'terminating connection due to administrator command');
    const { sessions } = this.#parts;
    const end = performance.now() + graceMs;
    while (sessions.size > 0 && performance.now() < end) {
      for (const { session } of sessions.all()) if (!session.isActive) session.terminate(reason);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    for (const { session } of sessions.all()) session.terminate(reason);
    const cut = performance.now() + CUT_GRACE_MS;
    while (sessions.size > 0 && performance.now() < cut) await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** PostgreSQL's superuser_reserved_connections: when all others are taken, an administrator still gets in. */
const RESERVED_CONNECTIONS = 3;
/** Between telling the last sessions and closing under them. */
const CUT_GRACE_MS = 1000;

function fatal(code: SqlStateCode, message: string, detail?: string): SqlError {
  return new SqlError(code, message, { severity: 'FATAL', detail });
}
