/** PostgreSQL's resolution rules (manual, chapter "Type Conversion") as pure functions; errors.ts words what they refuse. */
export * from './coercion.js';
export { fitsAll, selectCommonType } from './common-type.js';
export * from './errors.js';
export { type DefaultedParameter, type FunctionCall, type FunctionResolution, resolveFunction } from './function.js';
export * from './opclass.js';
export { resolveOperator, resolveScalarArrayOperator } from './operator.js';
export { resolvePolymorphic } from './polymorphic.js';
export * from './type-facts.js';
