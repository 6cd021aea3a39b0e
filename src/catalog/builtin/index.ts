/**
 * What PostgreSQL is born with, and its rules for finding a function, an operator or a cast.
 *
 * 1. scripts/generate-catalog.mjs writes src/catalog/data/*.json from a real PostgreSQL 15 (npm run build copies them to dist).
 * 2. loadBuiltinCatalog() reads them once (data-file.ts, tables/) and gives the immutable look-ups of types.ts.
 * 3. kalamdb-procs.ts adds KalamDB's own functions.
 * 4. resolve/ holds the resolution rules (PostgreSQL manual, chapter "Type Conversion") as pure functions over a TypeSource,
 *    which the built-in catalog and the full catalog (with users' types) both are.
 */
export { loadBuiltinCatalog } from './builtin-catalog.js';
export { KALAMDB_NAMESPACE } from './kalamdb-procs.js';
export * from './resolve/index.js';
export type * from './types.js';
