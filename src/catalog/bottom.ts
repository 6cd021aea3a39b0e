import type { Oid } from '../commons/ids.js';
import { SchemaName, SchemaOid } from '../commons/system-names.js';
import { initialAcl } from './born-privileges.js';
import type { BuiltinCatalog, BuiltinRelation } from './builtin/index.js';
import type { VirtualDescriptor } from './descriptors.js';
import { predefinedRoles } from './initial.js';
import { type CatalogObject, Layer, type ObjectKey, objectKey } from './layer.js';
import { builtinSchemas, systemRelations } from './system-relations.js';

/** The layer that every catalog stands on: PostgreSQL's system relations, the system tables, the schemas that hold them, and predefined roles. */
export function bottomLayer(builtin: BuiltinCatalog, owner: Oid): Layer {
  const entries = new Map<ObjectKey, CatalogObject>();
  const add = (object: CatalogObject) => entries.set(objectKey(object.kind, object.oid), object);
  for (const schema of builtinSchemas(owner)) add(schema);
  for (const relation of builtin.systemRelations()) add(virtualRelation(relation, owner));
  for (const relation of systemRelations(owner)) add(relation);
  for (const predefined of predefinedRoles()) add(predefined);
  // Its language is there from the start; what a transaction has not made does not stand in the store either.
  add({
    kind: 'extension',
    oid: PLPGSQL_OID,
    name: 'plpgsql',
    owner,
    schema: SchemaOid.pgCatalog,
    version: '1.0',
    comment: 'PL/pgSQL procedural language',
  });
  return new Layer(entries);
}

/** Of the extension, in PostgreSQL 15. */
const PLPGSQL_OID = 13_559;

function virtualRelation(relation: BuiltinRelation, owner: Oid): VirtualDescriptor {
  const schema = relation.namespace === SchemaOid.pgCatalog ? SchemaName.pgCatalog : SchemaName.informationSchema;
  return {
    kind: 'virtual',
    oid: relation.oid,
    rowType: relation.rowType,
    name: relation.name,
    owner,
    schema: relation.namespace,
    persistence: 'permanent',
    relkind: relation.kind,
    columns: relation.columns.map((column) => ({
      number: column.number,
      name: column.name,
      type: column.type,
      typmod: column.typeModifier,
      notNull: column.notNull,
      ...(column.collation === 0 ? {} : { collation: column.collation }),
    })),
    provider: `${schema}.${relation.name}`,
    ...(relation.acl === undefined ? {} : { acl: initialAcl(relation.acl) }),
  };
}
