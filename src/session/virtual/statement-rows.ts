import { parseNumeric } from '../../types/numeric/numeric.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { SessionCore } from '../session-core.js';

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const int8 = (value: bigint): SqlValue => (value <= MAX_SAFE && value >= -MAX_SAFE ? Number(value) : value);

/** pg_stat_statements. Planning is not timed apart, and blocks, logged bytes and JIT are not counted: the server has none of PostgreSQL's. */
export function* statementRows(core: SessionCore): Iterable<Row> {
  for (const { entry, id, text } of core.server.statementStatistics.list()) {
    const { role, database, calls, totalMs, minMs, maxMs, meanMs, squares, rows } = entry;
    yield [
      role,
      database,
      true, // toplevel
      int8(id),
      text,
      ...new Array<number>(6).fill(0), // plans
      calls,
      totalMs,
      minMs,
      maxMs,
      meanMs,
      calls > 1 ? Math.sqrt(squares / calls) : 0,
      rows,
      ...new Array<number>(16).fill(0), // blocks and what they took, records and full pages of the log
      parseNumeric('0'), // wal_bytes
      ...new Array<number>(8).fill(0), // JIT
    ];
  }
}
