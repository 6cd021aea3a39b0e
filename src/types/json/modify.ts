import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { Jsonb, type JsonNode } from '../value.js';
import { arrayIndexOf } from './access.js';
import { invalidJsonParameter } from './errors.js';
import { isArray, isObject, isScalar, type JsonObject, objectOf } from './node.js';

/** Merges two objects that are sorted already; the second one's values win. */
function mergeObjects(a: JsonObject, b: JsonObject): JsonObject {
  return objectOf([...a.keys(), ...b.keys()], [...a.values(), ...b.values()]);
}

/** jsonb || jsonb: objects merge, all else is chained as arrays. */
export function jsonbConcat(a: Jsonb, b: Jsonb): Jsonb {
  const x = a.node;
  const y = b.node;
  if (isObject(x) && isObject(y)) return new Jsonb(mergeObjects(x, y));
  return new Jsonb([...(isArray(x) ? x : [x]), ...(isArray(y) ? y : [y])]);
}

function cannotDeleteFromScalar(): SqlError {
  return invalidJsonParameter('cannot delete from scalar');
}

/** jsonb - text[] (or one text): keys of an object, strings of an array. @throws SqlError 22023 */
export function jsonbDeleteKeys(value: Jsonb, keys: readonly (string | null)[]): Jsonb {
  const { node } = value;
  if (isScalar(node)) throw cannotDeleteFromScalar();
  if (isArray(node)) return new Jsonb(node.filter((item) => typeof item !== 'string' || !keys.includes(item)));
  if (!isObject(node)) return value;
  const rest: JsonObject = new Map(node);
  for (const key of keys) if (key !== null) rest.delete(key);
  return new Jsonb(rest);
}

/** jsonb - int. @throws SqlError 22023 */
export function jsonbDeleteElement(value: Jsonb, index: number): Jsonb {
  const { node } = value;
  if (isObject(node)) throw invalidJsonParameter('cannot delete from object using integer index');
  if (!isArray(node)) throw cannotDeleteFromScalar();
  const at = index < 0 ? node.length + index : index;
  return at < 0 || at >= node.length ? value : new Jsonb(node.filter((_, i) => i !== at));
}

type PathAction = 'delete' | 'replace' | 'create' | 'insert before' | 'insert after';

/** What happens at a path's end, and the value for it. */
class PathChange {
  readonly #path: readonly (string | null)[];
  readonly #action: PathAction;
  readonly #value: JsonNode;

  constructor(path: readonly (string | null)[], action: PathAction, value: JsonNode) {
    this.#path = path;
    this.#action = action;
    this.#value = value;
  }

  get #adds(): boolean {
    return this.#action !== 'delete' && this.#action !== 'replace';
  }

  apply(node: JsonNode, level: number): JsonNode {
    if (isScalar(node)) return node;
    const step = this.#path[level] ?? null;
    if (step === null) throw new SqlError(SqlState.nullValueNotAllowed, `path element at position ${level + 1} is null`);
    if (isArray(node)) return this.#applyToArray(node, step, level);
    return isObject(node) ? this.#applyToObject(node, step, level) : node;
  }

  #applyToObject(node: JsonObject, key: string, level: number): JsonNode {
    const isLast = level === this.#path.length - 1;
    const old = node.get(key);
    if (old === undefined) return isLast && this.#adds ? objectOf([...node.keys(), key], [...node.values(), this.#value]) : node;
    const changed: JsonObject = new Map(node);
    if (!isLast) {
      changed.set(key, this.apply(old, level + 1));
    } else if (this.#action === 'delete') {
      changed.delete(key);
    } else if (this.#action === 'replace' || this.#action === 'create') {
      changed.set(key, this.#value);
    } else {
      throw new SqlError(SqlState.invalidParameterValue, 'cannot replace existing key', {
        hint: 'Try using the function jsonb_set to replace key value.',
      });
    }
    return changed;
  }

  #applyToArray(node: readonly JsonNode[], step: string, level: number): JsonNode {
    const isLast = level === this.#path.length - 1;
    const parsed = arrayIndexOf(step);
    if (parsed === undefined) {
      throw new SqlError(SqlState.invalidTextRepresentation, `path element at position ${level + 1} is not an integer: "${step}"`);
    }
    const isBefore = parsed < 0 && -parsed > node.length;
    const index = parsed < 0 ? node.length + parsed : parsed;
    const changed = [...node];
    if (isLast && this.#adds && (isBefore || node.length === 0)) return [this.#value, ...changed];
    if (isBefore || index >= node.length) {
      if (isLast && this.#adds) changed.push(this.#value);
      return changed;
    }
    if (!isLast) changed[index] = this.apply(node[index] ?? null, level + 1);
    else if (this.#action === 'delete') changed.splice(index, 1);
    else if (this.#action === 'insert before') changed.splice(index, 0, this.#value);
    else if (this.#action === 'insert after') changed.splice(index + 1, 0, this.#value);
    else changed[index] = this.#value;
    return changed;
  }
}

function changeAtPath(target: Jsonb, path: readonly (string | null)[], action: PathAction, value: JsonNode, verb: string): Jsonb {
  if (isScalar(target.node)) throw invalidJsonParameter(`cannot ${verb} path in scalar`);
  const isEmpty = isArray(target.node) ? target.node.length === 0 : isObject(target.node) && target.node.size === 0;
  if (path.length === 0 || (isEmpty && (action === 'delete' || action === 'replace'))) return target;
  return new Jsonb(new PathChange(path, action, value).apply(target.node, 0));
}

/** jsonb_set(target, path, value, create_if_missing). @throws SqlError 22023, 22004, 22P02 */
export function jsonbSet(target: Jsonb, path: readonly (string | null)[], value: Jsonb, createIfMissing: boolean): Jsonb {
  return changeAtPath(target, path, createIfMissing ? 'create' : 'replace', value.node, 'set');
}

/** jsonb_insert(target, path, value, insert_after). @throws SqlError 22023, 22004, 22P02 */
export function jsonbInsert(target: Jsonb, path: readonly (string | null)[], value: Jsonb, insertAfter: boolean): Jsonb {
  return changeAtPath(target, path, insertAfter ? 'insert after' : 'insert before', value.node, 'set');
}

/** jsonb #- text[]. @throws SqlError 22023, 22004, 22P02 */
export function jsonbDeletePath(target: Jsonb, path: readonly (string | null)[]): Jsonb {
  return changeAtPath(target, path, 'delete', null, 'delete');
}

/** jsonb_strip_nulls: members that are null, at any depth; not array elements. */
export function jsonbStripNulls(value: Jsonb): Jsonb {
  return new Jsonb(stripNulls(value.node));
}

function stripNulls(node: JsonNode): JsonNode {
  if (isArray(node)) return node.map(stripNulls);
  if (!isObject(node)) return node;
  const stripped: JsonObject = new Map();
  for (const [key, item] of node) if (item !== null) stripped.set(key, stripNulls(item));
  return stripped;
}

/** jsonb_build_object and jsonb_object_agg: from keys and values in their order. */
export function jsonbOfEntries(keys: readonly string[], values: readonly JsonNode[]): Jsonb {
  return new Jsonb(objectOf(keys, values));
}
