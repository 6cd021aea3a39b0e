import { type UserId, userId } from '../commons/ids.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { ListenOption } from '../planner/parse/ast.js';

/** What LISTEN … WITH (…) asks for. */
export interface ListenOptions {
  /** Shared tables are read when LISTEN is given, and never again. */
  readonly snapshotShared: boolean;
  /** Whose rows, whoever the session acts for: one connection of a service serves many users. */
  readonly user?: UserId;
  /** What its notifications are called, instead of the name that is listened to. */
  readonly channel?: string;
}

/** PostgreSQL's limit for a channel's name: an identifier. */
export const MAX_CHANNEL_BYTES = 63;

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  on: true,
  yes: true,
  '1': true,
  false: false,
  off: false,
  no: false,
  '0': false,
};

/** @throws SqlError 22023 */
export function listenOptions(options: readonly ListenOption[] = []): ListenOptions {
  let snapshotShared = false;
  let user: UserId | undefined;
  let channel: string | undefined;
  for (const { name, value, location } of options) {
    switch (name) {
      case 'snapshot_shared': {
        const isOn = BOOLEANS[value.toLowerCase()];
        if (isOn === undefined) throw invalid(`invalid value for boolean option "${name}": ${value}`, location);
        snapshotShared = isOn;
        break;
      }
      case 'user_id':
        if (value === '') throw invalid(`parameter "${name}" must not be empty`, location);
        user = userId(value);
        break;
      case 'channel':
        if (value === '' || Buffer.byteLength(value) > MAX_CHANNEL_BYTES)
          throw invalid(`invalid value for parameter "${name}": "${value}"`, location);
        channel = value;
        break;
      default:
        throw invalid(`unrecognized parameter "${name}"`, location);
    }
  }
  return { snapshotShared, ...(user === undefined ? {} : { user }), ...(channel === undefined ? {} : { channel }) };
}

function invalid(message: string, location: number): SqlError {
  return new SqlError(SqlState.invalidParameterValue, message, { position: location + 1 });
}
