import type { Statement } from '../../planner/parse/ast.js';

/** The tag of a statement's command, before it is run: what PostgreSQL calls it in errors. */
export function commandTag(statement: Statement): string {
  switch (statement.type) {
    case 'select':
      return statement.into !== undefined ? 'SELECT INTO' : statement.locking === undefined ? 'SELECT' : 'SELECT FOR UPDATE';
    case 'set operation':
    case 'values':
      return 'SELECT';
    case 'transaction':
      return statement.kind.toUpperCase();
    case 'drop':
      return `DROP ${statement.objectType.toUpperCase()}`;
    case 'truncate':
      return 'TRUNCATE TABLE';
    default:
      return statement.type.toUpperCase();
  }
}
