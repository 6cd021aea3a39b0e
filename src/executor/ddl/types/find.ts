import type { CompositeDescriptor, SchemaDescriptor, TypeDescriptor } from '../../../catalog/descriptors.js';
import { isMadeOf, typeOidNamed, typeRecord } from '../../../catalog/made-types.js';
import { FIRST_USER_OID, type Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { SchemaName, SchemaOid } from '../../../commons/system-names.js';
import type { QName } from '../../../planner/parse/ast.js';
import { lockTags } from '../../../transaction/lock-tags.js';
import { isExtensionType } from '../../../types/extensions/oids.js';
import { formatType } from '../../../types/format-type.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, findSchema, lockName, nameText, ownedBy } from '../names.js';

/** Looking up types that users have made, and what is asked of them before they change. */

export type MadeDescriptor = TypeDescriptor | CompositeDescriptor;

function schemasOf(name: QName, cx: UtilityContext): readonly Oid[] {
  const catalog = catalogOf(cx);
  if (name.schema !== undefined) {
    const schema = name.schema === SchemaName.temporary ? catalog.tempSchema : catalog.schema(name.schema);
    return schema === undefined ? [] : [schema.oid];
  }
  return catalog.tempSchema === undefined ? cx.planner.searchPath : [catalog.tempSchema.oid, ...cx.planner.searchPath];
}

/** Any type's oid, by its schema or along the search path. */
function lookUpType(name: QName, cx: UtilityContext): Oid | undefined {
  const catalog = catalogOf(cx);
  for (const schema of schemasOf(name, cx)) {
    const found = catalog.builtin.typeByName(name.name, schema)?.oid ?? typeOidNamed(catalog, schema, name.name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Undefined: there is no type of that name. @throws SqlError for types that are not users' own */
export function lookUpMadeType(name: QName, cx: UtilityContext): MadeDescriptor | undefined {
  const catalog = catalogOf(cx);
  const oid = lookUpType(name, cx);
  if (oid === undefined) return undefined;
  const type = catalog.typeByOid(oid);
  if (type !== undefined) {
    if (oid === type.oid) return type;
    if (oid !== type.arrayType) {
      throw new SqlError(SqlState.dependentObjectsStillExist, `cannot drop type ${name.name} because type ${type.name} requires it`, {
        hint: `You can drop type ${type.name} instead.`,
      });
    }
    throw new SqlError(SqlState.dependentObjectsStillExist, `cannot drop type ${type.name}[] because type ${type.name} requires it`, {
      hint: `You can drop type ${type.name} instead.`,
    });
  }
  const relation = catalog.relationOfRowType(oid);
  if (relation?.kind === 'composite') return relation;
  const record = typeRecord(catalog, oid);
  for (const { name: extension, schema } of isExtensionType(oid) ? catalog.extensions() : [])
    if (catalog.builtin.extensionObjects(extension, schema)?.types.some((known) => known.oid === oid) === true)
      throw new SqlError(SqlState.dependentObjectsStillExist, `cannot drop type ${name.name} because extension ${extension} requires it`, {
        hint: `You can drop extension ${extension} instead.`,
      });
  if (relation !== undefined) {
    throw new SqlError(SqlState.wrongObjectType, `"${name.name}" is not a composite type`);
  }
  if (record?.namespace === SchemaOid.pgCatalog) {
    const shown = formatType(oid);
    throw new SqlError(SqlState.dependentObjectsStillExist, `cannot drop type ${shown} because it is required by the database system`);
  }
  throw new SqlError(SqlState.insufficientPrivilege, `must be owner of type ${record?.name ?? name.name}`);
}

export function noType(name: QName): SqlError {
  return new SqlError(SqlState.undefinedObject, `type "${nameText(name)}" does not exist`);
}

/** The type, owned by the current role and locked against other changes; looked up again after the wait. @throws SqlError 42704, 42501 */
export async function findForChange(name: QName, cx: UtilityContext): Promise<MadeDescriptor> {
  const found = lookUpMadeType(name, cx);
  if (found === undefined) {
    if (name.schema !== undefined && name.schema !== SchemaName.temporary) findSchema(name.schema, cx);
    throw noType(name);
  }
  requireTypeOwner(found, cx);
  await lockType(found, cx);
  const catalog = catalogOf(cx);
  const now = found.kind === 'type' ? catalog.typeByOid(found.oid) : catalog.relationByOid(found.oid);
  if (now?.kind !== 'type' && now?.kind !== 'composite') throw noType(name);
  return now;
}

export async function findDomain(name: QName, cx: UtilityContext): Promise<Extract<TypeDescriptor, { form: 'domain' }>> {
  const type = await findForChange(name, cx);
  if (type.kind === 'type' && type.form === 'domain') return type;
  throw new SqlError(SqlState.wrongObjectType, `${nameText(name)} is not a domain`);
}

export async function lockType(type: MadeDescriptor, cx: UtilityContext): Promise<void> {
  if (type.kind === 'composite') await cx.transaction.lock(lockTags.relation(type.oid), 'ACCESS EXCLUSIVE');
  else await lockName('type', `${type.oid}`, cx);
}

export function requireTypeOwner(type: MadeDescriptor, cx: UtilityContext): void {
  if (!ownedBy(type.owner, cx)) throw new SqlError(SqlState.insufficientPrivilege, `must be owner of type ${type.name}`);
}

/** @throws SqlError 42710 */
export async function requireFreeTypeName(schema: SchemaDescriptor, name: string, cx: UtilityContext): Promise<void> {
  await lockName('relation', `${schema.oid} ${name}`, cx);
  const catalog = catalogOf(cx);
  if (catalog.type(schema.oid, name) === undefined) {
    const relation = catalog.relation(schema.oid, name);
    if (relation === undefined || !('rowType' in relation)) return;
  }
  throw new SqlError(SqlState.duplicateObject, `type "${name}" already exists`);
}

/** What is made in pg_temp goes with its session. */
export function temporaryIn(schema: SchemaDescriptor, cx: UtilityContext): { readonly persistence?: 'temporary' } {
  return schema.oid === catalogOf(cx).tempSchema?.oid ? { persistence: 'temporary' } : {};
}

/** Rows can't hold themselves. @throws SqlError 42P16 */
export function requireNotMadeOf(type: Oid, rows: { readonly name: string; readonly rowType: Oid }, cx: UtilityContext): void {
  if (type < FIRST_USER_OID || !isMadeOf(catalogOf(cx), type, rows.rowType)) return;
  throw new SqlError(SqlState.invalidTableDefinition, `composite type ${rows.name} cannot be made a member of itself`);
}
