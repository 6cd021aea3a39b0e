import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { characterLength, offsetOfCharacter } from '../../../types/text.js';
import { SqlArray, type SqlValue } from '../../../types/value.js';
import { PatternCache } from '../pattern-cache.js';
import { type CompiledRegex, compileRegex } from './compile.js';
import type { RegexMatcher } from './program.js';
import { DEFAULT_OPTIONS, type RegexOptions, withOption } from './syntax.js';

export interface RegexFlags {
  readonly options: RegexOptions;
  readonly global: boolean;
}

const NO_FLAGS: RegexFlags = Object.freeze({ options: DEFAULT_OPTIONS, global: false });

/** The flags argument of the regexp functions. @throws SqlError 22023 */
export function parseFlags(flags: string): RegexFlags {
  if (flags === '') return NO_FLAGS;
  let options = DEFAULT_OPTIONS;
  let global = false;
  for (const letter of flags) {
    if (letter === 'g') {
      global = true;
      continue;
    }
    const changed = withOption(options, letter);
    if (changed === undefined) throw new SqlError(SqlState.invalidParameterValue, `invalid regular expression option: "${letter}"`);
    options = changed;
  }
  return { options, global };
}

/** Flags of a function that knows no "g". @throws SqlError 22023 */
export function parseFlagsWithoutGlobal(flags: string, functionName: string, hint?: string): RegexFlags {
  const parsed = parseFlags(flags);
  if (parsed.global) {
    throw new SqlError(
      SqlState.invalidParameterValue,
      `${functionName}() does not support the "global" option`,
      hint === undefined ? {} : { hint },
    );
  }
  return parsed;
}

/** Compiled patterns of one call site. */
export class RegexCache {
  readonly #caches = new Map<RegexOptions, PatternCache<CompiledRegex>>();
  readonly #flags = new Map<string, RegexFlags>();

  get(pattern: string, options: RegexOptions): CompiledRegex {
    let cache = this.#caches.get(options);
    if (cache === undefined) {
      if (this.#caches.size >= PatternCache.LIMIT) this.#caches.clear();
      cache = new PatternCache((text) => compileRegex(text, options));
      this.#caches.set(options, cache);
    }
    return cache.get(pattern);
  }

  /** The parsed flags, the same object for the same text. */
  flags(text: string, parse: (text: string) => RegexFlags): RegexFlags {
    let flags = this.#flags.get(text);
    if (flags === undefined) {
      flags = parse(text);
      if (this.#flags.size >= PatternCache.LIMIT) this.#flags.clear();
      this.#flags.set(text, flags);
    }
    return flags;
  }
}

export const MATCHES_BETWEEN_CHECKS = 1024;

/** Where to look on behind a match: behind an empty one, a character further. */
export function nextSearch(text: string, start: number, end: number): number {
  if (start !== end) return end;
  const unit = text.charCodeAt(end);
  return end + (unit >= 0xd800 && unit < 0xdc00 ? 2 : 1);
}

/**
 * Calls `take` for each match in order, until it returns false. The matcher given is the same each time.
 * `skipDegenerate`: without empty matches at the ends of the text and right behind a match, as splitting wants it.
 */
export function forEachMatch(
  regex: CompiledRegex,
  text: string,
  from: number,
  skipDegenerate: boolean,
  take: (match: RegexMatcher) => boolean,
): void {
  const matcher = regex.program.matcher(text);
  let search = from;
  let previousEnd = 0;
  while (search <= text.length && matcher.find(search)) {
    const start = matcher.start();
    const end = matcher.end();
    if (!skipDegenerate || (start < text.length && end > previousEnd)) {
      if (!take(matcher)) return;
    }
    previousEnd = end;
    search = nextSearch(text, start, end);
  }
}

/** The n-th match (from 1) from an offset on; undefined when there are fewer. */
export function nthMatch(regex: CompiledRegex, text: string, from: number, n: number): RegexMatcher | undefined {
  let found: RegexMatcher | undefined;
  let count = 0;
  forEachMatch(regex, text, from, false, (matcher) => {
    if (++count < n) return true;
    found = matcher;
    return false;
  });
  return found;
}

/** A match as regexp_match gives it: its groups, or the whole when there are none. */
export function matchArray(regex: CompiledRegex, match: RegexMatcher): SqlArray {
  if (regex.groups === 0) return new SqlArray([match.group()]);
  const elements: SqlValue[] = [];
  for (let group = 1; group <= regex.groups; group++) elements.push(match.group(group));
  return new SqlArray(elements);
}

/** The UTF-16 offset of the `start` argument, a character's position from 1. @throws SqlError 22023 */
export function startOffset(text: string, start: number): number {
  if (start <= 0) throw invalidParameter('start', start);
  if (start === 1) return 0;
  // Beyond the end, nothing matches, not even the empty string.
  return start - 1 > characterLength(text) ? text.length + 1 : offsetOfCharacter(text, start - 1);
}

export function invalidParameter(name: string, value: number): SqlError {
  return new SqlError(SqlState.invalidParameterValue, `invalid value for parameter "${name}": ${value}`);
}
