import { SqlError, type SqlErrorFields } from '../../commons/sql-error.js';
import type { SqlStateCode } from '../../commons/sqlstates.js';
import type { Node } from '../parse/ast.js';

/** Where a node starts in the statement's text, as far as the parser tells. */
export function locationOf(node: Node): number | undefined {
  return node._location?.start;
}

/** An error that points at a place in the text. */
export function errorAt(code: SqlStateCode, message: string, position: number | undefined, fields: SqlErrorFields = {}): SqlError {
  return new SqlError(code, message, { ...fields, position });
}

/** `{ location }` to spread into a bound node, or nothing. */
export function at(location: number | undefined): { readonly location?: number } {
  return location === undefined ? {} : { location };
}
