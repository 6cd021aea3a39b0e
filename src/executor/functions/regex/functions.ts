import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { characterLength } from '../../../types/text.js';
import { SqlArray, type SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { ScalarFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';
import type { CompiledRegex } from './compile.js';
import { parseReplacement, replaceMatches } from './replace.js';
import {
  forEachMatch,
  invalidParameter,
  matchArray,
  nthMatch,
  parseFlags,
  parseFlagsWithoutGlobal,
  RegexCache,
  type RegexFlags,
  startOffset,
} from './scan.js';
import { DEFAULT_OPTIONS, type RegexOptions } from './syntax.js';

const IGNORE_CASE: RegexOptions = Object.freeze({ ...DEFAULT_OPTIONS, ignoreCase: true });

function matching(options: RegexOptions, expected: boolean): () => ScalarFunction {
  return () => {
    const cache = new RegexCache();
    return (text: string, pattern: string) => cache.get(pattern, options).program.test(text) === expected;
  };
}
const matches = matching(DEFAULT_OPTIONS, true);
const matchesNot = matching(DEFAULT_OPTIONS, false);
const matchesAnyCase = matching(IGNORE_CASE, true);
const matchesNotAnyCase = matching(IGNORE_CASE, false);

const flagsFor =
  (functionName: string, hint?: string) =>
  (text: string): RegexFlags =>
    parseFlagsWithoutGlobal(text, functionName, hint);

function like(): ScalarFunction {
  const cache = new RegexCache();
  const parse = flagsFor('regexp_like');
  return (text: string, pattern: string, flags: string) => cache.get(pattern, cache.flags(flags, parse).options).program.test(text);
}

function match(): (text: string, pattern: string, flags: string) => SqlArray | null {
  const cache = new RegexCache();
  const parse = flagsFor('regexp_match', 'Use the regexp_matches function instead.');
  return (text, pattern, flags) => {
    const regex = cache.get(pattern, cache.flags(flags, parse).options);
    const matcher = regex.program.matcher(text);
    return matcher.find() ? matchArray(regex, matcher) : null;
  };
}

function substringOf(): ScalarFunction {
  const cache = new RegexCache();
  return (text: string, pattern: string) => {
    const regex = cache.get(pattern, DEFAULT_OPTIONS);
    const matcher = regex.program.matcher(text);
    return matcher.find() ? matcher.group(regex.groups > 0 ? 1 : 0) : null;
  };
}

function replace(): ScalarFunction {
  const cache = new RegexCache();
  const parse = (flags: string): RegexFlags => {
    if (/^[0-9]/.test(flags)) {
      throw new SqlError(SqlState.invalidParameterValue, `invalid regular expression option: "${flags[0]}"`, {
        hint: 'If you meant to use regexp_replace() with a start parameter, cast the fourth argument to integer explicitly.',
      });
    }
    return parseFlags(flags);
  };
  return (text: string, pattern: string, replacement: string, flags: string, cx: FunctionContext) => {
    const { options, global } = cache.flags(flags, parse);
    return replaceMatches(cache.get(pattern, options), text, parseReplacement(replacement), 0, global ? 0 : 1, cx);
  };
}

function replaceFirst(): ScalarFunction {
  const cache = new RegexCache();
  return (text: string, pattern: string, replacement: string, cx: FunctionContext) =>
    replaceMatches(cache.get(pattern, DEFAULT_OPTIONS), text, parseReplacement(replacement), 0, 1, cx);
}

type ExtendedReplace = (
  text: string,
  pattern: string,
  replacement: string,
  start: number,
  n: number,
  flags: string,
  cx: FunctionContext,
) => string;
function replaceExtended(): ExtendedReplace {
  const cache = new RegexCache();
  return (text, pattern, replacement, start, n, flags, cx) => {
    const from = startOffset(text, start);
    if (n < 0) throw invalidParameter('n', n);
    const { options } = cache.flags(flags, parseFlags);
    return replaceMatches(cache.get(pattern, options), text, parseReplacement(replacement), from, n, cx);
  };
}

function count(): (text: string, pattern: string, start: number, flags: string) => number {
  const cache = new RegexCache();
  const parse = flagsFor('regexp_count');
  return (text, pattern, start, flags) => {
    const from = startOffset(text, start);
    let found = 0;
    forEachMatch(cache.get(pattern, cache.flags(flags, parse).options), text, from, false, () => {
      found++;
      return true;
    });
    return found;
  };
}

/** The group that the argument `subexpr` means: without groups, 1 is the whole match. */
function partOf(regex: CompiledRegex, subexpression: number): number | undefined {
  if (regex.groups === 0 && subexpression === 1) return 0;
  return subexpression > regex.groups ? undefined : subexpression;
}

type Instr = (text: string, pattern: string, start: number, n: number, end: number, flags: string, group: number) => number;
function instr(): Instr {
  const cache = new RegexCache();
  const parse = flagsFor('regexp_instr');
  return (text, pattern, start, n, end, flags, group) => {
    const from = startOffset(text, start);
    if (n <= 0) throw invalidParameter('n', n);
    if (end !== 0 && end !== 1) throw invalidParameter('endoption', end);
    if (group < 0) throw invalidParameter('subexpr', group);
    const regex = cache.get(pattern, cache.flags(flags, parse).options);
    const part = partOf(regex, group);
    const found = part === undefined ? undefined : nthMatch(regex, text, from, n);
    const offset = found === undefined ? -1 : end === 1 ? found.end(part) : found.start(part);
    return offset < 0 ? 0 : characterLength(text.slice(0, offset)) + 1;
  };
}

type Substr = (text: string, pattern: string, start: number, n: number, flags: string, group: number) => string | null;
function substr(): Substr {
  const cache = new RegexCache();
  const parse = flagsFor('regexp_substr');
  return (text, pattern, start, n, flags, group) => {
    const from = startOffset(text, start);
    if (n <= 0) throw invalidParameter('n', n);
    if (group < 0) throw invalidParameter('subexpr', group);
    const regex = cache.get(pattern, cache.flags(flags, parse).options);
    const part = partOf(regex, group);
    return part === undefined ? null : (nthMatch(regex, text, from, n)?.group(part) ?? null);
  };
}

/** The parts of a text between the matches. */
function* split(cache: RegexCache, text: string, pattern: string, options: RegexOptions): Generator<string> {
  const ends: number[] = [];
  forEachMatch(cache.get(pattern, options), text, 0, true, (found) => {
    ends.push(found.start(), found.end());
    return true;
  });
  let from = 0;
  for (let i = 0; i < ends.length; i += 2) {
    yield text.slice(from, ends[i]);
    from = ends[i + 1] ?? 0;
  }
  yield text.slice(from);
}

function* allMatches(cache: RegexCache, text: string, pattern: string, flags: RegexFlags): Generator<SqlArray> {
  const regex = cache.get(pattern, flags.options);
  const found: SqlArray[] = [];
  forEachMatch(regex, text, 0, false, (matcher) => {
    found.push(matchArray(regex, matcher));
    return flags.global;
  });
  yield* found;
}

const text = (value: SqlValue | undefined): string => (typeof value === 'string' ? value : '');
const parseSplitTable = flagsFor('regexp_split_to_table');
const parseSplitArray = flagsFor('regexp_split_to_array');

export const regexFunctions: FunctionTable = {
  typed: {
    textregexeq: matches,
    textregexne: matchesNot,
    texticregexeq: matchesAnyCase,
    texticregexne: matchesNotAnyCase,
    nameregexeq: matches,
    nameregexne: matchesNot,
    nameicregexeq: matchesAnyCase,
    nameicregexne: matchesNotAnyCase,
    regexp_like_no_flags: matches,
    regexp_like: like,
    regexp_match: match,
    regexp_match_no_flags: () => {
      const call = match();
      return (value: string, pattern: string) => call(value, pattern, '');
    },
    textregexsubstr: substringOf,
    textregexreplace: replace,
    textregexreplace_noopt: replaceFirst,
    textregexreplace_extended: replaceExtended,
    textregexreplace_extended_no_flags: () => {
      const call = replaceExtended();
      return (value: string, pattern: string, by: string, start: number, n: number, cx: FunctionContext) =>
        call(value, pattern, by, start, n, '', cx);
    },
    textregexreplace_extended_no_n: () => {
      const call = replaceExtended();
      return (value: string, pattern: string, by: string, start: number, cx: FunctionContext) => call(value, pattern, by, start, 1, '', cx);
    },
    regexp_count: count,
    regexp_count_no_flags: () => {
      const call = count();
      return (value: string, pattern: string, start: number) => call(value, pattern, start, '');
    },
    regexp_count_no_start: () => {
      const call = count();
      return (value: string, pattern: string) => call(value, pattern, 1, '');
    },
    regexp_instr: instr,
    regexp_instr_no_subexpr: () => {
      const call = instr();
      return (value: string, pattern: string, start: number, n: number, end: number, flags: string) =>
        call(value, pattern, start, n, end, flags, 0);
    },
    regexp_instr_no_flags: () => {
      const call = instr();
      return (value: string, pattern: string, start: number, n: number, end: number) => call(value, pattern, start, n, end, '', 0);
    },
    regexp_instr_no_endoption: () => {
      const call = instr();
      return (value: string, pattern: string, start: number, n: number) => call(value, pattern, start, n, 0, '', 0);
    },
    regexp_instr_no_n: () => {
      const call = instr();
      return (value: string, pattern: string, start: number) => call(value, pattern, start, 1, 0, '', 0);
    },
    regexp_instr_no_start: () => {
      const call = instr();
      return (value: string, pattern: string) => call(value, pattern, 1, 1, 0, '', 0);
    },
    regexp_substr: substr,
    regexp_substr_no_subexpr: () => {
      const call = substr();
      return (value: string, pattern: string, start: number, n: number, flags: string) => call(value, pattern, start, n, flags, 0);
    },
    regexp_substr_no_flags: () => {
      const call = substr();
      return (value: string, pattern: string, start: number, n: number) => call(value, pattern, start, n, '', 0);
    },
    regexp_substr_no_n: () => {
      const call = substr();
      return (value: string, pattern: string, start: number) => call(value, pattern, start, 1, '', 0);
    },
    regexp_substr_no_start: () => {
      const call = substr();
      return (value: string, pattern: string) => call(value, pattern, 1, 1, '', 0);
    },
    regexp_split_to_array: () => {
      const cache = new RegexCache();
      return (value: string, pattern: string, flags: string) =>
        new SqlArray([...split(cache, value, pattern, cache.flags(flags, parseSplitArray).options)]);
    },
    regexp_split_to_array_no_flags: () => {
      const cache = new RegexCache();
      return (value: string, pattern: string) => new SqlArray([...split(cache, value, pattern, DEFAULT_OPTIONS)]);
    },
  },
  typedSet: {
    regexp_matches: () => {
      const cache = new RegexCache();
      return (args) => allMatches(cache, text(args[0]), text(args[1]), cache.flags(text(args[2]), parseFlags));
    },
    regexp_matches_no_flags: () => {
      const cache = new RegexCache();
      return (args) => allMatches(cache, text(args[0]), text(args[1]), cache.flags('', parseFlags));
    },
    regexp_split_to_table: () => {
      const cache = new RegexCache();
      return (args) => split(cache, text(args[0]), text(args[1]), cache.flags(text(args[2]), parseSplitTable).options);
    },
    regexp_split_to_table_no_flags: () => {
      const cache = new RegexCache();
      return (args) => split(cache, text(args[0]), text(args[1]), DEFAULT_OPTIONS);
    },
  },
};
