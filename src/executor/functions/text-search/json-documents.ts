import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { quoteJson } from '../../../types/json/format.js';
import { jsonElements, jsonEntries, jsonSlices, jsonTypeOf } from '../../../types/json/json-text.js';
import { isArray, isObject } from '../../../types/json/node.js';
import { parseJsonb } from '../../../types/json/parse.js';
import { formatNumeric } from '../../../types/numeric/numeric.js';
import type { TextSearchConfiguration } from '../../../types/text-search/configurations.js';
import type { TsVector } from '../../../types/text-search/tsvector.js';
import { Jsonb, type JsonNode, Numeric } from '../../../types/value.js';
import { vectorOfTexts } from './convert.js';

type Flag = 'string' | 'numeric' | 'boolean' | 'key';
const FLAGS: readonly Flag[] = ['string', 'numeric', 'boolean', 'key'];
const HINT = 'Possible values are: "string", "numeric", "boolean", "key", and "all".';

/** What of a document counts: a flag, or an array of them. @throws SqlError 22023 */
function flagsOf(filter: Jsonb): ReadonlySet<Flag> {
  const { node } = filter;
  if (isObject(node)) throw new SqlError(SqlState.invalidParameterValue, 'wrong flag type, only arrays and scalars are allowed');
  const flags = new Set<Flag>();
  for (const item of isArray(node) ? node : [node]) {
    if (typeof item !== 'string') throw new SqlError(SqlState.invalidParameterValue, 'flag array element is not a string', { hint: HINT });
    const flag = FLAGS.find((known) => known === item.toLowerCase());
    if (item.toLowerCase() === 'all') for (const known of FLAGS) flags.add(known);
    else if (flag !== undefined) flags.add(flag);
    else throw new SqlError(SqlState.invalidParameterValue, `wrong flag in flag array: "${item}"`, { hint: HINT });
  }
  return flags;
}

function* textsIn(node: JsonNode, flags: ReadonlySet<Flag>): Generator<string> {
  if (typeof node === 'string') {
    if (flags.has('string')) yield node;
  } else if (typeof node === 'boolean') {
    if (flags.has('boolean')) yield node ? 'true' : 'false';
  } else if (node instanceof Numeric) {
    if (flags.has('numeric')) yield formatNumeric(node);
  } else if (isArray(node)) {
    for (const item of node) yield* textsIn(item, flags);
  } else if (isObject(node)) {
    for (const [key, value] of node) {
      if (flags.has('key')) yield key;
      yield* textsIn(value, flags);
    }
  }
}

export function jsonbVector(configuration: TextSearchConfiguration, document: Jsonb, filter: Jsonb): TsVector {
  return vectorOfTexts(configuration, textsIn(document.node, flagsOf(filter)));
}

/** In the text's order. */
export function jsonVector(configuration: TextSearchConfiguration, document: string, filter: Jsonb): TsVector {
  return vectorOfTexts(configuration, textsInText(document, flagsOf(filter)));
}

/** The strings of a document, in its own order. */
export function jsonStringsVector(configuration: TextSearchConfiguration, document: string): TsVector {
  return vectorOfTexts(configuration, textsInText(document, STRINGS));
}

const STRINGS: ReadonlySet<Flag> = new Set(['string']);

function* textsInText(text: string, flags: ReadonlySet<Flag>): Generator<string> {
  const type = jsonTypeOf(text);
  if (type === 'object' || type === 'array') {
    for (const { key, text: value } of jsonSlices(text)) {
      if (type === 'object' && flags.has('key')) yield key;
      yield* textsInText(value, flags);
    }
  } else yield* textsIn(parseJsonb(text).node, flags);
}

/** The document with each of its strings changed. */
export function withStrings(node: JsonNode, change: (text: string) => string): JsonNode {
  if (typeof node === 'string') return change(node);
  if (isArray(node)) return node.map((item) => withStrings(item, change));
  if (isObject(node)) return new Map([...node].map(([key, value]) => [key, withStrings(value, change)]));
  return node;
}

/** The same of a text, whose keys stay as they stand; without blanks between. */
export function textWithStrings(text: string, change: (text: string) => string): string {
  switch (jsonTypeOf(text)) {
    case 'object':
      return `{${jsonEntries(text, 'ts_headline')
        .map(({ key, text: value }) => `${quoteJson(key)}:${textWithStrings(value, change)}`)
        .join(',')}}`;
    case 'array':
      return `[${jsonElements(text, 'ts_headline')
        .map(({ text: value }) => textWithStrings(value, change))
        .join(',')}]`;
    case 'string': {
      const { node } = parseJsonb(text);
      return quoteJson(change(typeof node === 'string' ? node : ''));
    }
    default:
      return text.trim();
  }
}

export function jsonbWithStrings(document: Jsonb, change: (text: string) => string): Jsonb {
  return new Jsonb(withStrings(document.node, change));
}
