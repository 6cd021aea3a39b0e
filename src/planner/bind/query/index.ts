/**
 * Life of a query: its WITH list is noted → FROM is bound (from/) and brings the names → select list, WHERE, HAVING, ORDER BY, GROUP BY, DISTINCT,
 * LIMIT are bound against them, in PostgreSQL's order → whoever asked may still decide the types of untyped literals in the select list →
 * `finish` stacks the plan: filter, aggregate, sort, lock, limit, project.
 */
import type { SelectStatement } from '../../parse/ast.js';
import type { Scope } from '../scope/scope.js';
import type { PendingQuery, QueryOptions } from '../state.js';
import { bindSelect } from './select.js';
import { bindSetOperation } from './set-operation.js';
import { bindValues } from './values.js';

export function bindQuery(parent: Scope, statement: SelectStatement, options: QueryOptions = {}): PendingQuery {
  parent.state.enter();
  const query = dispatch(parent, statement, options);
  parent.state.leave();
  return query;
}

function dispatch(parent: Scope, statement: SelectStatement, options: QueryOptions): PendingQuery {
  switch (statement.type) {
    case 'select':
      return bindSelect(parent, statement, options);
    case 'set operation':
      return bindSetOperation(parent, statement, options);
    case 'values':
      return bindValues(parent, statement);
  }
}
