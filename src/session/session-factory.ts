import { createHmac, randomBytes } from 'node:crypto';
import type { Catalog, CatalogSnapshot } from '../catalog/catalog.js';
import type { DatabaseDescriptor, RoleDescriptor } from '../catalog/descriptors.js';
import { Privilege } from '../catalog/descriptors.js';
import { isListedMember, isSuperuser, privilegesOf } from '../catalog/privileges.js';
import { POSTGRES_EPOCH_MS } from '../commons/clock.js';
import type { Oid } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import { SCRAM_ITERATIONS } from '../commons/scram-secret.js';
import { SettingName } from '../commons/setting-names.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState, type SqlStateCode } from '../commons/sqlstates.js';
import { RoleOid } from '../commons/system-names.js';
import { lockTags } from '../transaction/lock-tags.js';
import type { SessionFactory, SessionPort, SessionStart } from '../wire/port.js';
import { makeSession } from './make-session.js';
import type { ServerParts } from './server-parts.js';
import { startSettings } from './settings/start-settings.js';

/** Opens sessions for wire. One a server. */
export class ServerSessions implements SessionFactory {
  readonly #parts: ServerParts;
  /** Makes the secrets of roles that do not exist: the same each time for one name. */
  readonly #mockKey = randomBytes(32);
  #closing = false;

  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  credentials(user: string): ReturnType<SessionFactory['credentials']> {
    const role = this.#parts.catalogs.committedShared.role(user);
    const expired = role?.validUntil !== undefined && role.validUntil <= this.#parts.clock.nowMicros();
    const mockSecret = this.#mockSecret(user);
    return {
      scramSecret: role?.password ?? mockSecret,
      known: role?.password !== undefined && !expired,
      mockSecret,
      isSuperuser: role?.superuser === true,
    };
  }

  isMember(role: string, of: string): boolean {
    const catalog = this.#parts.catalogs.committedShared;
    const member = catalog.role(role);
    const group = catalog.role(of);
    // Who owns a database is not known before one has been chosen.
    if (member === undefined || group === undefined || group.oid === RoleOid.databaseOwner) return false;
    return isListedMember(catalog, member.oid, group.oid);
  }

  #mockSecret(user: string): string {
    const piece = (purpose: string, bytes: number): string =>
      createHmac('sha256', this.#mockKey).update(`${purpose}\0${user}`).digest().subarray(0, bytes).toString('base64');
    return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${piece('salt', 16)}$${piece('stored', 32)}:${piece('server', 32)}`;
  }

  open(start: SessionStart): MaybePromise<SessionPort> {
    const shared = this.#parts.catalogs.committedShared;
    this.#requireRole(start.user);
    const database = shared.databaseNamed(start.database);
    if (database === undefined) throw noDatabase(start.database);
    return this.#entering(database.oid, (catalog) => this.#open(start, catalog));
  }

  /**
   * Nobody drops or copies a database while somebody connects to it: who is about to holds its lock until the session is counted.
   * @throws SqlError FATAL 3D000 where it has been dropped meanwhile
   */
  #entering(database: Oid, open: (catalog: Catalog | undefined) => SessionPort): MaybePromise<SessionPort> {
    const { catalogs, transactions } = this.#parts;
    const locks = transactions.locks.session(0);
    const tag = lockTags.database(database);
    const opened = (): MaybePromise<SessionPort> => {
      const catalog = catalogs.open(database);
      return catalog instanceof Promise ? catalog.then(open) : open(catalog);
    };
    const release = (): void => locks.unlockAll();
    const held = locks.lock(tag, 'ROW EXCLUSIVE', 'wait');
    if (held instanceof Promise) return held.then(opened).finally(release);
    let session: MaybePromise<SessionPort>;
    try {
      session = opened();
    } catch (error) {
      release();
      throw error;
    }
    if (session instanceof Promise) return session.finally(release);
    release();
    return session;
  }

  #requireRole(user: string): RoleDescriptor {
    if (this.#closing) throw fatal(SqlState.cannotConnectNow, 'the database system is shutting down');
    const role = this.#parts.catalogs.committedShared.role(user);
    if (role === undefined) throw fatal(SqlState.invalidAuthorizationSpecification, `role "${user}" does not exist`);
    if (!role.canLogin) throw fatal(SqlState.invalidAuthorizationSpecification, `role "${role.name}" is not permitted to log in`);
    return role;
  }

  #open(start: SessionStart, catalog: Catalog | undefined): SessionPort {
    // It may have waited: what held then need not hold now.
    const role = this.#requireRole(start.user);
    const database = catalog?.committed.databaseNamed(start.database);
    if (catalog === undefined || database?.oid !== catalog.database) throw noDatabase(start.database);
    this.#requireRoom(role);
    this.#requireMayConnect(database, role, catalog.committed);
    if (start.endUser !== undefined && role.superuser) {
      throw fatal(
        SqlState.invalidAuthorizationSpecification,
        `role "${role.name}" is a superuser and does not act for end users by a token`,
      );
    }
    const session = makeSession(this.#parts, catalog, role, start);
    try {
      startSettings(session.core, role, start);
    } catch (error) {
      session.close();
      throw error instanceof SqlError ? new SqlError(error.code, error.message, { ...error.fields, severity: 'FATAL' }) : error;
    }
    session.core.services.counters.sessions++;
    if (start.expiresMs !== undefined)
      session.expireIn(start.expiresMs - POSTGRES_EPOCH_MS - this.#parts.clock.nowMicros() / MICROS_PER_MS);
    return session;
  }

  /** In PostgreSQL's order. */
  #requireMayConnect(database: DatabaseDescriptor, role: RoleDescriptor, catalog: CatalogSnapshot): void {
    const { name } = database;
    if (database.allowsConnections === false)
      throw fatal(SqlState.objectNotInPrerequisiteState, `database "${name}" is not currently accepting connections`);
    if ((privilegesOf(catalog, role.oid, 'database', database) & Privilege.connect) === 0) {
      throw fatal(SqlState.insufficientPrivilege, `permission denied for database "${name}"`, 'User does not have CONNECT privilege.');
    }
    const limit = database.connectionLimit ?? -1;
    if (limit < 0 || isSuperuser(catalog, role.oid)) return;
    if ([...this.#parts.sessions.of(database.oid)].length >= limit)
      throw fatal(SqlState.tooManyConnections, `too many connections for database "${name}"`);
  }

  #requireRoom(role: RoleDescriptor): void {
    if (isSuperuser(this.#parts.catalogs.committedShared, role.oid)) return;
    const most = Number(this.#parts.settings.find(SettingName.maxConnections)?.boot);
    const reserved = Number(this.#parts.settings.find(SettingName.superuserReservedConnections)?.boot);
    if (this.#parts.sessions.size >= most - Math.min(reserved, most - 1)) {
      throw fatal(SqlState.tooManyConnections, 'remaining connection slots are reserved for non-replication superuser connections');
    }
    if (role.connectionLimit >= 0 && this.#parts.sessions.countOf(role.name) >= role.connectionLimit) {
      throw fatal(SqlState.tooManyConnections, `too many connections for role "${role.name}"`);
    }
  }

  cancel(pid: number, secretKey: Uint8Array): boolean {
    return this.#parts.sessions.cancel(pid, secretKey);
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

const MICROS_PER_MS = 1000;
/** Between telling the last sessions and closing under them. */
const CUT_GRACE_MS = 1000;

const noDatabase = (name: string): SqlError => fatal(SqlState.invalidCatalogName, `database "${name}" does not exist`);

function fatal(code: SqlStateCode, message: string, detail?: string): SqlError {
  return new SqlError(code, message, { severity: 'FATAL', detail });
}
