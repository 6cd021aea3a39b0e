import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { FunctionTable } from '../table.js';

/** As in a PostgreSQL that was started without its library: it can be created, and nothing has been counted. */
function notLoaded(): never {
  throw new SqlError(SqlState.objectNotInPrerequisiteState, 'pg_stat_statements must be loaded via shared_preload_libraries');
}

export const statementStatisticsFunctions: FunctionTable = {
  scalar: { pg_stat_statements_reset_1_7: notLoaded, pg_stat_statements_info: notLoaded },
  set: { pg_stat_statements_1_10: notLoaded },
};
