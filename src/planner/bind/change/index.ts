/**
 * Life of a change: its table is found and may be changed → the rows that it is about are a query like any other (VALUES, SELECT, the scan with
 * FROM and WHERE) → new values are cast as assignments and defaults filled in → RETURNING sees the new row → the plan carries what the executor
 * needs to write a row of this table: checks, generated columns, index expressions.
 */
import type { Scope } from '../scope/scope.js';
import type { BoundQuery, ChangeStatement } from '../state.js';
import { bindDelete } from './delete.js';
import { bindInsert } from './insert.js';
import { bindMerge } from './merge.js';
import { bindUpdate } from './update.js';

export function bindChange(parent: Scope, statement: ChangeStatement): BoundQuery {
  switch (statement.type) {
    case 'insert':
      return bindInsert(parent, statement);
    case 'update':
      return bindUpdate(parent, statement);
    case 'delete':
      return bindDelete(parent, statement);
    case 'merge':
      return bindMerge(parent, statement);
  }
}
