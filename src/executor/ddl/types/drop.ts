import type { TableDescriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { dropAll } from '../drop.js';
import { dropColumn } from '../drop-parts.js';
import { catalogOf, describeRelation, lockRelation, nameText } from '../names.js';
import { notice } from '../notices.js';
import { removeRelation } from '../remove-relation.js';
import { putDraft, type TableDraft } from '../table-draft.js';
import { lockType, lookUpMadeType, type MadeDescriptor, noType, requireTypeOwner } from './find.js';
import { typeText } from './type-text.js';
import { type TypeUse, usesOfType } from './uses.js';

/** DROP TYPE and DROP DOMAIN: columns and types made of them go too with CASCADE, and are listed in the refusal without. */
export async function dropTypes(statement: UtilityStatement<'drop'>, cx: UtilityContext): Promise<UtilityResult> {
  const tag = `DROP ${statement.objectType.toUpperCase()}`;
  const targets: MadeDescriptor[] = [];
  for (const name of statement.names) {
    const type = lookUpMadeType(name, cx);
    if (type === undefined) {
      if (statement.ifExists !== true) throw noType(name);
      const noSchema = name.schema !== undefined && catalogOf(cx).schema(name.schema) === undefined;
      notice(cx, noSchema ? `schema "${name.schema}" does not exist, skipping` : `type "${nameText(name)}" does not exist, skipping`);
      continue;
    }
    if (statement.objectType === 'domain' && !(type.kind === 'type' && type.form === 'domain'))
      throw new SqlError(SqlState.wrongObjectType, `"${nameText(name)}" is not a domain`);
    requireTypeOwner(type, cx);
    await lockType(type, cx);
    targets.push(type);
  }
  await dropTypesOf(targets, statement.cascade === true, cx);
  return { tag };
}

export async function dropTypesOf(targets: readonly MadeDescriptor[], cascade: boolean, cx: UtilityContext): Promise<void> {
  const doomed = new Set<Oid>(targets.map(typeOid));
  const uses: TypeUse[] = [];
  const queue = [...targets];
  for (let type = queue.shift(); type !== undefined; type = queue.shift()) {
    for (const use of usesOfType(typeOid(type), cx)) {
      if (use.type !== undefined && doomed.has(use.type)) continue;
      if (use.relation?.kind === 'composite' && doomed.has(use.relation.rowType)) continue;
      uses.push(use);
      if (use.type === undefined) continue;
      doomed.add(use.type);
      const further = catalogOf(cx).typeByOid(use.type);
      if (further !== undefined) queue.push(further);
    }
  }
  if (uses.length > 0 && !cascade) throw refused(targets, uses, cx);
  announce(uses, cx);
  for (const use of uses) await dropUse(use, cx);
  for (const opclass of catalogOf(cx).operatorClasses())
    if (doomed.has(opclass.type)) cx.session.catalog.remove(cx.transaction, 'operator class', opclass.oid);
  for (const oid of doomed) {
    const catalog = catalogOf(cx);
    const type = catalog.typeByOid(oid);
    const relation = catalog.relationOfRowType(oid);
    if (type !== undefined) cx.session.catalog.remove(cx.transaction, 'type', type.oid);
    else if (relation?.kind === 'composite') cx.session.catalog.remove(cx.transaction, 'composite', relation.oid);
  }
}

function typeOid(type: MadeDescriptor): Oid {
  return type.kind === 'composite' ? type.rowType : type.oid;
}

function refused(targets: readonly MadeDescriptor[], uses: readonly TypeUse[], cx: UtilityContext): SqlError {
  const [only] = targets;
  const what = targets.length === 1 && only !== undefined ? typeText(typeOid(only), cx) : 'desired object(s)';
  return new SqlError(SqlState.dependentObjectsStillExist, `cannot drop ${what} because other objects depend on it`, {
    detail: uses.map(({ text, on }) => `${text} depends on ${on}`).join('\n'),
    hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
  });
}

function announce(uses: readonly TypeUse[], cx: UtilityContext): void {
  const [first] = uses;
  if (first === undefined) return;
  if (uses.length === 1) notice(cx, `drop cascades to ${first.text}`);
  else notice(cx, `drop cascades to ${uses.length} other objects`, uses.map(({ text }) => `drop cascades to ${text}`).join('\n'));
}

async function dropUse({ relation, column, isWhole, routine }: TypeUse, cx: UtilityContext): Promise<void> {
  if (routine !== undefined) {
    routine.apply(cx);
    if (routine.relation !== undefined) removeRelation(routine.relation, cx);
  }
  if (relation === undefined) return;
  await lockRelation(relation.oid, cx);
  const now = catalogOf(cx).relationByOid(relation.oid);
  if (now?.kind === 'view') removeRelation(now, cx);
  if (now?.kind === 'composite') {
    const columns = now.columns.map((other) => (other.name === column ? { ...other, dropped: true as const } : other));
    cx.session.catalog.put(cx.transaction, { ...now, columns });
  }
  if (now?.kind !== 'table') return;
  if (isWhole === true) dropAll([now], [], true, cx);
  else if (column !== undefined) dropColumnOf(now, column, cx);
}

function dropColumnOf(table: TableDescriptor, column: string, cx: UtilityContext): void {
  const schema = catalogOf(cx).schemaByOid(table.schema);
  if (schema === undefined) throw new SqlError(SqlState.invalidSchemaName, `the schema of ${describeRelation(table, cx)} does not exist`);
  const draft: TableDraft = { table, schema, indexes: [], sequences: [] };
  dropColumn(draft, { type: 'drop column', column, cascade: true }, cx);
  putDraft(draft, cx);
}
