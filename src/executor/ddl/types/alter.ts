import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, findRole, findSchema, ownedBy } from '../names.js';
import { withNewOwner } from '../privileges/new-owner.js';
import { findDomain, findForChange, type MadeDescriptor, requireFreeTypeName } from './find.js';

/** ALTER TYPE and ALTER DOMAIN in what all types have: name, schema, owner. */

function find(objectType: string, name: UtilityStatement<'rename'>['relation'], cx: UtilityContext): Promise<MadeDescriptor> {
  return objectType === 'domain' ? findDomain(name, cx) : findForChange(name, cx);
}

export async function renameType(statement: UtilityStatement<'rename'>, cx: UtilityContext): Promise<string> {
  const type = await find(statement.objectType, statement.relation, cx);
  const schema = catalogOf(cx).schemaByOid(type.schema);
  if (schema !== undefined) await requireFreeTypeName(schema, statement.to, cx);
  cx.session.catalog.put(cx.transaction, { ...type, name: statement.to });
  return `ALTER ${statement.objectType.toUpperCase()}`;
}

export async function setTypeSchema(statement: UtilityStatement<'alter object schema'>, cx: UtilityContext): Promise<UtilityResult> {
  const tag = `ALTER ${statement.objectType.toUpperCase()}`;
  const type = await find(statement.objectType, statement.name, cx);
  const schema = findSchema(statement.schema, cx);
  if (schema.oid === type.schema) return { tag };
  const catalog = catalogOf(cx);
  if (catalog.type(schema.oid, type.name) !== undefined || catalog.relation(schema.oid, type.name) !== undefined)
    throw new SqlError(SqlState.duplicateObject, `type "${type.name}" already exists in schema "${schema.name}"`);
  cx.session.catalog.put(cx.transaction, { ...type, schema: schema.oid });
  return { tag };
}

export async function setTypeOwner(statement: UtilityStatement<'alter owner'>, cx: UtilityContext): Promise<UtilityResult> {
  const type = await find(statement.objectType, statement.name, cx);
  const owner = findRole(statement.to, cx);
  if (!ownedBy(owner, cx))
    throw new SqlError(SqlState.insufficientPrivilege, `must be member of role "${catalogOf(cx).roleByOid(owner)?.name ?? ''}"`);
  cx.session.catalog.put(cx.transaction, withNewOwner(type, owner));
  return { tag: `ALTER ${statement.objectType.toUpperCase()}` };
}
