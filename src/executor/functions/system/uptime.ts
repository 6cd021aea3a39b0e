import type { Timestamp } from '../../../types/datetime/timestamp.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

/** What depends on the server's life: made for each library. */
export function serverFunctions(): FunctionTable {
  let start: Timestamp | undefined;
  /** The clock counts from the first question on, so that the answer never changes. */
  const startTime = (cx: FunctionContext): Timestamp => {
    start ??= Math.round(cx.session.clock.nowMicros() - process.uptime() * 1e6);
    return start;
  };
  return {
    scalar: {
      pg_postmaster_start_time: startTime,
      pg_conf_load_time: startTime,
    },
  };
}
