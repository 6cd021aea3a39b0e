import type { Acl } from '../../../catalog/acl.js';
import { columnAcl } from '../../../catalog/born-privileges.js';
import { columnPrivilegesOf } from '../../../catalog/column-privileges.js';
import { Privilege, type RelationDescriptor } from '../../../catalog/descriptors.js';
import { ALL_PRIVILEGES, defaultAcl, privilegesOf, storedAcl } from '../../../catalog/privileges.js';
import { sequenceRelation } from '../../../catalog/sequence-relation.js';
import { CatalogOid } from '../../../catalog/virtual/class-oids.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { systemColumn } from '../../../planner/bind/scope/table-shape.js';
import type { GrantStatement } from '../../../planner/parse/ast.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, findRelation, findSchema, lockName, lockRelation } from '../names.js';
import { warning } from '../notices.js';
import { type AskedBits, changedAcl, type GrantRequest } from './acl-change.js';
import { saveBorn } from './grant-target.js';
import { invalidPrivilege, privilegeBit } from './privilege-bits.js';
import { requestOf } from './request.js';
import { systemColumnName } from './system-columns.js';

type Word = 'table' | 'sequence';
type Granted = Exclude<RelationDescriptor, { kind: 'index' | 'composite' }>;

interface Asked extends AskedBits {
  /** Privileges on columns by name. */
  readonly columns: readonly { readonly name: string; readonly bits: number }[];
}

/** GRANT and REVOKE on tables, views, sequences, and their columns. */
export async function grantOnRelations(statement: GrantStatement, word: Word, cx: UtilityContext): Promise<void> {
  const relations = targetsOf(statement, word, cx);
  const request = requestOf(statement, cx);
  const asked = askedOf(statement, word);
  for (const relation of relations) {
    await lockName('privileges', `relation ${relation.oid}`, cx);
    // A descriptor is written as a whole: nobody may be about to write another.
    if (relation.kind !== 'virtual') await lockRelation(relation.oid, cx, 'SHARE UPDATE EXCLUSIVE');
    const now = catalogOf(cx).relationByOid(relation.oid);
    if (now === undefined) throw new SqlError(SqlState.undefinedTable, `relation "${relation.name}" does not exist`);
    changeRelation(requireGranted(now, word), word, request, asked, cx);
  }
}

function targetsOf(statement: GrantStatement, word: Word, cx: UtilityContext): readonly Granted[] {
  if (statement.target === 'all in schema') return statement.names.flatMap((name) => allInSchema(name.name, word, cx));
  return statement.names.map((name) => requireGranted(findRelation(name, cx), word));
}

/** @throws SqlError 42809 */
function requireGranted(relation: RelationDescriptor, word: Word): Granted {
  const wrong = (what: string) => new SqlError(SqlState.wrongObjectType, `"${relation.name}" is ${what}`);
  if (relation.kind === 'index') throw wrong('an index');
  if (relation.kind === 'composite') throw wrong('a composite type');
  if (word === 'sequence' && relation.kind !== 'sequence') throw wrong('not a sequence');
  return relation;
}

function allInSchema(name: string, word: Word, cx: UtilityContext): readonly Granted[] {
  const schema = findSchema(name, cx);
  const found: Granted[] = [];
  for (const relation of catalogOf(cx).relations()) {
    if (relation.schema !== schema.oid || relation.kind === 'index' || relation.kind === 'composite') continue;
    if ((relation.kind === 'sequence') === (word === 'sequence')) found.push(relation);
  }
  return found;
}

const EITHER = ALL_PRIVILEGES.table | ALL_PRIVILEGES.sequence;

function askedOf(statement: GrantStatement, word: Word): Asked {
  if (statement.privileges === undefined) return { bits: 0, isAll: true, columns: [] };
  const columns: { name: string; bits: number }[] = [];
  let bits = 0;
  for (const { privilege, columns: names } of statement.privileges) {
    const name = privilege.toLowerCase();
    if (names === undefined)
      bits |= privilegeBit(name, word === 'table' ? EITHER : ALL_PRIVILEGES.sequence, word === 'table' ? 'relation' : word);
    else {
      if (word !== 'table') throw new SqlError(SqlState.invalidGrantOperation, 'column privileges are only valid for relations');
      const bit = name === 'all' ? ALL_PRIVILEGES.column : privilegeBit(name, ALL_PRIVILEGES.column, 'column');
      columns.push(...names.map((column) => ({ name: column, bits: bit })));
    }
  }
  return { bits, isAll: false, columns };
}

function changeRelation(relation: Granted, word: Word, request: GrantRequest, asked: Asked, cx: UtilityContext): void {
  const kind = relation.kind === 'sequence' ? 'sequence' : 'table';
  const bits = asked.isAll ? ALL_PRIVILEGES[kind] : fitting(relation, asked.bits, word, cx);
  const onColumns = columnBits(relation, bits, request, asked, cx);
  const before = storedAcl(catalogOf(cx), relation) ?? defaultAcl(kind, relation.owner);
  let acl: Acl | undefined;
  if (bits !== 0) {
    const hasAny = (role: Oid) => privilegesOf(catalogOf(cx), role, kind, relation) !== 0;
    const subject = {
      kind,
      owner: relation.owner,
      acl: before,
      denied: `${kind} ${relation.name}`,
      shown: `"${relation.name}"`,
      hasAny,
    } as const;
    acl = changedAcl(request, { bits, isAll: asked.isAll }, subject, cx);
  }
  const columns = new Map<number, Acl>();
  for (const [number, { name, bits: wanted }] of onColumns) {
    const changed = changeColumn(relation, number, name, wanted, before, request, cx);
    if (changed.length > 0 || columnAcl(catalogOf(cx), relation, number) !== undefined) columns.set(number, changed);
  }
  save(relation, acl, columns, cx);
}

/** Privileges of tables on a sequence and the other way round. @throws SqlError 0LP01 */
function fitting(relation: Granted, bits: number, word: Word, cx: UtilityContext): number {
  if (relation.kind === 'sequence') {
    if ((bits & ~ALL_PRIVILEGES.sequence) !== 0)
      warning(cx, `sequence "${relation.name}" only supports USAGE, SELECT, and UPDATE privileges`, SqlState.invalidGrantOperation);
    return bits & ALL_PRIVILEGES.sequence;
  }
  if (word === 'table' && (bits & ~ALL_PRIVILEGES.table) !== 0) throw invalidPrivilege(Privilege.usage, 'table');
  return bits;
}

/** What is asked for on which columns, by number; revoking from the relation revokes from all of them. @throws SqlError 42703 */
function columnBits(relation: Granted, bits: number, request: GrantRequest, asked: Asked, cx: UtilityContext) {
  const found = new Map<number, { readonly name: string; bits: number }>();
  const add = (number: number, name: string, more: number) => found.set(number, { name, bits: (found.get(number)?.bits ?? 0) | more });
  const shared = bits & ALL_PRIVILEGES.column;
  if (!request.isGrant && shared !== 0) for (const { number, name } of columnsOf(relation)) add(number, name, shared);
  for (const { name, bits: wanted } of asked.columns) {
    const only = relation.kind === 'sequence' ? wanted & Privilege.select : wanted;
    if (only !== wanted) warning(cx, `sequence "${relation.name}" only supports SELECT column privileges`, SqlState.invalidGrantOperation);
    add(columnNumber(relation, name), name, only);
  }
  return found;
}

function columnNumber(relation: Granted, name: string): number {
  if (relation.kind === 'sequence') {
    const column = sequenceRelation(relation).columns.find((candidate) => candidate.name === name);
    if (column !== undefined) return column.number;
  } else {
    const column = relation.columns.find((candidate) => candidate.name === name && candidate.dropped !== true);
    if (column !== undefined) return column.number;
    const hidden = relation.kind === 'table' ? systemColumn(relation, name, false) : undefined;
    if (hidden !== undefined && hidden.number < 0) return hidden.number;
  }
  throw new SqlError(SqlState.undefinedColumn, `column "${name}" of relation "${relation.name}" does not exist`);
}

/** PostgreSQL's hidden columns, the lowest first, then the others. */
function* columnsOf(relation: Granted): Iterable<{ readonly number: number; readonly name: string }> {
  if (relation.kind !== 'view') for (let number = LOWEST_COLUMN; number < 0; number++) yield { number, name: systemColumnName(number) };
  const columns = relation.kind === 'sequence' ? sequenceRelation(relation).columns : relation.columns;
  for (const column of columns) if (column.dropped !== true) yield column;
}
const LOWEST_COLUMN = -6;

/** @param ofRelation the relation's list, by which a column's privileges may be granted too */
function changeColumn(
  relation: Granted,
  number: number,
  name: string,
  bits: number,
  ofRelation: Acl,
  request: GrantRequest,
  cx: UtilityContext,
): Acl {
  const catalog = catalogOf(cx);
  const before = columnAcl(catalog, relation, number);
  const kind = relation.kind === 'sequence' ? 'sequence' : 'table';
  const what = `column "${name}" of relation "${relation.name}"`;
  const acl = before ?? [];
  return changedAcl(
    request,
    { bits, isAll: bits === ALL_PRIVILEGES.column },
    {
      kind: 'column',
      owner: relation.owner,
      acl,
      judgedBy: [...ofRelation, ...acl],
      denied: what,
      shown: what,
      hasAny: (role) =>
        (privilegesOf(catalog, role, kind, relation) & ALL_PRIVILEGES.column) !== 0 || columnPrivilegesOf(catalog, role, acl) !== 0,
    },
    cx,
  );
}

function save(relation: Granted, acl: Acl | undefined, columns: ReadonlyMap<number, Acl>, cx: UtilityContext): void {
  const changed = acl === undefined ? {} : { acl };
  if (acl === undefined && columns.size === 0) return;
  switch (relation.kind) {
    case 'virtual': {
      const before = catalogOf(cx).objectPrivileges(CatalogOid.pgClass, relation.oid)?.columns;
      saveBorn(CatalogOid.pgClass, relation.oid, { ...changed, ...(columns.size === 0 ? {} : { columns: joined(before, columns) }) }, cx);
      return;
    }
    case 'sequence':
      cx.session.catalog.put(cx.transaction, { ...relation, ...changed, columnAcls: joined(relation.columnAcls, columns) });
      return;
    case 'view':
      cx.session.catalog.put(cx.transaction, { ...relation, ...changed, columns: withColumnAcls(relation.columns, columns) });
      return;
    case 'table': {
      const { systemColumnAcls, ...rest } = relation;
      const system = joined(systemColumnAcls, new Map([...columns].filter(([number]) => number < 0)));
      const hidden = Object.keys(system).length === 0 ? {} : { systemColumnAcls: system };
      cx.session.catalog.put(cx.transaction, { ...rest, ...hidden, ...changed, columns: withColumnAcls(relation.columns, columns) });
      return;
    }
  }
}

function withColumnAcls<C extends { readonly number: number; readonly acl?: Acl }>(columns: readonly C[], acls: ReadonlyMap<number, Acl>) {
  if (acls.size === 0) return columns;
  return columns.map((column) => {
    const acl = acls.get(column.number);
    if (acl === undefined) return column;
    const { acl: _before, ...rest } = column;
    return acl.length === 0 ? rest : { ...rest, acl };
  });
}

/** A column's empty list stands for none. */
function joined(before: Readonly<Record<number, Acl>> | undefined, changed: ReadonlyMap<number, Acl>): Readonly<Record<number, Acl>> {
  const all: Record<number, Acl> = { ...before };
  for (const [number, acl] of changed) {
    if (acl.length === 0) delete all[number];
    else all[number] = acl;
  }
  return all;
}
