import type { IsVisible, NamedObject } from '../../../catalog/definitions/index.js';
import { madeType } from '../../../catalog/made-types.js';
import { SchemaOid } from '../../../commons/system-names.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

/** Whether the bare name of a relation or type finds it along the search path. */
export function isVisible(object: NamedObject, cx: FunctionContext): boolean {
  const { catalog } = cx;
  const schemas = cx.session.searchPath(true).map((name) => catalog.schema(name));
  for (const schema of [catalog.tempSchema, ...schemas]) {
    const found = schema === undefined ? undefined : (catalog.relation(schema.oid, object.name) ?? catalog.type(schema.oid, object.name));
    if (found !== undefined) return found.schema === object.schema;
  }
  return false;
}

export function visibilityIn(cx: FunctionContext): IsVisible {
  return (object) => isVisible(object, cx);
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
  const made = madeType(cx.catalog, oid);
  if (made !== undefined) {
    const named = made.isArray ? madeType(cx.catalog, made.element) : made;
    return isVisible({ name: named?.name ?? made.name, schema: made.namespace }, cx);
  }
  const type = cx.catalog.builtin.typeByOid(oid);
  return type === undefined ? null : isSchemaInPath(type.namespace, cx);
}

const unknownObject = (): null => null;

export const visibilityFunctions: FunctionTable = {
  scalar: {
    pg_table_is_visible: (oid: number, cx: FunctionContext) => {
      const relation = cx.catalog.relationByOid(oid);
      return relation === undefined ? null : isVisible(relation, cx);
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
