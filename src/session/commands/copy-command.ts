import { notSupported } from '../../commons/sql-error.js';
import type { Waiting } from '../../executor/waiting.js';
import type { CopyStatement } from '../../planner/parse/ast.js';
import type { OpenedStatement } from '../opened-statement.js';
import type { SessionCore } from '../session-core.js';

// biome-ignore lint/correctness/useYield: placeholder
export function* copyCommand(_statement: CopyStatement, _core: SessionCore): Waiting<OpenedStatement> {
  throw notSupported('COPY');
}
