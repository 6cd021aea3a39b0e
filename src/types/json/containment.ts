import { compareNumeric } from '../numeric/numeric.js';
import { type Jsonb, type JsonNode, Numeric } from '../value.js';
import { isArray, isObject, isScalar } from './node.js';

function equalScalars(a: JsonNode, b: JsonNode): boolean {
  return a instanceof Numeric && b instanceof Numeric ? compareNumeric(a, b) === 0 : a === b;
}

/** jsonb @> jsonb (PostgreSQL manual, "jsonb Containment and Existence"): an array also contains a bare scalar. */
export function jsonbContains(whole: Jsonb, part: Jsonb): boolean {
  const { node } = whole;
  if (isArray(node) && isScalar(part.node)) return node.some((item) => equalScalars(item, part.node));
  return contains(node, part.node);
}

function contains(whole: JsonNode, part: JsonNode): boolean {
  if (isObject(part)) {
    if (!isObject(whole) || whole.size < part.size) return false;
    for (const [key, value] of part) {
      const found = whole.get(key);
      if (found === undefined || !contains(found, value)) return false;
    }
    return true;
  }
  if (isArray(part)) {
    if (!isArray(whole)) return false;
    return part.every((item) => whole.some((candidate) => contains(candidate, item)));
  }
  return isScalar(whole) && equalScalars(whole, part);
}
