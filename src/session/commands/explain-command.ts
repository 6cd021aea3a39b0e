import { notSupported } from '../../commons/sql-error.js';
import type { Waiting } from '../../executor/waiting.js';
import type { ResultColumn } from '../../planner/bind/logical.js';
import type { ExplainStatement } from '../../planner/parse/ast.js';
import type { SqlValue } from '../../types/value.js';
import type { OpenedStatement } from '../opened-statement.js';
import type { SessionCore } from '../session-core.js';
import { resultColumn } from './result-columns.js';

// biome-ignore lint/correctness/useYield: the planner's explain is on its way
export function* explainCommand(_statement: ExplainStatement, _params: readonly SqlValue[], _core: SessionCore): Waiting<OpenedStatement> {
  throw notSupported('EXPLAIN');
}

export function explainColumns(_statement: ExplainStatement): readonly ResultColumn[] {
  return [resultColumn('QUERY PLAN')];
}
