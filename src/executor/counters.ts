/** What one plan node did: EXPLAIN ANALYZE. */
export interface NodeCounters {
  rows: number;
  loops: number;
  /** Milliseconds, with all below it. */
  startupMs: number;
  totalMs: number;
}
