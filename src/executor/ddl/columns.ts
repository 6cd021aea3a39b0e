import { quoteIdentifier, quoteLiteral } from '../../catalog/definitions/index.js';
import type { ColumnDescriptor, SequenceDescriptor } from '../../catalog/descriptors.js';
import { storedAs } from '../../catalog/made-types.js';
import { FIRST_USER_OID, type Oid } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { ColumnDef, DefElement, Expr } from '../../planner/parse/ast.js';
import { deparseExpression } from '../../planner/parse/deparse.js';
import { formatType } from '../../types/format-type.js';
import { TypeOid } from '../../types/oids.js';
import { findCollation } from './collations.js';
import { addCheck, addForeignKey, addKey } from './constraints.js';
import type { UtilityContext } from './context.js';
import { catalogOf, chooseName } from './names.js';
import { initialPrivileges } from './privileges/default-privileges.js';
import { bindOverTable, dataType } from './scalar.js';
import { sequenceOptions } from './sequence-options.js';
import { newOid, replaceColumn, type TableDraft } from './table-draft.js';
import { requireNotMadeOf } from './types/find.js';

/** PostgreSQL's limit of columns in a table. */
const MAX_COLUMNS = 1600;

const SERIALS: Readonly<Record<string, Oid>> = {
  smallserial: TypeOid.int2,
  serial2: TypeOid.int2,
  serial: TypeOid.int4,
  serial4: TypeOid.int4,
  bigserial: TypeOid.int8,
  serial8: TypeOid.int8,
};

const SYSTEM_COLUMNS: ReadonlySet<string> = new Set([
  'tableoid',
  'ctid',
  'xmin',
  'xmax',
  'cmin',
  'cmax',
  '_seq',
  '_updated',
  '_deleted',
  '_user_id',
]);

/** @throws SqlError 42701 */
export function requireNoSystemColumn(name: string): void {
  if (SYSTEM_COLUMNS.has(name)) throw new SqlError(SqlState.duplicateColumn, `column name "${name}" conflicts with a system column name`);
}

/** What is asked of a column's type before its table's name is looked at. @throws SqlError 42704, 22023 … */
export function requireColumnType({ dataType: written, constraints }: ColumnDef, cx: UtilityContext): void {
  if (written.schema === undefined && SERIALS[written.name] !== undefined) return;
  const { type } = dataType(written, cx);
  const has = (kind: string) => constraints.some((constraint) => constraint.type === kind);
  if (has('identity') && !has('default')) requireIdentityType(type);
}

/**
 * Adds a column with its type, default, identity and NOT NULL to a draft. Constraints that make objects of their own come with
 * `addColumnConstraints`, when all columns are there.
 * @throws SqlError 42701, 42P16, 42601, 42704 …
 */
export function addColumn(draft: TableDraft, definition: ColumnDef, cx: UtilityContext): ColumnDescriptor {
  const { name } = definition;
  requireNoSystemColumn(name);
  if (draft.table.columns.some((column) => column.name === name && column.dropped !== true)) throw duplicateColumn(draft, name);
  if (draft.table.columns.length >= MAX_COLUMNS)
    throw new SqlError(SqlState.tooManyColumns, `tables can have at most ${MAX_COLUMNS} columns`);
  const serial = definition.dataType.schema === undefined ? SERIALS[definition.dataType.name] : undefined;
  const { type, typmod } = serial === undefined ? dataType(definition.dataType, cx) : { type: serial, typmod: -1 };
  refusePseudoType(name, type, cx);
  requireNotMadeOf(type, draft.table, cx);
  const stored = storedAs(catalogOf(cx), type);
  let column: ColumnDescriptor = {
    number: draft.table.columns.length + 1,
    name,
    type,
    typmod,
    notNull: serial !== undefined,
    ...(stored === undefined ? {} : { storedAs: stored }),
    ...(definition.collate === undefined ? {} : { collation: findCollation(definition.collate, cx) }),
  };
  draft.table = { ...draft.table, columns: [...draft.table.columns, column] };
  if (serial !== undefined) column = withSerial(draft, column, cx);
  column = refineSimple(draft, column, definition, cx);
  replaceColumn(draft, column);
  return column;
}

export function duplicateColumn(draft: TableDraft, name: string): SqlError {
  return new SqlError(SqlState.duplicateColumn, `column "${name}" specified more than once`, { table: draft.table.name });
}

function refusePseudoType(name: string, type: Oid, cx: UtilityContext): void {
  if (catalogOf(cx).builtin.typeByOid(type)?.kind === 'p')
    throw new SqlError(SqlState.invalidTableDefinition, `column "${name}" has pseudo-type ${formatType(type, -1)}`);
}

export function refineSimple(draft: TableDraft, start: ColumnDescriptor, definition: ColumnDef, cx: UtilityContext): ColumnDescriptor {
  let column = start;
  const where = `column "${column.name}" of table "${draft.table.name}"`;
  let declaredNull: boolean | undefined = column.notNull ? false : undefined;
  for (const constraint of definition.constraints) {
    switch (constraint.type) {
      case 'not null':
      case 'null': {
        const nullable = constraint.type === 'null';
        if (declaredNull !== undefined && declaredNull !== nullable)
          throw new SqlError(SqlState.syntaxError, `conflicting NULL/NOT NULL declarations for ${where}`, {
            position: constraint._location?.start,
          });
        declaredNull = nullable;
        column = { ...column, notNull: !nullable };
        break;
      }
      case 'default':
        if (column.defaultText !== undefined)
          throw new SqlError(SqlState.syntaxError, `multiple default values specified for ${where}`, {
            position: constraint._location?.start,
          });
        column = withDefault(column, constraint.expr, cx);
        break;
      case 'identity':
        if (column.identity !== undefined)
          throw new SqlError(SqlState.syntaxError, `multiple identity specifications for ${where}`, {
            position: constraint._location?.start,
          });
        if (column.defaultText !== undefined)
          throw new SqlError(SqlState.syntaxError, `both default and identity specified for ${where}`, {
            position: constraint._location?.start,
          });
        if (declaredNull === true)
          throw new SqlError(SqlState.syntaxError, `conflicting NULL/NOT NULL declarations for ${where}`, {
            position: constraint._location?.start,
          });
        declaredNull = false;
        column = withIdentity(draft, column, constraint.always, constraint.options, cx);
        break;
      case 'generated':
        if (column.defaultText !== undefined)
          throw new SqlError(SqlState.syntaxError, `both default and generation expression specified for ${where}`, {
            position: constraint._location?.start,
          });
        column = { ...column, generatedText: deparseExpression(constraint.expr) };
        break;
      default:
        break;
    }
  }
  return column;
}

/**
 * The default's text, checked: it must be coercible to the column's type and mention no column.
 * @throws SqlError 42804, 0A000
 */
export function withDefault(column: ColumnDescriptor, expr: Expr, cx: UtilityContext): ColumnDescriptor {
  const bound = bindOverTable(expr, undefined, { clause: 'DEFAULT', target: column }, cx);
  const { defaultText: _before, ownedSequence: _owned, ...rest } = column;
  // NULL is what a column has without a default, unless its domain has one.
  return expr.type === 'null' && column.type < FIRST_USER_OID ? rest : { ...rest, defaultText: bound.text() };
}

/** serial: a sequence that the column owns, and nextval of it as default. */
function withSerial(draft: TableDraft, column: ColumnDescriptor, cx: UtilityContext): ColumnDescriptor {
  const sequence = ownedSequence(draft, column, [], false, cx);
  const name = `${quoteIdentifier(draft.schema.name)}.${quoteIdentifier(sequence.name)}`;
  return { ...column, defaultText: `nextval(${quoteLiteral(name)}::regclass)`, ownedSequence: sequence.oid };
}

/** @throws SqlError 22023 for a type that is no integer */
export function withIdentity(
  draft: TableDraft,
  column: ColumnDescriptor,
  always: boolean,
  options: readonly DefElement[],
  cx: UtilityContext,
): ColumnDescriptor {
  const sequence = ownedSequence(draft, column, options, true, cx);
  return { ...column, notNull: true, identity: { always, sequence: sequence.oid } };
}

/** The sequence is made before the column is looked at. @throws SqlError 42P07 */
export function requireFreeSequenceName(draft: TableDraft, options: readonly DefElement[], cx: UtilityContext): void {
  const name = sequenceName(options.find((option) => option.name === 'sequence_name'));
  if (name !== undefined && catalogOf(cx).relation(draft.schema.oid, name) !== undefined)
    throw new SqlError(SqlState.duplicateTable, `relation "${name}" already exists`);
}

/** @throws SqlError 22023 */
export function requireIdentityType(type: Oid): void {
  if (type !== TypeOid.int2 && type !== TypeOid.int4 && type !== TypeOid.int8)
    throw new SqlError(SqlState.invalidParameterValue, 'identity column type must be smallint, integer, or bigint');
}

function ownedSequence(
  draft: TableDraft,
  column: ColumnDescriptor,
  options: readonly DefElement[],
  identity: boolean,
  cx: UtilityContext,
): SequenceDescriptor {
  if (identity) requireIdentityType(column.type);
  const catalog = catalogOf(cx);
  const named = options.find((option) => option.name === 'sequence_name');
  const taken = (name: string) =>
    catalog.relation(draft.schema.oid, name) !== undefined || draft.sequences.some((sequence) => sequence.name === name);
  const { definition } = sequenceOptions(
    options.filter((option) => option !== named),
    undefined,
    column.type,
  );
  const sequence: SequenceDescriptor = {
    kind: 'sequence',
    oid: newOid(cx),
    name: sequenceName(named) ?? chooseName(draft.table.name, column.name, 'seq', taken),
    owner: draft.table.owner,
    ...initialPrivileges('sequence', draft.table.owner, draft.schema.oid, cx),
    schema: draft.schema.oid,
    persistence: draft.table.persistence,
    storage: cx.session.catalog.allocateStorage(),
    ...definition,
    ownedBy: { table: draft.table.oid, column: column.number },
    ...(identity ? { identity: true as const } : {}),
  };
  draft.sequences.push(sequence);
  return sequence;
}

/** SEQUENCE NAME: pg_dump names an identity column's sequence so; the last part counts, its schema is the table's. */
function sequenceName(option: DefElement | undefined): string | undefined {
  const last = option?.value?.type === 'list' ? option.value.values.at(-1) : option?.value;
  return last?.type === 'string' ? last.value : undefined;
}

/** PRIMARY KEY, UNIQUE, CHECK and REFERENCES written at a column; generated expressions are checked here too, since they may name any column. */
export function addColumnConstraints(draft: TableDraft, definition: ColumnDef, cx: UtilityContext): void {
  for (const constraint of definition.constraints) {
    const named = constraint.name === undefined ? {} : { name: constraint.name };
    switch (constraint.type) {
      case 'primary key':
      case 'unique':
        addKey(draft, { ...constraint, ...named, columns: [definition.name] }, cx);
        break;
      case 'check':
        addCheck(draft, { ...constraint, ...named }, cx);
        break;
      case 'references':
        addForeignKey(draft, { ...constraint, ...named, columns: [definition.name] }, cx);
        break;
      case 'generated':
        checkGenerated(draft, definition, constraint.expr, cx);
        break;
      default:
        break;
    }
  }
}

function checkGenerated(draft: TableDraft, definition: ColumnDef, expr: Expr, cx: UtilityContext): void {
  const column = draft.table.columns.find((candidate) => candidate.name === definition.name);
  if (column === undefined) return;
  const bound = bindOverTable(
    expr,
    draft.table,
    { clause: 'GENERATED', target: column, immutable: 'generation expression is not immutable' },
    cx,
  );
  for (const number of bound.columns) {
    const used = draft.table.columns[number - 1];
    if (used?.generatedText !== undefined)
      throw new SqlError(SqlState.invalidObjectDefinition, `cannot use generated column "${used.name}" in column generation expression`, {
        detail: 'A generated column cannot reference another generated column.',
      });
  }
  replaceColumn(draft, { ...column, generatedText: bound.text() });
  if (bound.columns.length > 0 && draft.table.tableType === 'stream') throw notSupported('generated columns in stream tables');
}
