import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { ScalarFunction } from '../implementation.js';
import { PatternCache } from '../pattern-cache.js';
import { compileRegex } from '../regex/compile.js';
import { DEFAULT_OPTIONS } from '../regex/syntax.js';
import type { FunctionTable } from '../table.js';

/** `%` and `_` are wild, `. ^ $ \` plain characters; the rest is as in regular expressions. */
const TRANSLATED: Readonly<Record<string, string>> = { '%': '.*', _: '.', '(': '(?:', '.': '\\.', '^': '\\^', $: '\\$', '\\': '\\\\' };
/** Between the three parts of SUBSTRING … SIMILAR: the first prefers its shortest match, the second its longest. */
const SEPARATORS: readonly string[] = ['){1,1}?(', '){1,1}(?:'];

/**
 * A SQL regular expression (SIMILAR TO) as an ARE. An escape of undefined is the backslash; '' is none.
 * @throws SqlError 22025, 2200C
 */
export function similarToRegex(pattern: string, escapeText: string | undefined): string {
  const escapeCharacter = escapeText ?? '\\';
  if ([...escapeCharacter].length > 1) {
    throw new SqlError(SqlState.invalidEscapeSequence, 'invalid escape string', { hint: 'Escape string must be empty or one character.' });
  }
  let result = '^(?:';
  let escaped = false;
  let inBracket = false;
  let separators = 0;
  for (const character of pattern) {
    if (escaped) {
      escaped = false;
      if (character === '"' && !inBracket) {
        const separator = SEPARATORS[separators++];
        if (separator === undefined) {
          throw new SqlError(
            SqlState.invalidUseOfEscapeCharacter,
            'SQL regular expression may not contain more than two escape-double-quote separators',
          );
        }
        result += separator;
      } else {
        result += `\\${character}`;
      }
    } else if (character === escapeCharacter) {
      escaped = true;
    } else if (inBracket) {
      result += character === '\\' ? '\\\\' : character;
      if (character === ']') inBracket = false;
    } else {
      inBracket = character === '[';
      result += TRANSLATED[character] ?? character;
    }
  }
  return `${result})$`;
}

/**
 * substring(text similar pattern escape …). The regular expression that PostgreSQL makes relies on `(…){1,1}?` preferring the shortest match
 * of everything within; RE2 looks at each quantifier, so those of the first part are made lazy one by one.
 */
function compileSubstring(pattern: string): ReturnType<typeof compileRegex> {
  const [first, rest] = splitOnce(pattern, SEPARATORS[0] ?? '');
  if (rest === undefined) return compileRegex(pattern, DEFAULT_OPTIONS);
  const lazy = first.replace(/(\\.|\[[^\]]*\]|[^\\[])([*+?]|\{\d+,\d*\})(?![?:])/g, '$1$2?');
  return compileRegex(`${lazy}){1,1}(${rest}`, DEFAULT_OPTIONS);
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** In PostgreSQL it is a function in SQL, which its errors tell. */
function inFunction(translate: () => string): string {
  try {
    return translate();
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    throw error.withDefaults({ where: 'SQL function "substring" statement 1' });
  }
}

function similarSubstring(): ScalarFunction {
  const cache = new PatternCache(compileSubstring);
  return (text: string, pattern: string, escapeText: string) => {
    const regex = cache.get(inFunction(() => similarToRegex(pattern, escapeText)));
    const matcher = regex.program.matcher(text);
    return matcher.find() ? matcher.group(regex.groups > 0 ? 1 : 0) : null;
  };
}

export const similarFunctions: FunctionTable = {
  scalar: {
    similar_to_escape_1: (pattern: string) => similarToRegex(pattern, undefined),
    similar_to_escape_2: (pattern: string, escapeText: string) => similarToRegex(pattern, escapeText),
    /** The older form: a NULL escape is the backslash. */
    similar_escape: (pattern: string | null, escapeText: string | null) =>
      pattern === null ? null : similarToRegex(pattern, escapeText ?? undefined),
  },
  typed: {
    'substring(text,text,text)': similarSubstring,
  },
};
