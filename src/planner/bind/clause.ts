/** Which part of a statement an expression stands in: what it may hold, and how errors call the place (PostgreSQL's ParseExprKind). */
export type Clause =
  | 'SELECT'
  | 'WHERE'
  | 'HAVING'
  | 'FILTER'
  | 'GROUP BY'
  | 'ORDER BY'
  | 'DISTINCT ON'
  | 'LIMIT'
  | 'OFFSET'
  | 'RETURNING'
  | 'VALUES'
  /** INSERT … VALUES of one row, which is planned like SELECT. */
  | 'VALUES row'
  | 'INSERT'
  | 'UPDATE'
  | 'JOIN'
  | 'FROM function'
  | 'FROM query'
  | 'DEFAULT'
  | 'parameter default'
  | 'CHECK'
  | 'GENERATED'
  /** USING of ALTER COLUMN … TYPE. */
  | 'ALTER TYPE'
  | 'index expression'
  | 'index predicate'
  | 'partition key'
  | 'partition bound'
  | 'EXECUTE'
  | 'CALL'
  | 'COPY WHERE'
  | 'ON CONFLICT'
  | 'MERGE WHEN'
  | 'trigger WHEN'
  | 'POLICY'
  /** PARTITION BY and ORDER BY of a window. */
  | 'WINDOW'
  | 'WINDOW ROWS'
  | 'WINDOW RANGE'
  | 'WINDOW GROUPS';

interface ClauseRules {
  /** "aggregate functions are not allowed in …"; absent: they are allowed. */
  readonly noAggregates?: string;
  /** "window functions are not allowed in …"; absent: as for aggregates. */
  readonly noWindows?: string;
  /** "set-returning functions are not allowed in …" */
  readonly noSets?: string;
  /** "cannot use subquery in …" */
  readonly noSubqueries?: string;
  /** "cannot use column reference in …" */
  readonly noColumns?: string;
}

const both = (name: string): ClauseRules => ({ noAggregates: name, noSets: name });

export const clauseRules: Readonly<Record<Clause, ClauseRules>> = {
  SELECT: {},
  WHERE: both('WHERE'),
  POLICY: both('policy expressions'),
  HAVING: { noSets: 'HAVING', noWindows: 'HAVING' },
  FILTER: both('FILTER'),
  'GROUP BY': { noAggregates: 'GROUP BY' },
  'ORDER BY': {},
  'DISTINCT ON': {},
  LIMIT: both('LIMIT'),
  OFFSET: both('OFFSET'),
  RETURNING: both('RETURNING'),
  VALUES: both('VALUES'),
  'VALUES row': { noAggregates: 'VALUES' },
  INSERT: both('INSERT'),
  UPDATE: both('UPDATE'),
  JOIN: both('JOIN conditions'),
  'FROM function': { noAggregates: 'functions in FROM' },
  'FROM query': { noAggregates: 'FROM clause of their own query level' },
  DEFAULT: {
    noAggregates: 'DEFAULT expressions',
    noSets: 'DEFAULT expressions',
    noSubqueries: 'DEFAULT expression',
    noColumns: 'DEFAULT expression',
  },
  'parameter default': { noAggregates: 'DEFAULT expressions', noSets: 'DEFAULT expressions', noSubqueries: 'DEFAULT expression' },
  CHECK: { noAggregates: 'check constraints', noSets: 'check constraints', noSubqueries: 'check constraint' },
  GENERATED: {
    noAggregates: 'column generation expressions',
    noSets: 'column generation expressions',
    noSubqueries: 'column generation expression',
  },
  'ALTER TYPE': {
    noAggregates: 'transform expressions',
    noSets: 'transform expressions',
    noSubqueries: 'transform expression',
  },
  'index expression': { noAggregates: 'index expressions', noSets: 'index expressions', noSubqueries: 'index expression' },
  'index predicate': { noAggregates: 'index predicates', noSets: 'index predicates', noSubqueries: 'index predicate' },
  'partition key': {
    noAggregates: 'partition key expressions',
    noSets: 'partition key expressions',
    noSubqueries: 'partition key expression',
  },
  'partition bound': {
    noAggregates: 'partition bound',
    noSets: 'partition bound',
    noSubqueries: 'partition bound',
    noColumns: 'partition bound expression',
  },
  CALL: { noAggregates: 'CALL arguments', noSets: 'CALL arguments', noSubqueries: 'CALL argument' },
  EXECUTE: { noAggregates: 'EXECUTE parameters', noSets: 'EXECUTE parameters', noSubqueries: 'EXECUTE parameter' },
  'COPY WHERE': {
    noAggregates: 'COPY FROM WHERE conditions',
    noSets: 'COPY FROM WHERE conditions',
    noSubqueries: 'COPY FROM WHERE condition',
  },
  'ON CONFLICT': both('WHERE'),
  'MERGE WHEN': both('MERGE WHEN conditions'),
  'trigger WHEN': {
    noAggregates: 'trigger WHEN conditions',
    noSets: 'trigger WHEN conditions',
    noSubqueries: 'trigger WHEN condition',
  },
  WINDOW: { noWindows: 'window definitions' },
  'WINDOW ROWS': { noAggregates: 'window ROWS', noSets: 'window definitions', noWindows: 'window definitions' },
  'WINDOW RANGE': { noAggregates: 'window RANGE', noSets: 'window definitions', noWindows: 'window definitions' },
  'WINDOW GROUPS': { noAggregates: 'window GROUPS', noSets: 'window definitions', noWindows: 'window definitions' },
};
