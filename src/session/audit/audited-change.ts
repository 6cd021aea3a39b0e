import type { DefElement, GrantRoleStatement, GrantStatement, QName, RoleSpec, Statement } from '../../planner/parse/ast.js';

/** What a statement does to roles and privileges, in words without secrets; undefined for all other statements. */
export function auditedChange(statement: Statement): string | undefined {
  switch (statement.type) {
    case 'create role':
      return words(`CREATE ${statement.kind.toUpperCase()}`, statement.name, attributes(statement.options));
    case 'alter role':
      return words('ALTER ROLE', role(statement.role), attributes(statement.options));
    case 'alter role set':
      return words(
        'ALTER ROLE',
        statement.role === undefined ? 'ALL' : role(statement.role),
        statement.database === undefined ? '' : `IN DATABASE ${statement.database}`,
        'SET',
      );
    case 'drop role':
      return words('DROP ROLE', roles(statement.roles));
    case 'grant':
    case 'revoke':
      return grant(statement);
    case 'grant role':
    case 'revoke role':
      return grantRole(statement);
    case 'alter default privileges':
      return words(
        'ALTER DEFAULT PRIVILEGES',
        statement.roles === undefined ? '' : `FOR ROLE ${roles(statement.roles)}`,
        statement.schemas === undefined ? '' : `IN SCHEMA ${statement.schemas.join(', ')}`,
        grant(statement.grant),
      );
    case 'reassign owned':
      return words('REASSIGN OWNED BY', roles(statement.roles), 'TO', role(statement.to));
    case 'drop owned':
      return words('DROP OWNED BY', roles(statement.roles));
    default:
      return undefined;
  }
}

const words = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');
const role = (spec: RoleSpec): string => (spec.type === 'role' ? spec.name : spec.type.toUpperCase());
const roles = (specs: readonly RoleSpec[]): string => specs.map(role).join(', ');
const qualified = ({ schema, name }: QName): string => (schema === undefined ? name : `${schema}.${name}`);

/** Names of attributes, and of their values only what is no secret. */
function attributes(options: readonly DefElement[]): string {
  return options
    .map(({ name, value }) => {
      if (name === 'password') return 'PASSWORD';
      const isPlain = value !== undefined && 'value' in value && ['boolean', 'number', 'string'].includes(typeof value.value);
      return isPlain ? `${name}=${String(value.value)}` : name;
    })
    .join(' ');
}

function grant(statement: GrantStatement): string {
  const { type, objectType, target, names, routines, privileges, grantees, grantOption } = statement;
  const what =
    privileges
      ?.map(({ privilege, columns }) => `${privilege.toUpperCase()}${columns === undefined ? '' : ` (${columns.join(', ')})`}`)
      .join(', ') ?? 'ALL';
  const objects = routines === undefined ? names.map(qualified) : routines.map(({ name }) => qualified(name));
  return words(
    type.toUpperCase(),
    grantOption === true && type === 'revoke' ? 'GRANT OPTION FOR' : '',
    what,
    objects.length === 0 && routines === undefined
      ? `ON ${objectType.toUpperCase()}S`
      : `ON ${target === 'all in schema' ? `ALL ${objectType.toUpperCase()}S IN SCHEMA` : objectType.toUpperCase()} ${objects.join(', ')}`,
    type === 'grant' ? 'TO' : 'FROM',
    roles(grantees),
    grantOption === true && type === 'grant' ? 'WITH GRANT OPTION' : '',
  );
}

function grantRole({ type, roles: granted, grantees, adminOption }: GrantRoleStatement): string {
  const isGrant = type === 'grant role';
  return words(
    isGrant ? 'GRANT' : 'REVOKE',
    granted.join(', '),
    isGrant ? 'TO' : 'FROM',
    roles(grantees),
    adminOption === true ? 'WITH ADMIN OPTION' : '',
  );
}
