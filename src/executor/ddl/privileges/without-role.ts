import { type Acl, concerns, isSameAcl, withoutRole } from '../../../catalog/acl.js';
import type { ColumnDescriptor, Descriptor } from '../../../catalog/descriptors.js';
import type { Oid } from '../../../commons/ids.js';
import { defaultBelow } from './default-privileges.js';
import { withoutTarget } from './role-uses.js';

/**
 * An object without what a role has been granted or has granted on it, and without policies for that role alone. The same object where there
 * is nothing of the kind; undefined where nothing is left of it.
 */
export function withoutPrivilegesOf<D extends Descriptor>(object: D, role: Oid): Descriptor | undefined {
  switch (object.kind) {
    case 'table': {
      const table = withoutTarget(object, role);
      if (table.owner === role) return table;
      const columns = withoutOnColumns(table.columns, role);
      const hidden = table.systemColumnAcls === undefined ? {} : { systemColumnAcls: recordWithout(table.systemColumnAcls, role) };
      const acl = reduced(table.acl, role);
      if (table === object && columns === table.columns && acl === table.acl && table.systemColumnAcls === undefined) return object;
      return { ...table, ...hidden, columns, ...(acl === undefined ? {} : { acl }) };
    }
    case 'view': {
      const columns = withoutOnColumns(object.columns, role);
      const acl = reduced(object.acl, role);
      if (object.owner === role || (columns === object.columns && acl === object.acl)) return object;
      return { ...object, columns, ...(acl === undefined ? {} : { acl }) };
    }
    case 'sequence': {
      const acl = reduced(object.acl, role);
      if (object.owner === role || (object.columnAcls === undefined && acl === object.acl)) return object;
      const columns = object.columnAcls === undefined ? {} : { columnAcls: recordWithout(object.columnAcls, role) };
      return { ...object, ...(acl === undefined ? {} : { acl }), ...columns };
    }
    case 'object privileges': {
      const acl = reduced(object.acl, role);
      const columns = object.columns === undefined ? {} : { columns: recordWithout(object.columns, role) };
      return { ...object, ...(acl === undefined ? {} : { acl }), ...columns };
    }
    case 'default privileges': {
      const acl = reduced(object.acl, role) ?? [];
      if (object.role === role || isSameAcl(acl, defaultBelow(object))) return undefined;
      return acl === object.acl ? object : { ...object, acl };
    }
    case 'parameter privileges': {
      const acl = reduced(object.acl, role) ?? [];
      // The owner's own item is what holds without any grant.
      if (acl.length <= 1) return undefined;
      return acl === object.acl ? object : { ...object, acl };
    }
    case 'role':
    case 'cast':
    case 'statistics':
      return object;
    default: {
      const acl = reduced(object.acl, role);
      return object.owner === role || acl === undefined || acl === object.acl ? object : { ...object, acl };
    }
  }
}

function reduced(acl: Acl | undefined, role: Oid): Acl | undefined {
  return acl !== undefined && concerns(acl, role) ? withoutRole(acl, role) : acl;
}

function withoutOnColumns(columns: readonly ColumnDescriptor[], role: Oid): readonly ColumnDescriptor[] {
  if (!columns.some((column) => concerns(column.acl, role))) return columns;
  return columns.map((column) => {
    if (column.acl === undefined) return column;
    const { acl, ...rest } = column;
    const left = withoutRole(acl, role);
    return left.length === 0 ? rest : { ...rest, acl: left };
  });
}

function recordWithout(acls: Readonly<Record<number, Acl>>, role: Oid): Readonly<Record<number, Acl>> {
  const left: Record<number, Acl> = {};
  for (const [number, acl] of Object.entries(acls)) {
    const rest = withoutRole(acl, role);
    if (rest.length > 0) left[Number(number)] = rest;
  }
  return left;
}
