import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { ListenOption } from '../planner/parse/ast.js';

/** What LISTEN … WITH (…) asks for. */
export interface ListenOptions {
  /** Shared tables are read when LISTEN is given, and never again. */
  readonly snapshotShared: boolean;
}

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
  for (const { name, value, location } of options) {
    switch (name) {
      case 'snapshot_shared': {
        const isOn = BOOLEANS[value.toLowerCase()];
        if (isOn === undefined) throw invalid(`invalid value for boolean option "${name}": ${value}`, location);
        snapshotShared = isOn;
        break;
      }
      default:
        throw invalid(`unrecognized parameter "${name}"`, location);
    }
  }
  return { snapshotShared };
}

function invalid(message: string, location: number): SqlError {
  return new SqlError(SqlState.invalidParameterValue, message, { position: location + 1 });
}
