import { quoteLiteral } from '../../../catalog/definitions/index.js';
import type { EnumDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { SchemaName } from '../../../commons/system-names.js';
import type { EnumLabel } from '../../../types/user-types.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, creationSchema, nameText } from '../names.js';
import { skipping } from '../notices.js';
import { initialPrivileges } from '../privileges/default-privileges.js';
import { newOid } from '../table-draft.js';
import { findForChange, requireFreeTypeName, temporaryIn } from './find.js';
import { usesOfType } from './uses.js';

const MAX_LABEL_BYTES = 63;

function checkLabel(label: string): void {
  if (label === '' || Buffer.byteLength(label) > MAX_LABEL_BYTES) {
    throw new SqlError(SqlState.invalidName, `invalid enum label "${label}"`, {
      detail: `Labels must be ${MAX_LABEL_BYTES} bytes or less.`,
    });
  }
}

/** CREATE TYPE … AS ENUM. */
export async function createEnum(statement: UtilityStatement<'create enum'>, cx: UtilityContext): Promise<UtilityResult> {
  const schema = creationSchema(statement.name, false, cx);
  const { name } = statement.name;
  await requireFreeTypeName(schema, name, cx);
  const arrayType = newOid(cx);
  const oid = newOid(cx);
  const seen = new Set<string>();
  const labels = statement.labels.map((label, i): EnumLabel => {
    checkLabel(label);
    if (seen.has(label)) {
      throw new SqlError(SqlState.uniqueViolation, 'duplicate key value violates unique constraint "pg_enum_typid_label_index"', {
        detail: `Key (enumtypid, enumlabel)=(${oid}, ${label}) already exists.`,
        schema: SchemaName.pgCatalog,
        table: 'pg_enum',
        constraint: 'pg_enum_typid_label_index',
      });
    }
    seen.add(label);
    return { oid: newOid(cx), label, order: i + 1 };
  });
  cx.session.catalog.put(cx.transaction, {
    kind: 'type',
    form: 'enum',
    oid,
    arrayType,
    name,
    schema: schema.oid,
    owner: cx.session.currentRole,
    ...initialPrivileges('type', cx.session.currentRole, schema.oid, cx),
    ...temporaryIn(schema, cx),
    labels,
  });
  return { tag: 'CREATE TYPE' };
}

/** ALTER TYPE … ADD VALUE and RENAME VALUE. */
export async function alterEnum(statement: UtilityStatement<'alter enum'>, cx: UtilityContext): Promise<UtilityResult> {
  const type = await findForChange(statement.name, cx);
  if (type.kind !== 'type' || type.form !== 'enum') {
    throw new SqlError(SqlState.wrongObjectType, `${nameText(statement.name)} is not an enum`);
  }
  checkLabel(statement.label);
  const labels = statement.renamed === undefined ? withLabel(type, statement, cx) : renamedLabels(type, statement.renamed, statement.label);
  if (labels !== undefined) cx.session.catalog.put(cx.transaction, { ...type, labels });
  if (statement.renamed !== undefined) renameInDefaults(type, statement.renamed, statement.label, cx);
  return { tag: 'ALTER TYPE' };
}

function exists(label: string): SqlError {
  return new SqlError(SqlState.duplicateObject, `enum label "${label}" already exists`);
}

function notExisting(label: string): SqlError {
  return new SqlError(SqlState.invalidParameterValue, `"${label}" is not an existing enum label`);
}

function renamedLabels(type: EnumDescriptor, from: string, to: string): readonly EnumLabel[] {
  if (!type.labels.some(({ label }) => label === from)) throw notExisting(from);
  if (type.labels.some(({ label }) => label === to)) throw exists(to);
  return type.labels.map((label) => (label.label === from ? { ...label, label: to } : label));
}

/** Defaults are kept as texts: those that are just the label follow it. */
function renameInDefaults(type: EnumDescriptor, from: string, to: string, cx: UtilityContext): void {
  const [before, after] = [quoteLiteral(from), quoteLiteral(to)];
  const is = (text: string | undefined) => text === before || text?.startsWith(`${before}::`) === true;
  for (const { relation } of usesOfType(type.oid, cx)) {
    const table = relation?.kind === 'table' ? catalogOf(cx).relationByOid(relation.oid) : undefined;
    if (table?.kind !== 'table') continue;
    const columns = table.columns.map((column) =>
      column.type === type.oid && column.defaultText !== undefined && is(column.defaultText)
        ? { ...column, defaultText: after + column.defaultText.slice(before.length) }
        : column,
    );
    cx.session.catalog.put(cx.transaction, { ...table, columns });
  }
}

/** @returns undefined when the label is there already and may be */
function withLabel(type: EnumDescriptor, statement: UtilityStatement<'alter enum'>, cx: UtilityContext): readonly EnumLabel[] | undefined {
  const { labels } = type;
  const { label, neighbor } = statement;
  if (labels.some((other) => other.label === label)) {
    if (statement.ifNotExists !== true) throw exists(label);
    skipping(cx, `enum label "${label}"`, SqlState.duplicateObject);
    return undefined;
  }
  let position = labels.length;
  if (neighbor !== undefined) {
    const found = labels.findIndex((other) => other.label === neighbor.label);
    if (found < 0) throw notExisting(neighbor.label);
    position = neighbor.isAfter ? found + 1 : found;
  }
  const order = orderBetween(labels[position - 1]?.order, labels[position]?.order);
  const added: EnumLabel = { oid: newOid(cx), label, order, added: true };
  return [...labels.slice(0, position), added, ...labels.slice(position)];
}

/** A place between two: stored values keep theirs, so that indexes need no change. */
function orderBetween(before: number | undefined, after: number | undefined): number {
  if (before === undefined) return after === undefined ? 1 : after - 1;
  if (after === undefined) return before + 1;
  const middle = before + (after - before) / 2;
  if (middle > before && middle < after) return middle;
  throw new SqlError(SqlState.programLimitExceeded, 'no place is left between two neighboring enum labels', {
    hint: 'Make a new type with the labels in the order wanted and convert the columns to it.',
  });
}
