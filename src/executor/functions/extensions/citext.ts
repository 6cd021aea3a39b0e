import { compareIgnoringCase } from '../../../types/extensions/citext.js';
import { ExtensionTypeOid } from '../../../types/extensions/oids.js';
import { type ValueHash, valueHashOf } from '../../../types/hash/value-hash.js';
import { canonicalInt8, type Int8 } from '../../../types/integer.js';
import { lowerCase } from '../../../types/letter-case.js';
import { TypeOid } from '../../../types/oids.js';
import type { SqlValue } from '../../../types/value.js';
import type { AggregateFunction, CallTypes, ScalarFunction, SetFunction } from '../implementation.js';
import { regexFunctions } from '../regex/functions.js';
import type { FunctionTable } from '../table.js';

const hash: ValueHash | undefined = valueHashOf(TypeOid.text);

function hashOf(text: string, seed: bigint): bigint {
  return hash?.(lowerCase(text), seed) ?? 0n;
}

/** The better of all; of equal ones that differ in case the later for `max`, the first for `min`. */
function extreme(isBetter: (order: number) => boolean): AggregateFunction<{ value: SqlValue }> {
  return {
    strict: true,
    init: () => ({ value: null }),
    step: (state, [candidate = null]) => {
      if (state.value === null || isBetter(compareIgnoringCase(candidate as string, state.value as string))) state.value = candidate;
      return state;
    },
    final: (state) => state.value,
  };
}

/** The flags with i, unless they ask for case with c. */
const ignoringCase = (flags: string): string => (flags.includes('c') ? flags : `${flags}i`);

type Call = (...args: SqlValue[]) => SqlValue;

/** The built-in function with its flags, which are its argument number `at` (there or not). */
function regexCall(source: string, at: number): (types: CallTypes) => ScalarFunction {
  return (types) => {
    const made = regexFunctions.typed?.[source]?.(types) as Call | undefined;
    return ((...args: SqlValue[]) => {
      const flags = args.length - 1 > at ? (args[at] as string) : '';
      return made?.(...args.slice(0, at), ignoringCase(flags)) ?? null;
    }) as ScalarFunction;
  };
}

function regexSet(source: string): (types: CallTypes) => SetFunction {
  return (types) => {
    const made = regexFunctions.typedSet?.[source]?.(types);
    return (args, cx) => made?.([args[0] ?? null, args[1] ?? null, ignoringCase((args[2] ?? '') as string)], cx) ?? [];
  };
}

/** Where the text is found, as offsets of characters in one of its forms: those of the lower-case form, when it is as long. */
function occurrences(text: string, wanted: string): readonly number[] {
  const lower = lowerCase(text);
  const searched = lowerCase(wanted);
  const found: number[] = [];
  for (let at = lower.indexOf(searched); at >= 0 && searched !== ''; at = lower.indexOf(searched, at + searched.length)) found.push(at);
  return found;
}

function replace(text: string, from: string, to: string): string {
  let result = '';
  let start = 0;
  for (const at of occurrences(text, from)) {
    result += text.slice(start, at) + to;
    start = at + from.length;
  }
  return result + text.slice(start);
}

function splitPart(text: string, separator: string, n: number): string {
  const parts: string[] = [];
  let start = 0;
  for (const at of occurrences(text, separator)) {
    parts.push(text.slice(start, at));
    start = at + separator.length;
  }
  parts.push(text.slice(start));
  return parts[n > 0 ? n - 1 : parts.length + n] ?? '';
}

function position(text: string, wanted: string): number {
  if (wanted === '') return 1;
  const at = lowerCase(text).indexOf(lowerCase(wanted));
  return at < 0 ? 0 : [...text.slice(0, at)].length + 1;
}

/** Characters of either case; of pairs that are the same without case the first counts. */
function translate(text: string, from: string, to: string, flags: string): string {
  const targets = [...to];
  const map = new Map<string, string>();
  const put = (character: string, target: string) => {
    if (!map.has(character)) map.set(character, target);
  };
  [...from].forEach((character, i) => {
    put(character, targets[i] ?? '');
    if (flags.includes('c')) return;
    put(lowerCase(character), targets[i] ?? '');
    put(character.toUpperCase(), targets[i] ?? '');
  });
  let result = '';
  for (const character of text) result += map.get(character) ?? character;
  return result;
}

const { citext } = ExtensionTypeOid;

export const citextFunctions: FunctionTable = {
  scalar: {
    citext_eq: (a: string, b: string) => compareIgnoringCase(a, b) === 0,
    citext_ne: (a: string, b: string) => compareIgnoringCase(a, b) !== 0,
    citext_lt: (a: string, b: string) => compareIgnoringCase(a, b) < 0,
    citext_le: (a: string, b: string) => compareIgnoringCase(a, b) <= 0,
    citext_gt: (a: string, b: string) => compareIgnoringCase(a, b) > 0,
    citext_ge: (a: string, b: string) => compareIgnoringCase(a, b) >= 0,
    citext_cmp: compareIgnoringCase,
    citext_pattern_lt: (a: string, b: string) => compareIgnoringCase(a, b) < 0,
    citext_pattern_le: (a: string, b: string) => compareIgnoringCase(a, b) <= 0,
    citext_pattern_gt: (a: string, b: string) => compareIgnoringCase(a, b) > 0,
    citext_pattern_ge: (a: string, b: string) => compareIgnoringCase(a, b) >= 0,
    citext_pattern_cmp: compareIgnoringCase,
    citext_smaller: (a: string, b: string) => (compareIgnoringCase(a, b) < 0 ? a : b),
    citext_larger: (a: string, b: string) => (compareIgnoringCase(a, b) > 0 ? a : b),
    citext_hash: (text: string) => Number(BigInt.asIntN(32, hashOf(text, 0n))),
    citext_hash_extended: (text: string, seed: Int8) => canonicalInt8(BigInt.asIntN(64, hashOf(text, BigInt.asUintN(64, BigInt(seed))))),
    'strpos(citext,citext)': position,
    'replace(citext,citext,citext)': replace,
    'split_part(citext,citext,int4)': splitPart,
    'translate(citext,citext,text)': (text: string, from: string, to: string) => translate(text, from, to, ''),
  },
  typed: {
    'regexp_match(citext,citext)': regexCall('regexp_match', 2),
    'regexp_match(citext,citext,text)': regexCall('regexp_match', 2),
    'regexp_replace(citext,citext,text)': regexCall('textregexreplace', 3),
    'regexp_replace(citext,citext,text,text)': regexCall('textregexreplace', 3),
    'regexp_split_to_array(citext,citext)': regexCall('regexp_split_to_array', 2),
    'regexp_split_to_array(citext,citext,text)': regexCall('regexp_split_to_array', 2),
  },
  typedSet: {
    'regexp_matches(citext,citext)': regexSet('regexp_matches'),
    'regexp_matches(citext,citext,text)': regexSet('regexp_matches'),
    'regexp_split_to_table(citext,citext)': regexSet('regexp_split_to_table'),
    'regexp_split_to_table(citext,citext,text)': regexSet('regexp_split_to_table'),
  },
  aggregate: {
    [`max(${citext})`]: extreme((order) => order >= 0),
    [`min(${citext})`]: extreme((order) => order < 0),
  },
};
