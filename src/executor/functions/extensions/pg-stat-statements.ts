import { isMemberOf } from '../../../catalog/privileges.js';
import { RoleOid } from '../../../commons/system-names.js';
import { TypeOid } from '../../../types/oids.js';
import { type Row, SqlRecord, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

/** Places in a row of the session's list. */
const ROLE = 0;
const ID = 3;
const TEXT = 4;

/** What others run is theirs to know; that they run something is not. */
function* statements([showsText]: readonly SqlValue[], cx: FunctionContext): Iterable<Row> {
  const { catalog, session } = cx;
  const seesAll = isMemberOf(catalog, session.currentRole, RoleOid.readAllStats);
  for (const row of session.virtualRows('pg_stat_statements') ?? []) {
    const copy = [...row];
    // Those who share a role by acting for one user each must not see each other's.
    const isOwn = session.boundUser === undefined && (seesAll || row[ROLE] === session.currentRole);
    if (!isOwn) copy[ID] = null;
    if (showsText !== true) copy[TEXT] = null;
    else if (!isOwn) copy[TEXT] = '<insufficient privilege>';
    yield copy;
  }
}

export const statementStatisticsFunctions: FunctionTable = {
  scalar: {
    pg_stat_statements_reset_1_7: (role: SqlValue, database: SqlValue, id: SqlValue, cx: FunctionContext) => {
      const meant = (value: SqlValue): number | undefined => (typeof value === 'number' && value !== 0 ? value : undefined);
      const isAny = id === 0 || id === 0n || (typeof id !== 'number' && typeof id !== 'bigint');
      cx.session.resetStatementStatistics({ role: meant(role), database: meant(database), id: isAny ? undefined : BigInt(id) });
      return '';
    },
    pg_stat_statements_info: (cx: FunctionContext) => {
      const [row = []] = cx.session.virtualRows('pg_stat_statements_info') ?? [];
      return new SqlRecord([...row], [TypeOid.int8, TypeOid.timestamptz], ['dealloc', 'stats_reset']);
    },
  },
  set: { pg_stat_statements_1_10: statements },
};
