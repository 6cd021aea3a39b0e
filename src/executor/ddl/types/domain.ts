import { quoteIdentifier } from '../../../catalog/definitions/index.js';
import type { DomainCheck, DomainDescriptor } from '../../../catalog/descriptors.js';
import { typeRecord } from '../../../catalog/made-types.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { bindScalar } from '../../../planner/bind/bind.js';
import { withoutPosition } from '../../../planner/bind/stored-text.js';
import type { Expr } from '../../../planner/parse/ast.js';
import { deparseExpression } from '../../../planner/parse/deparse.js';
import { keptExpression } from '../../../planner/print/definitions.js';
import { domainValueRow } from '../../user-types/domain-checks.js';
import { findCollation } from '../collations.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, chooseName, creationSchema, nameText } from '../names.js';
import { notice } from '../notices.js';
import { initialPrivileges } from '../privileges/default-privileges.js';
import { bindOverTable, dataType } from '../scalar.js';
import { newOid } from '../table-draft.js';
import { checkStoredValues } from './domain-values.js';
import { findDomain, requireFreeTypeName, temporaryIn } from './find.js';

type Create = UtilityStatement<'create domain'>;
type Alter = UtilityStatement<'alter domain'>;

/** CREATE DOMAIN. */
export async function createDomain(statement: Create, cx: UtilityContext): Promise<UtilityResult> {
  const schema = creationSchema(statement.name, false, cx);
  const { name } = statement.name;
  await requireFreeTypeName(schema, name, cx);
  const { type, typmod } = withoutPosition(() => dataType(statement.dataType, cx));
  const base = typeRecord(catalogOf(cx), type);
  if (base === undefined || base.kind === 'p') {
    throw new SqlError(SqlState.datatypeMismatch, `"${base?.name ?? statement.dataType.name}" is not a valid base type for a domain`);
  }
  const domain: DomainDescriptor = {
    kind: 'type',
    form: 'domain',
    arrayType: newOid(cx),
    oid: newOid(cx),
    name,
    schema: schema.oid,
    owner: cx.session.currentRole,
    ...initialPrivileges('type', cx.session.currentRole, schema.oid, cx),
    ...temporaryIn(schema, cx),
    baseType: type,
    typmod,
    notNull: false,
    checks: [],
    ...(statement.collate === undefined ? {} : { collation: findCollation(statement.collate, cx) }),
    ...(base.kind === 'd' && base.defaultText !== undefined ? { defaultText: base.defaultText } : {}),
  };
  cx.session.catalog.put(
    cx.transaction,
    withoutPosition(() => withConstraints(domain, statement, cx)),
  );
  return { tag: 'CREATE DOMAIN' };
}

const IMPOSSIBLE: Readonly<Record<string, string>> = {
  'primary key': 'primary key constraints not possible for domains',
  unique: 'unique constraints not possible for domains',
  references: 'foreign key constraints not possible for domains',
};

function withConstraints(start: DomainDescriptor, statement: Create, cx: UtilityContext): DomainDescriptor {
  let domain = start;
  let hasDefault = false;
  let declaredNull: boolean | undefined;
  for (const constraint of statement.constraints) {
    switch (constraint.type) {
      case 'default':
        if (hasDefault) throw new SqlError(SqlState.syntaxError, 'multiple default expressions');
        hasDefault = true;
        domain = withDefault(domain, constraint.expr, cx);
        break;
      case 'null':
      case 'not null': {
        const nullable = constraint.type === 'null';
        if (declaredNull !== undefined && declaredNull !== nullable)
          throw new SqlError(SqlState.syntaxError, 'conflicting NULL/NOT NULL constraints');
        declaredNull = nullable;
        domain = { ...domain, notNull: !nullable };
        break;
      }
      case 'check':
        domain = { ...domain, checks: [...domain.checks, newCheck(domain, constraint.name, constraint.expr, true, cx)] };
        break;
      default:
        throw new SqlError(SqlState.syntaxError, IMPOSSIBLE[constraint.type] ?? 'specifying GENERATED not supported for domains');
    }
  }
  return domain;
}

function withDefault(domain: DomainDescriptor, expr: Expr, cx: UtilityContext): DomainDescriptor {
  const target = { name: domain.name, type: domain.baseType, typmod: domain.typmod };
  const bound = bindOverTable(expr, undefined, { clause: 'DEFAULT', target }, cx);
  const { defaultText: _before, ...rest } = domain;
  return expr.type === 'null' ? rest : { ...rest, defaultText: bound.text() };
}

function newCheck(domain: DomainDescriptor, name: string | undefined, expr: Expr, validated: boolean, cx: UtilityContext): DomainCheck {
  const planner = { ...cx.planner, catalog: catalogOf(cx) };
  const options = { clause: 'CHECK', row: domainValueRow(domain) } as const;
  bindScalar(expr, planner, options);
  const taken = (candidate: string) => domain.checks.some((check) => check.name === candidate);
  if (name !== undefined && taken(name))
    throw new SqlError(SqlState.duplicateObject, `constraint "${name}" for domain "${domain.name}" already exists`);
  return {
    oid: newOid(cx),
    name: name ?? chooseName(domain.name, undefined, 'check', taken),
    exprText: keptExpression(expr, planner, options) ?? withValueWord(deparseExpression(expr)),
    validated,
  };
}

/** VALUE is a key word to readers, whatever it is to the grammar. Literals and quoted names stay. */
function withValueWord(text: string): string {
  return text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\bvalue\b/g, (piece) => (piece === 'value' ? 'VALUE' : piece));
}

/** ALTER DOMAIN. */
export async function alterDomain(statement: Alter, cx: UtilityContext): Promise<UtilityResult> {
  const before = await findDomain(statement.name, cx);
  const after = await changed(before, statement.change, nameText(statement.name), cx);
  if (after !== before) cx.session.catalog.put(cx.transaction, after);
  return { tag: 'ALTER DOMAIN' };
}

/** @param named as the statement calls it */
async function changed(domain: DomainDescriptor, change: Alter['change'], named: string, cx: UtilityContext): Promise<DomainDescriptor> {
  const find = (name: string) => domain.checks.find((check) => check.name === name);
  switch (change.type) {
    case 'set default':
      return withDefault(domain, change.expr, cx);
    case 'drop default': {
      const { defaultText: _before, ...rest } = domain;
      return rest;
    }
    case 'set not null': {
      if (domain.notNull) return domain;
      const after: DomainDescriptor = { ...domain, notNull: true };
      await checkStoredValues(domain, { notNull: true }, cx);
      return after;
    }
    case 'drop not null':
      return domain.notNull ? { ...domain, notNull: false } : domain;
    case 'add constraint': {
      const check = withoutPosition(() => newCheck(domain, change.name, change.expr, change.notValid !== true, cx));
      if (check.validated) await checkStoredValues(domain, { check }, cx);
      return { ...domain, checks: [...domain.checks, check] };
    }
    case 'drop constraint': {
      const check = find(change.name);
      if (check !== undefined) return { ...domain, checks: domain.checks.filter((other) => other !== check) };
      const message = `constraint "${change.name}" of domain "${named}" does not exist`;
      if (change.ifExists !== true) throw new SqlError(SqlState.undefinedObject, message);
      notice(cx, `${message}, skipping`);
      return domain;
    }
    case 'validate constraint': {
      const check = find(change.name);
      if (check === undefined)
        throw new SqlError(SqlState.undefinedObject, `constraint "${change.name}" of domain "${named}" does not exist`);
      if (check.validated) return domain;
      await checkStoredValues(domain, { check }, cx);
      return { ...domain, checks: domain.checks.map((other) => (other === check ? { ...check, validated: true } : other)) };
    }
  }
}

/** ALTER DOMAIN … RENAME CONSTRAINT. */
export async function renameDomainConstraint(statement: UtilityStatement<'rename'>, cx: UtilityContext): Promise<string> {
  const domain = await findDomain(statement.relation, cx);
  const check = domain.checks.find((candidate) => candidate.name === statement.member);
  if (check === undefined)
    throw new SqlError(
      SqlState.undefinedObject,
      `constraint "${statement.member}" for domain ${quoteIdentifier(domain.name)} does not exist`,
    );
  if (domain.checks.some((other) => other.name === statement.to))
    throw new SqlError(SqlState.duplicateObject, `constraint "${statement.to}" for domain "${domain.name}" already exists`);
  cx.session.catalog.put(cx.transaction, {
    ...domain,
    checks: domain.checks.map((other) => (other === check ? { ...check, name: statement.to } : other)),
  });
  return 'ALTER DOMAIN';
}
