import { typeOidNamed } from '../../catalog/made-types.js';
import type { Oid } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { typmodIn } from '../../types/typmod.js';
import type { DataTypeDef } from '../parse/ast.js';
import type { TargetType } from './coerce.js';
import { errorAt, locationOf } from './errors.js';
import type { BindState } from './state.js';

const PG_CATALOG = 11;

/** A type as it is written in a cast or a definition. @throws SqlError 42704, 3F000, 22023 … */
export function resolveType(state: BindState, searchPath: readonly Oid[], def: DataTypeDef): TargetType {
  if (def.percentType === true) throw notSupported('%TYPE', { position: locationOf(def) });
  if (def.setof === true) {
    throw errorAt(SqlState.datatypeMismatch, 'cannot cast to SETOF', locationOf(def));
  }
  const element = findType(state, searchPath, def);
  if (element === undefined) {
    const name = def.schema === undefined ? def.name : `${def.schema}.${def.name}`;
    throw errorAt(SqlState.undefinedObject, `type "${name}${def.arrayDimensions ? '[]' : ''}" does not exist`, locationOf(def));
  }
  const typmod = def.config === undefined ? -1 : modifierOf(state, element, def.config, def);
  if (!def.arrayDimensions) return { type: element, typmod };
  const array = state.types.typeByOid(element)?.array ?? 0;
  if (array === 0) {
    throw errorAt(SqlState.undefinedObject, `type "${def.name}[]" does not exist`, locationOf(def));
  }
  return { type: array, typmod };
}

function findType(state: BindState, searchPath: readonly Oid[], def: DataTypeDef): Oid | undefined {
  if (def.schema !== undefined) {
    requireOwnDatabase(state, def);
    const schema = state.catalog.schema(def.schema);
    if (schema === undefined) throw errorAt(SqlState.invalidSchemaName, `schema "${def.schema}" does not exist`, locationOf(def));
    return typeIn(state, schema.oid, def.name);
  }
  for (const schema of searchPath) {
    const found = typeIn(state, schema, def.name);
    if (found !== undefined) return found;
  }
  // What the grammar itself names (integer, varchar …) is there whatever the path says.
  return searchPath.includes(PG_CATALOG) ? undefined : typeIn(state, PG_CATALOG, def.name);
}

function requireOwnDatabase(state: BindState, { catalog, schema, name }: DataTypeDef): void {
  if (catalog === undefined || catalog === state.catalog.database().name) return;
  throw new SqlError(SqlState.featureNotSupported, `cross-database references are not implemented: ${catalog}.${schema}.${name}`);
}

function typeIn(state: BindState, schema: Oid, name: string): Oid | undefined {
  return state.builtin.typeByName(name, schema)?.oid ?? typeOidNamed(state.catalog, schema, name);
}

/** The type of a name that is also called like a function: text(x), date(x). */
export function typeNamed(state: BindState, searchPath: readonly Oid[], schema: string | undefined, name: string): Oid | undefined {
  if (schema !== undefined) {
    const found = state.catalog.schema(schema);
    return found === undefined ? undefined : typeIn(state, found.oid, name);
  }
  for (const oid of searchPath) {
    const found = typeIn(state, oid, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function modifierOf(state: BindState, type: Oid, config: readonly number[], def: DataTypeDef): number {
  if (state.types.typeByOid(type)?.modifierInput === 0) {
    throw errorAt(SqlState.syntaxError, `type modifier is not allowed for type "${def.name}"`, locationOf(def));
  }
  try {
    return typmodIn(type, config);
  } catch (error) {
    throw error instanceof SqlError ? error.withDefaults({ position: locationOf(def) }) : error;
  }
}
