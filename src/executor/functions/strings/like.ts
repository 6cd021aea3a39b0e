import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { lowerCase } from '../../../types/letter-case.js';
import type { ScalarFunction } from '../implementation.js';
import { PatternCache } from '../pattern-cache.js';
import type { FunctionTable } from '../table.js';

/** `_`: any character. */
const ANY = -1;

/** What stands between two `%`: plain text, or with `_` in it UTF-16 units and ANY. */
type Segment = string | readonly number[];

/** A LIKE pattern: segments that must follow one another; the first and the last are anchored where no `%` stands. */
export interface LikePattern {
  readonly segments: readonly Segment[];
  /** Only one segment and no `%`: the whole text. */
  readonly exact: boolean;
  /** The pattern ends with an escape, which is an error for texts that get so far: those that this one matches. No other text matches. */
  readonly dangling?: LikePattern;
}

export function compileLike(pattern: string): LikePattern {
  const segments: Segment[] = [];
  let plain = '';
  let units: number[] | undefined;
  let exact = true;
  const add = (unit: number): void => {
    if (units !== undefined) units.push(unit);
    else if (unit === ANY) units = [...Array.from({ length: plain.length }, (_, i) => plain.charCodeAt(i)), ANY];
    else plain += String.fromCharCode(unit);
  };
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at];
    if (character === '%') {
      segments.push(units ?? plain);
      plain = '';
      units = undefined;
      exact = false;
    } else if (character === '_') {
      add(ANY);
    } else {
      if (character === '\\' && ++at >= pattern.length) return { segments: [], exact, dangling: compileLike(`${pattern.slice(0, -1)}_%`) };
      add(pattern.charCodeAt(at));
    }
  }
  segments.push(units ?? plain);
  // `%%` is `%`: empty segments in between match anywhere.
  const last = segments.length - 1;
  return { segments: segments.filter((segment, i) => i === 0 || i === last || segment.length > 0), exact };
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

/** Where the segment ends when it stands at `at`; -1 when it doesn't. */
function matchAt(text: string, segment: Segment, at: number): number {
  if (typeof segment === 'string') return text.startsWith(segment, at) ? at + segment.length : -1;
  let end = at;
  for (const unit of segment) {
    if (end >= text.length) return -1;
    const actual = text.charCodeAt(end++);
    if (unit === ANY) {
      if (isHigh(actual)) end++;
    } else if (unit !== actual) {
      return -1;
    }
  }
  return end;
}

/** Where the segment begins when it ends at `end`; -1 when it doesn't. */
function matchBefore(text: string, segment: Segment, end: number): number {
  if (typeof segment === 'string') return text.endsWith(segment) ? end - segment.length : -1;
  let at = end;
  for (let i = segment.length - 1; i >= 0; i--) {
    if (at <= 0) return -1;
    const actual = text.charCodeAt(--at);
    const unit = segment[i];
    if (unit === ANY) {
      if (isLow(actual)) at--;
    } else if (unit !== actual) {
      return -1;
    }
  }
  return at;
}

/** Where the first occurrence of the segment from `at` on ends; -1 when there is none. */
function find(text: string, segment: Segment, at: number): number {
  if (typeof segment === 'string') {
    const found = text.indexOf(segment, at);
    return found < 0 ? -1 : found + segment.length;
  }
  for (let start = at; start + segment.length <= text.length; start++) {
    const end = matchAt(text, segment, start);
    if (end >= 0) return end;
    if (isHigh(text.charCodeAt(start))) start++;
  }
  return -1;
}

/**
 * Each segment is taken at its first place, which never loses a match: time is the text's length times the longest segment with `_`.
 * @throws SqlError 22025
 */
export function matchesLike(text: string, pattern: LikePattern): boolean {
  const { segments, exact, dangling } = pattern;
  if (dangling !== undefined) {
    if (!matchesLike(text, dangling)) return false;
    throw new SqlError(SqlState.invalidEscapeSequence, 'LIKE pattern must not end with escape character');
  }
  const first = segments[0] ?? '';
  let at = matchAt(text, first, 0);
  if (exact) return at === text.length;
  if (at < 0) return false;
  const last = segments.length - 1;
  const end = matchBefore(text, segments[last] ?? '', text.length);
  if (end < at) return false;
  for (let i = 1; i < last; i++) {
    at = find(text, segments[i] ?? '', at);
    if (at < 0) return false;
  }
  return at <= end;
}

function liking(expected: boolean): () => ScalarFunction {
  return () => {
    const cache = new PatternCache(compileLike);
    return (text: string, pattern: string) => matchesLike(text, cache.get(pattern)) === expected;
  };
}

function likingAnyCase(expected: boolean): () => ScalarFunction {
  return () => {
    const cache = new PatternCache((pattern: string) => compileLike(lowerCase(pattern)));
    return (text: string, pattern: string) => matchesLike(lowerCase(text), cache.get(pattern)) === expected;
  };
}

/** bytea LIKE: bytes as Latin-1 characters, one unit each. */
function likingBytes(expected: boolean): () => ScalarFunction {
  return () => {
    const cache = new PatternCache(compileLike);
    return (bytes: Uint8Array, pattern: Uint8Array) => matchesLike(latin1(bytes), cache.get(latin1(pattern))) === expected;
  };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/**
 * A pattern with another escape character, rewritten with the backslash.
 * @throws SqlError 22025 when the escape is longer than a character
 */
export function likeEscape(pattern: string, escapeText: string): string {
  if (escapeText === '\\') return pattern;
  if (escapeText === '') return pattern.replaceAll('\\', '\\\\');
  if ([...escapeText].length > 1) {
    throw new SqlError(SqlState.invalidEscapeSequence, 'invalid escape string', { hint: 'Escape string must be empty or one character.' });
  }
  let result = '';
  let escaped = false;
  for (const character of pattern) {
    if (character === escapeText && !escaped) {
      result += '\\';
      escaped = true;
    } else {
      result += character === '\\' && !escaped ? '\\\\' : character;
      escaped = false;
    }
  }
  return result;
}

const like = liking(true);
const notLike = liking(false);
const likeAnyCase = likingAnyCase(true);
const notLikeAnyCase = likingAnyCase(false);

export const likeFunctions: FunctionTable = {
  scalar: {
    like_escape: likeEscape,
    like_escape_bytea: (pattern: Uint8Array, escapeText: Uint8Array) =>
      Buffer.from(likeEscape(latin1(pattern), latin1(escapeText)), 'latin1'),
  },
  typed: {
    textlike: like,
    textnlike: notLike,
    texticlike: likeAnyCase,
    texticnlike: notLikeAnyCase,
    namelike: like,
    namenlike: notLike,
    nameiclike: likeAnyCase,
    nameicnlike: notLikeAnyCase,
    bytealike: likingBytes(true),
    byteanlike: likingBytes(false),
  },
};
