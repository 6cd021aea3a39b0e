import type { Row } from '../../../types/value.js';
import type { DefaultPrivilegesObject } from '../../descriptors.js';
import type { Providers, VirtualScan } from '../scan.js';
import { aclValue } from '../values.js';

export const ACL_PROVIDERS: Providers = {
  'pg_catalog.pg_default_acl': defaultPrivileges,
  'pg_catalog.pg_parameter_acl': parameterPrivileges,
};

const LETTERS: Readonly<Record<DefaultPrivilegesObject, string>> = { table: 'r', sequence: 'S', routine: 'f', type: 'T', schema: 'n' };

function* defaultPrivileges({ catalog }: VirtualScan): Iterable<Row> {
  for (const { oid, role, schema, objects, acl } of catalog.defaultPrivileges())
    yield [oid, role, schema, LETTERS[objects], aclValue(catalog, acl)];
}

function* parameterPrivileges({ catalog }: VirtualScan): Iterable<Row> {
  for (const { oid, name, acl } of catalog.parameterPrivileges()) yield [oid, name, aclValue(catalog, acl)];
}
