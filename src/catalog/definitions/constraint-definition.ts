import { unreachable } from '../../commons/assert.js';
import type { CatalogSnapshot } from '../catalog.js';
import type {
  CheckConstraint,
  Constraint,
  ExclusionConstraint,
  ForeignKeyActionName,
  ForeignKeyConstraint,
  KeyConstraint,
  TableDescriptor,
} from '../descriptors.js';
import { columnList, relationName } from './identifiers.js';
import { type DefinitionOptions, exclusionIndexText } from './index-definition.js';
import { type ExpressionSource, expressionText } from './texts.js';

/** pg_get_constraintdef: what stands behind CONSTRAINT name. */
export function constraintDefinition(
  catalog: CatalogSnapshot,
  table: TableDescriptor,
  constraint: Constraint,
  options: DefinitionOptions = {},
): string {
  switch (constraint.kind) {
    case 'check':
      return checkDefinition(constraint, table, options);
    case 'primary key':
    case 'unique':
      return keyDefinition(catalog, table, constraint);
    case 'exclusion':
      return exclusionDefinition(catalog, constraint, options);
    case 'foreign key':
      return foreignKeyDefinition(catalog, table, constraint, options);
    default:
      return unreachable(constraint);
  }
}

/** Of a table or a domain. */
export function checkDefinition(
  constraint: Pick<CheckConstraint, 'exprText' | 'validated' | 'noInherit'>,
  over: ExpressionSource | undefined,
  options: DefinitionOptions,
): string {
  const expression = expressionText(constraint.exprText, over, options);
  return `CHECK (${expression})${constraint.noInherit === true ? ' NO INHERIT' : ''}${notValid(constraint)}`;
}

function keyDefinition(catalog: CatalogSnapshot, table: TableDescriptor, constraint: KeyConstraint): string {
  const index = catalog.relationByOid(constraint.index);
  let text = constraint.kind === 'primary key' ? 'PRIMARY KEY ' : 'UNIQUE ';
  if (index?.kind === 'index' && index.nullsNotDistinct === true) text += 'NULLS NOT DISTINCT ';
  text += columnList(table, constraint.columns);
  if (index?.kind === 'index' && index.including !== undefined && index.including.length > 0)
    text += ` INCLUDE ${columnList(table, index.including)}`;
  return text + deferral(constraint);
}

function exclusionDefinition(catalog: CatalogSnapshot, constraint: ExclusionConstraint, options: DefinitionOptions): string {
  const index = catalog.relationByOid(constraint.index);
  if (index?.kind !== 'index') return 'EXCLUDE';
  return `EXCLUDE ${exclusionIndexText(catalog, index, constraint.operators, options)}${deferral(constraint)}`;
}

function foreignKeyDefinition(
  catalog: CatalogSnapshot,
  table: TableDescriptor,
  constraint: ForeignKeyConstraint,
  options: DefinitionOptions,
): string {
  const referenced = catalog.relationByOid(constraint.referencedTable);
  const target =
    referenced === undefined
      ? '???'
      : relationName(catalog, referenced, options.isVisible) + columnList(referenced, constraint.referencedColumns);
  let text = `FOREIGN KEY ${columnList(table, constraint.columns)} REFERENCES ${target}`;
  if (constraint.match === 'full') text += ' MATCH FULL';
  if (constraint.onUpdate !== 'no action') text += ` ON UPDATE ${actionText(constraint.onUpdate)}`;
  if (constraint.onDelete !== 'no action') text += ` ON DELETE ${actionText(constraint.onDelete)}`;
  if (constraint.deleteColumns !== undefined) text += ` ${columnList(table, constraint.deleteColumns)}`;
  return text + deferral(constraint) + notValid(constraint);
}

/** NO ACTION, CASCADE … */
export function actionText(action: ForeignKeyActionName): string {
  return action.toUpperCase();
}

function deferral(constraint: KeyConstraint | ForeignKeyConstraint | ExclusionConstraint): string {
  return (constraint.deferrable === true ? ' DEFERRABLE' : '') + (constraint.initiallyDeferred === true ? ' INITIALLY DEFERRED' : '');
}

function notValid(constraint: { readonly validated: boolean }): string {
  return constraint.validated ? '' : ' NOT VALID';
}
