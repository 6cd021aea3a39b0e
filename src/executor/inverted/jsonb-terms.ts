import { createHash } from 'node:crypto';
import { isArray, isObject } from '../../types/json/node.js';
import { numericHashKey } from '../../types/numeric/numeric.js';
import { Jsonb, type JsonNode, Numeric, SqlArray, type SqlValue } from '../../types/value.js';
import type { InvertedClassCode } from './inverted-class.js';
import { ALL, everyTerm, someTerm, term } from './term-query.js';

/** Keys and strings in arrays are what `?` asks for; other values have a letter of their own. */
const keyTerm = (text: string): string => `k${text}`;

function scalarText(node: JsonNode): string {
  if (node === null) return 'n';
  if (typeof node === 'boolean') return node ? 't' : 'f';
  if (node instanceof Numeric) return `#${numericHashKey(node)}`;
  return `s${typeof node === 'string' ? node : ''}`;
}

function addTerms(node: JsonNode, inArray: boolean, found: string[]): void {
  if (isObject(node)) {
    for (const [key, value] of node) {
      found.push(keyTerm(key));
      addTerms(value, false, found);
    }
  } else if (isArray(node)) for (const item of node) addTerms(item, true, found);
  else found.push(inArray && typeof node === 'string' ? keyTerm(node) : `v${scalarText(node)}`);
}

function termsOf(value: SqlValue): string[] {
  const found: string[] = [];
  // A scalar at the top is as an array of it: `'["a"]' @> '"a"'`, and `'"a"' ? 'a'`.
  if (value instanceof Jsonb) addTerms(value.node, true, found);
  return found;
}

const textsOf = (value: SqlValue): string[] => {
  const texts: string[] = [];
  if (value instanceof SqlArray) for (const item of value.elements) if (typeof item === 'string') texts.push(keyTerm(item));
  return texts;
};

/** jsonb_ops: keys and values. */
export const jsonbTerms: InvertedClassCode = {
  terms: termsOf,
  queries: {
    jsonb_contains: (value) => everyTerm(termsOf(value)),
    jsonb_exists: (value) => (typeof value === 'string' ? term(keyTerm(value)) : ALL),
    jsonb_exists_any: (value) => someTerm(textsOf(value)),
    jsonb_exists_all: (value) => everyTerm(textsOf(value)),
  },
};

/** Values with the keys that lead there; arrays don't count as steps. */
function addPaths(node: JsonNode, path: string, found: string[]): void {
  if (isObject(node)) for (const [key, value] of node) addPaths(value, hashOf(`${path}.${key}`), found);
  else if (isArray(node)) for (const item of node) addPaths(item, path, found);
  else found.push(hashOf(`${path}=${scalarText(node)}`));
}

const hashOf = (text: string): string => createHash('md5').update(text).digest('base64url').slice(0, 12);

function pathsOf(value: SqlValue): string[] {
  const found: string[] = [];
  if (value instanceof Jsonb) addPaths(value.node, '', found);
  return found;
}

/** jsonb_path_ops: smaller and more selective, for containment alone. */
export const jsonbPathTerms: InvertedClassCode = {
  terms: pathsOf,
  queries: { jsonb_contains: (value) => everyTerm(pathsOf(value)) },
};
