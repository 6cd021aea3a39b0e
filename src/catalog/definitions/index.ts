/** Objects as SQL: what pg_get_indexdef, pg_get_constraintdef, pg_get_viewdef, format_type and the catalog's own relations print. */
export { actionText, checkDefinition, constraintDefinition } from './constraint-definition.js';
export { parenthesized, withoutOuterParentheses } from './expression-text.js';
export {
  columnName,
  type IsVisible,
  type NamedObject,
  qualifiedName,
  quoteIdentifier,
  quoteLiteral,
  schemaName,
} from './identifiers.js';
export { type DefinitionOptions, indexColumnDefinition, indexDefinition } from './index-definition.js';
export { partitionConstraintDefinition, partitionKeyDefinition } from './partition-definition.js';
export { ruleDefinition } from './rule-definition.js';
export type { DefinitionTexts, ExpressionSource, TextForm } from './texts.js';
export { triggerDefinition } from './trigger-definition.js';
export { typeName } from './type-name.js';
export { type StoredQuery, storedQueryOf, viewDefinition } from './view-definition.js';
