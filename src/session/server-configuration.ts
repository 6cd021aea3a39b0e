import type { Row } from '../types/value.js';

/** The files that a server's configuration comes from, as sessions know them. */
export interface ServerConfiguration {
  /** Reads them again. What is wrong the log says, and then the old ones stay in force. */
  reload(): void;
  /** pg_hba_file_rules. */
  hbaRows(): Iterable<Row>;
  /** system.hba: the rules that are in force, and what stands in the file and is not. */
  hbaState(): Iterable<Row>;
}
