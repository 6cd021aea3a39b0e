import type { IsVisible } from '../../../catalog/definitions/index.js';
import type { RelationDescriptor } from '../../../catalog/descriptors.js';
import { SchemaOid } from '../../../commons/system-names.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

/** Whether the relation's bare name finds it along the search path. */
export function isRelationVisible(relation: RelationDescriptor, cx: FunctionContext): boolean {
  const { catalog } = cx;
  if (catalog.tempSchema !== undefined) {
    const temporary = catalog.relation(catalog.tempSchema.oid, relation.name);
    if (temporary !== undefined) return temporary.oid === relation.oid;
  }
  for (const name of cx.session.searchPath(true)) {
    const schema = catalog.schema(name);
    const found = schema === undefined ? undefined : catalog.relation(schema.oid, relation.name);
    if (found !== undefined) return found.oid === relation.oid;
  }
  return false;
}

export function visibilityIn(cx: FunctionContext): IsVisible {
  return (relation) => isRelationVisible(relation, cx);
}

function isSchemaInPath(oid: number, cx: FunctionContext): boolean {
  if (oid === SchemaOid.pgCatalog) return true;
  const name = cx.catalog.schemaByOid(oid)?.name;
  return name !== undefined && cx.session.searchPath(true).includes(name);
}

/** Built-in objects have no rivals of their name in other schemas, so they are visible when their schema is in the path. */
function visibleObject(
  namespaceOf: (oid: number, cx: FunctionContext) => number | undefined,
): (oid: number, cx: FunctionContext) => boolean | null {
  return (oid, cx) => {
    const namespace = namespaceOf(oid, cx);
    return namespace === undefined ? null : isSchemaInPath(namespace, cx);
  };
}

function isTypeVisible(oid: number, cx: FunctionContext): boolean | null {
  const relation = cx.catalog.relationOfRowType(oid);
  if (relation !== undefined) return isRelationVisible(relation, cx);
  const type = cx.catalog.builtin.typeByOid(oid);
  return type === undefined ? null : isSchemaInPath(type.namespace, cx);
}

const unknownObject = (): null => null;

export const visibilityFunctions: FunctionTable = {
  scalar: {
    pg_table_is_visible: (oid: number, cx: FunctionContext) => {
      const relation = cx.catalog.relationByOid(oid);
      return relation === undefined ? null : isRelationVisible(relation, cx);
    },
    pg_type_is_visible: isTypeVisible,
    pg_function_is_visible: visibleObject((oid, cx) => cx.catalog.builtin.procByOid(oid)?.namespace),
    pg_operator_is_visible: visibleObject((oid, cx) => cx.catalog.builtin.operatorByOid(oid)?.namespace),
    pg_opclass_is_visible: visibleObject((oid, cx) => cx.catalog.builtin.opclassByOid(oid)?.namespace),
    pg_opfamily_is_visible: visibleObject((oid, cx) => cx.catalog.builtin.opfamilies().find((family) => family.oid === oid)?.namespace),
    pg_collation_is_visible: visibleObject(
      (oid, cx) => cx.catalog.builtin.collations().find((collation) => collation.oid === oid)?.namespace,
    ),
    pg_conversion_is_visible: unknownObject,
    pg_statistics_obj_is_visible: unknownObject,
    pg_ts_parser_is_visible: unknownObject,
    pg_ts_dict_is_visible: unknownObject,
    pg_ts_config_is_visible: unknownObject,
    pg_ts_template_is_visible: unknownObject,
  },
};
