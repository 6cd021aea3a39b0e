import type { CatalogSnapshot } from '../catalog/catalog.js';
import { isMemberOf, isSuperuser } from '../catalog/privileges.js';
import { type Oid, type UserId, userId } from '../commons/ids.js';
import { SettingName } from '../commons/setting-names.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import { RoleOid } from '../commons/system-names.js';
import type { SessionSettings } from './settings/session-settings.js';

/** Who a session is, at one moment. */
export interface Identity {
  readonly sessionUser: string;
  readonly sessionRole: Oid;
  readonly currentUser: string;
  readonly currentRole: Oid;
  readonly isSuperuser: boolean;
  /** Whose partition of user tables is read and written. */
  readonly actingUser: UserId;
  readonly allUsers: boolean;
  /** False: it acts for an end user (kalamdb.user_id) and has lost the right to since. */
  readonly mayAct: boolean;
  /** The end user is the one for whom it logged in: nothing changes that. */
  readonly isBound: boolean;
}

/** Setting `role` when no SET ROLE is in force. */
export const NO_ROLE = 'none';

/** The role that logged in, and maybe the one end user for whom it did. */
export interface Login {
  readonly name: string;
  readonly oid: Oid;
  /** The session acts for that user, and for nobody else whatever its role may. */
  readonly endUser: string | undefined;
}

/** Works out who a session is from its settings: session_authorization, role, kalamdb.user_id, kalamdb.all_users. */
export function identify(settings: SessionSettings, catalog: CatalogSnapshot, login: Login): Identity {
  const sessionUser = settings.value(SettingName.sessionAuthorization) || login.name;
  const sessionRole = catalog.role(sessionUser)?.oid ?? login.oid;
  const role = settings.value(SettingName.role);
  const currentUser = role === NO_ROLE ? sessionUser : role;
  const currentRole = role === NO_ROLE ? sessionRole : (catalog.role(role)?.oid ?? sessionRole);
  const endUser = login.endUser ?? settings.value(SettingName.kalamdbUserId);
  return {
    sessionUser,
    sessionRole,
    currentUser,
    currentRole,
    isSuperuser: isSuperuser(catalog, currentRole),
    actingUser: userId(endUser === '' ? currentUser : endUser),
    isBound: login.endUser !== undefined,
    mayAct: endUser === '' || login.endUser !== undefined || isMemberOf(catalog, sessionRole, RoleOid.service),
    // It follows the current role: what a service does in the name of a user never sees more than that user.
    allUsers: login.endUser === undefined && settings.isOn(SettingName.kalamdbAllUsers) && maySeeAllUsers(catalog, currentRole),
  };
}

/** Whose rights a SECURITY DEFINER routine has. */
export interface Definer {
  readonly role: Oid;
  /** Of whoever called it: the routine reads and writes that user's rows, never its owner's. */
  readonly caller: Identity;
  /** Whose rows it is about, whoever the session acts for by now: of a deferred trigger. */
  readonly actingUser?: UserId;
}

/** The owner's rights, and the caller's rows. */
export function asDefiner(
  own: Identity,
  { role, caller, actingUser }: Definer,
  settings: SessionSettings,
  catalog: CatalogSnapshot,
): Identity {
  return {
    ...own,
    currentUser: catalog.roleByOid(role)?.name ?? caller.currentUser,
    currentRole: role,
    isSuperuser: isSuperuser(catalog, role),
    // An end user may be set within the routine by whom may act for others; the role it runs as names nobody's rows.
    actingUser: actingUser ?? (settings.value(SettingName.kalamdbUserId) === '' ? caller.actingUser : own.actingUser),
    allUsers: settings.isOn(SettingName.kalamdbAllUsers) && maySeeAllUsers(catalog, role),
  };
}

/** @throws SqlError 42501 */
export function requireMayActFor(catalog: CatalogSnapshot, role: Oid): void {
  if (isMemberOf(catalog, role, RoleOid.service)) return;
  throw new SqlError(SqlState.insufficientPrivilege, `permission denied to set parameter "${SettingName.kalamdbUserId}"`, {
    hint: 'Only superusers and members of role kalamdb_service may act for another user.',
  });
}

export function maySeeAllUsers(catalog: CatalogSnapshot, role: Oid): boolean {
  return isMemberOf(catalog, role, RoleOid.admin);
}
