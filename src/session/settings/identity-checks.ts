import type { CatalogSnapshot } from '../../catalog/catalog.js';
import { isMemberOf } from '../../catalog/privileges.js';
import { SettingName } from '../../commons/setting-names.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { type Identity, type Login, maySeeAllUsers, NO_ROLE, requireMayActFor } from '../identity.js';
import type { SettingCheck } from './session-settings.js';

/** Longest id of an end user: it leads the keys of that user's rows. */
const MAX_USER_ID_BYTES = 255;

export interface IdentitySource {
  catalog(): CatalogSnapshot;
  identity(): Identity;
  /** A SECURITY DEFINER routine runs. */
  isDefiner(): boolean;
  /** The role that logged in: it alone decides about SET SESSION AUTHORIZATION. */
  readonly login: Login;
}

/** Who may become whom: SET ROLE, SET SESSION AUTHORIZATION, kalamdb.user_id and kalamdb.all_users. */
export function identityChecks(source: IdentitySource): readonly (readonly [name: string, check: SettingCheck])[] {
  const denied = (message: string, hint?: string): SqlError => new SqlError(SqlState.insufficientPrivilege, message, { hint });
  const find = (name: string): { readonly oid: number; readonly superuser: boolean } => {
    const role = source.catalog().role(name);
    if (role === undefined) throw new SqlError(SqlState.invalidParameterValue, `role "${name}" does not exist`);
    return role;
  };
  const requireNoDefiner = (setting: string): void => {
    if (source.isDefiner()) throw denied(`cannot set parameter "${setting}" within security-definer function`);
  };
  return [
    [
      SettingName.role,
      (name) => {
        requireNoDefiner(SettingName.role);
        if (name === NO_ROLE) return name;
        const role = find(name);
        if (!isMemberOf(source.catalog(), source.identity().sessionRole, role.oid)) throw denied(`permission denied to set role "${name}"`);
        return name;
      },
    ],
    [
      SettingName.sessionAuthorization,
      (name) => {
        requireNoDefiner(SettingName.sessionAuthorization);
        find(name);
        if (name === source.login.name || source.catalog().role(source.login.name)?.superuser === true) return name;
        throw denied('permission denied to set session authorization');
      },
    ],
    [
      SettingName.kalamdbUserId,
      (id) => {
        if (id === '' || id === source.login.endUser) return id;
        if (source.login.endUser !== undefined) {
          throw denied(
            `permission denied to set parameter "${SettingName.kalamdbUserId}"`,
            'The session has logged in with a token of one end user, and acts for nobody else.',
          );
        }
        requireMayActFor(source.catalog(), source.identity().sessionRole);
        if (Buffer.byteLength(id) > MAX_USER_ID_BYTES || id.includes('\0')) {
          throw new SqlError(SqlState.invalidParameterValue, `invalid value for parameter "${SettingName.kalamdbUserId}": "${id}"`, {
            detail: `A user id has at most ${MAX_USER_ID_BYTES} bytes, and no zero byte.`,
          });
        }
        return id;
      },
    ],
    [
      SettingName.kalamdbAllUsers,
      (value) => {
        if (value === 'on' && (source.login.endUser !== undefined || !maySeeAllUsers(source.catalog(), source.identity().currentRole))) {
          throw denied(
            `permission denied to set parameter "${SettingName.kalamdbAllUsers}"`,
            'Only superusers and members of role kalamdb_admin may read the rows of all users.',
          );
        }
        return value;
      },
    ],
  ];
}
