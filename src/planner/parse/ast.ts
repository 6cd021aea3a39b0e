/**
 * The one syntax tree that the planner knows. Its vocabulary is pgsql-ast-parser's (names of nodes and of their fields);
 * it departs where that tree cannot say what PostgreSQL's grammar says: joins are a tree and not a list, numbers keep
 * their text, sub-queries carry their own node, operators are any symbol, special call syntax (EXTRACT, TRIM, OVERLAY,
 * POSITION, SUBSTRING, LIKE … ESCAPE, AT TIME ZONE) is a call of the pg_catalog function that PostgreSQL's grammar makes of it.
 * Both readers fill exactly these shapes; a missing optional field is absent, never null.
 */

export type * from './ast/databases.js';
export type * from './ast/definitions.js';
export type * from './ast/expressions.js';
export type * from './ast/extensions.js';
export type * from './ast/free-standing.js';
export type * from './ast/nodes.js';
export type * from './ast/policies.js';
export type * from './ast/queries.js';
export type * from './ast/roles.js';
export type * from './ast/routines.js';
export type * from './ast/sessions.js';
export type * from './ast/statements.js';
export type * from './ast/text-search.js';
export type * from './ast/triggers.js';
