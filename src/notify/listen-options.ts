import { type UserId, userId } from '../commons/ids.js';
import { parseBoolean } from '../commons/settings/parse-value.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { ListenOption } from '../planner/parse/ast.js';
import { parseInterval } from '../types/datetime/parse-interval.js';
import type { FormatContext } from '../types/format-context.js';

/** What LISTEN … WITH (…) asks for. */
export interface ListenOptions {
  /** Shared tables are read when LISTEN is given, and never again. */
  readonly snapshotShared: boolean;
  /** Whose rows, whoever the session acts for: one connection of a service serves many users. */
  readonly user?: UserId;
  /** What its notifications are called, instead of the name that is listened to. */
  readonly channel?: string;
  /** It is run again so often, instead of being kept up by what changes. */
  readonly refreshMs?: number;
}

/** PostgreSQL's limit for a channel's name: an identifier. */
export const MAX_CHANNEL_BYTES = 63;

/** @throws SqlError 22023 */
export function listenOptions(options: readonly ListenOption[] | undefined, format: FormatContext): ListenOptions {
  let snapshotShared = false;
  let user: UserId | undefined;
  let channel: string | undefined;
  let refreshMs: number | undefined;
  for (const { name, value, location } of options ?? []) {
    switch (name) {
      case 'snapshot_shared': {
        const isOn = parseBoolean(value);
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
      case 'refresh':
        refreshMs = milliseconds(value, format);
        if (refreshMs < MIN_REFRESH_MS || refreshMs > MAX_REFRESH_MS)
          throw invalid(`parameter "${name}" must be between 100 milliseconds and 1 day`, location);
        break;
      default:
        throw invalid(`unrecognized parameter "${name}"`, location);
    }
  }
  return {
    snapshotShared,
    ...(user === undefined ? {} : { user }),
    ...(channel === undefined ? {} : { channel }),
    ...(refreshMs === undefined ? {} : { refreshMs }),
  };
}

const MIN_REFRESH_MS = 100;
const MAX_REFRESH_MS = 86_400_000;
const MS_PER_DAY = 86_400_000;
const DAYS_PER_MONTH = 30;

/** A plain number is seconds, as for `ttl`. @throws SqlError 22007 */
function milliseconds(value: string, format: FormatContext): number {
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const { months, days, micros } = parseInterval(value, format);
  return (months * DAYS_PER_MONTH + days) * MS_PER_DAY + Number(micros) / 1000;
}

function invalid(message: string, location: number): SqlError {
  return new SqlError(SqlState.invalidParameterValue, message, { position: location + 1 });
}
