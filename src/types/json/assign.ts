import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { Jsonb, type JsonNode } from '../value.js';
import { arrayIndexOf } from './access.js';
import { isArray, isObject, objectOf } from './node.js';

/** A subscript: a number asks for an array where nothing is yet, a text for an object. */
export type JsonSubscript = number | string;

/**
 * UPDATE … SET doc['a'][0] = value: what is missing on the way is made, and gaps of arrays are filled with nulls (PostgreSQL manual,
 * "jsonb Subscripting"). @throws SqlError 22023, 22P02
 */
export function jsonbAssign(target: Jsonb | null, path: readonly JsonSubscript[], value: JsonNode): Jsonb {
  if (target === null) return new Jsonb(made(path, 0, value));
  return new Jsonb(assigned(target.node, path, 0, value));
}

/** Containers for the rest of the path, with the value in the innermost. */
function made(path: readonly JsonSubscript[], level: number, value: JsonNode): JsonNode {
  const step = path[level];
  if (step === undefined) return value;
  return assigned(typeof step === 'number' ? [] : new Map(), path, level, value);
}

function assigned(node: JsonNode, path: readonly JsonSubscript[], level: number, value: JsonNode): JsonNode {
  const step = path[level];
  if (step === undefined) return value;
  if (isArray(node)) {
    const index = positionOf(step, node.length, level);
    const changed = [...node];
    while (changed.length < index) changed.push(null);
    const old = node[index];
    changed[index] = old === undefined ? made(path, level + 1, value) : assigned(old, path, level + 1, value);
    return changed;
  }
  if (isObject(node)) {
    const key = `${step}`;
    const old = node.get(key);
    if (old === undefined) return objectOf([...node.keys(), key], [...node.values(), made(path, level + 1, value)]);
    return new Map(node).set(key, assigned(old, path, level + 1, value));
  }
  throw new SqlError(SqlState.invalidParameterValue, 'cannot replace existing key', {
    detail: 'The path assumes key is a composite object, but it is a scalar value.',
  });
}

function positionOf(step: JsonSubscript, length: number, level: number): number {
  const index = typeof step === 'number' ? step : arrayIndexOf(step);
  if (index === undefined) {
    throw new SqlError(SqlState.invalidTextRepresentation, `path element at position ${level + 1} is not an integer: "${step}"`);
  }
  if (index < -length)
    throw new SqlError(SqlState.invalidParameterValue, `path element at position ${level + 1} is out of range: ${index}`);
  return index < 0 ? length + index : index;
}
