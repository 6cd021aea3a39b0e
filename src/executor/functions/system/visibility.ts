import { collationsOf } from '../../../catalog/collations.js';
import type { IsVisible, NamedObject } from '../../../catalog/definitions/index.js';
import { operatorByOid, operatorsNamed, procByOid, procsNamed } from '../../../catalog/made-routines.js';
import { madeType } from '../../../catalog/made-types.js';
import { BUILTIN_DICTIONARIES, placeOfDictionary } from '../../../catalog/text-search.js';
import { SchemaOid } from '../../../commons/system-names.js';
import { TEXT_SEARCH_CONFIGURATIONS } from '../../../types/text-search/configurations.js';
import { TEMPLATES } from '../../../types/text-search/dictionaries.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

/** Whether the bare name of a relation or type finds it along the search path. */
export function isVisible(object: NamedObject, cx: FunctionContext): boolean {
  const { catalog } = cx;
  const schemas = cx.session.searchPath(true).map((name) => catalog.schema(name));
  for (const schema of [catalog.tempSchema, ...schemas]) {
    const found = schema === undefined ? undefined : (catalog.relation(schema.oid, object.name) ?? catalog.type(schema.oid, object.name));
    if (found !== undefined) return found.schema === object.schema;
    // The names of PostgreSQL's own types stand in nobody's way here: relations may have them too.
    const ofExtension =
      schema === undefined || schema.oid === SchemaOid.pgCatalog ? undefined : catalog.builtin.typeByName(object.name, schema.oid);
    if (ofExtension !== undefined) return ofExtension.namespace === object.schema;
  }
  return false;
}

export function visibilityIn(cx: FunctionContext): IsVisible {
  return (object) => isVisible(object, cx);
}

export function isSchemaInPath(oid: number, cx: FunctionContext): boolean {
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

/** The first function of the name and argument types along the path. */
function isFunctionVisible(oid: number, cx: FunctionContext): boolean | null {
  const { catalog } = cx;
  const proc = procByOid(catalog, oid);
  if (proc === undefined) return null;
  for (const name of cx.session.searchPath(true)) {
    const schema = catalog.schema(name)?.oid;
    if (schema === undefined) continue;
    const types = proc.argTypes.join();
    const found = procsNamed(catalog, schema, proc.name).find((other) => other.argTypes.join() === types);
    if (found !== undefined) return found.oid === oid;
  }
  return isSchemaInPath(proc.namespace, cx);
}

function isOperatorVisible(oid: number, cx: FunctionContext): boolean | null {
  const { catalog } = cx;
  const operator = operatorByOid(catalog, oid);
  if (operator === undefined) return null;
  const path = cx.session.searchPath(true).flatMap((name) => catalog.schema(name)?.oid ?? []);
  const found = operatorsNamed(catalog, path, operator.name).find(({ left, right }) => left === operator.left && right === operator.right);
  return found === undefined ? isSchemaInPath(operator.namespace, cx) : found.oid === oid;
}

/** pg_ts_parser has but the default one. */
const DEFAULT_PARSER = 3722;

export const visibilityFunctions: FunctionTable = {
  scalar: {
    pg_table_is_visible: (oid: number, cx: FunctionContext) => {
      const relation = cx.catalog.relationByOid(oid);
      if (relation !== undefined) return isVisible(relation, cx);
      const part = cx.catalog.builtin.systemIndexes().find((index) => index.oid === oid);
      return part === undefined ? null : part.namespace === SchemaOid.pgCatalog;
    },
    pg_type_is_visible: isTypeVisible,
    pg_function_is_visible: isFunctionVisible,
    pg_operator_is_visible: isOperatorVisible,
    pg_opclass_is_visible: visibleObject((oid, cx) => cx.catalog.builtin.opclassByOid(oid)?.namespace),
    pg_opfamily_is_visible: visibleObject((oid, cx) => cx.catalog.builtin.opfamilies().find((family) => family.oid === oid)?.namespace),
    pg_collation_is_visible: visibleObject((oid, cx) => collationsOf(cx.catalog).find((collation) => collation.oid === oid)?.namespace),
    pg_conversion_is_visible: visibleObject(
      (oid, cx) => cx.catalog.builtin.conversions().find((conversion) => conversion.oid === oid)?.namespace,
    ),
    pg_statistics_obj_is_visible: visibleObject(
      (oid, cx) => cx.catalog.freeStanding('extended statistics').find((statistics) => statistics.oid === oid)?.schema,
    ),
    pg_ts_parser_is_visible: visibleObject((oid) => (oid === DEFAULT_PARSER ? SchemaOid.pgCatalog : undefined)),
    pg_ts_dict_is_visible: visibleObject((oid, cx) =>
      BUILTIN_DICTIONARIES.some((dictionary) => dictionary.oid === oid) ? SchemaOid.pgCatalog : placeOfDictionary(cx.catalog, oid)?.schema,
    ),
    pg_ts_config_is_visible: visibleObject((oid, cx) =>
      TEXT_SEARCH_CONFIGURATIONS.some((configuration) => configuration.oid === oid)
        ? SchemaOid.pgCatalog
        : [...cx.catalog.textSearchConfigurations()].find((own) => own.oid === oid)?.schema,
    ),
    pg_ts_template_is_visible: visibleObject((oid) =>
      TEMPLATES.some((template) => template.oid === oid) ? SchemaOid.pgCatalog : undefined,
    ),
  },
};
