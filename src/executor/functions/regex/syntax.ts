/**
 * Life of a regular expression: PostgreSQL's ARE text is parsed (parser, with bracket expressions and escapes in files of their own) into
 * the tree below; translate writes it as RE2 syntax and decides on PostgreSQL's matching rule; compile makes the program that matches in
 * linear time; functions.ts are the SQL functions over it. Back-references and look-ahead have no linear-time form: backtrack tries them out.
 */
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';

export type RegexNode =
  | { readonly kind: 'alternation'; readonly branches: readonly RegexNode[] }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  /** `exact` is written {m}: then it has its atom's greediness. */
  | {
      readonly kind: 'quantified';
      readonly atom: RegexNode;
      readonly min: number;
      /** Infinity: no limit. */
      readonly max: number;
      readonly lazy: boolean;
      readonly exact: boolean;
    }
  | { readonly kind: 'group'; readonly capturing: boolean; readonly body: RegexNode }
  | { readonly kind: 'lookbehind'; readonly negative: boolean; readonly body: RegexNode }
  | { readonly kind: 'lookahead'; readonly negative: boolean; readonly body: RegexNode }
  | { readonly kind: 'backreference'; readonly group: number }
  /** One character or a set of them, already in RE2's syntax. */
  | { readonly kind: 'atom'; readonly text: string }
  /** An assertion of no width, already in RE2's syntax. */
  | { readonly kind: 'constraint'; readonly text: string };

/** What flags and embedded options say. */
export interface RegexOptions {
  readonly ignoreCase: boolean;
  /** `.` and negated brackets don't match a newline. */
  readonly newlineStops: boolean;
  /** `^` and `$` match at lines. */
  readonly newlineAnchors: boolean;
  /** White space and comments don't count. */
  readonly expanded: boolean;
  /** The pattern is a plain string. */
  readonly literal: boolean;
}

export const DEFAULT_OPTIONS: RegexOptions = Object.freeze({
  ignoreCase: false,
  newlineStops: false,
  newlineAnchors: false,
  expanded: false,
  literal: false,
});

/** 2201B with one of PostgreSQL's texts. */
export function invalidRegex(reason: string): SqlError {
  return new SqlError(SqlState.invalidRegularExpression, `invalid regular expression: ${reason}`);
}

export function unsupportedRegex(what: string): SqlError {
  return new SqlError(SqlState.featureNotSupported, `${what} in regular expressions are not supported`, {
    hint: 'Regular expressions are matched in linear time, which these would not allow.',
  });
}

/** One option letter; undefined when there is no such option. */
export function withOption(options: RegexOptions, letter: string): RegexOptions | undefined {
  switch (letter) {
    case 'i':
      return { ...options, ignoreCase: true };
    case 'c':
      return { ...options, ignoreCase: false };
    case 'n':
    case 'm':
      return { ...options, newlineStops: true, newlineAnchors: true };
    case 'p':
      return { ...options, newlineStops: true, newlineAnchors: false };
    case 's':
      return { ...options, newlineStops: false, newlineAnchors: false };
    case 'w':
      return { ...options, newlineStops: false, newlineAnchors: true };
    case 'x':
      return { ...options, expanded: true };
    case 't':
      return { ...options, expanded: false };
    case 'q':
      return { ...options, literal: true };
    case 'e':
      return { ...options, literal: false };
    case 'b':
      throw unsupportedRegex('basic regular expressions (option "b")');
    default:
      return undefined;
  }
}
