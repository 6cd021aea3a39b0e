import { literal } from './literal.js';

/** A query as text, or as a query builder has compiled it (Kysely: `sql`, `parameters`; Drizzle: `sql`, `params`). */
export type LiveStatement =
  | string
  | { readonly sql: string; readonly parameters?: readonly unknown[]; readonly params?: readonly unknown[] }
  /** Kysely's builders. */
  | { compile(): { readonly sql: string; readonly parameters: readonly unknown[] } }
  /** Drizzle's. */
  | { toSQL(): { readonly sql: string; readonly params: readonly unknown[] } };

/** The statement as one text with its parameters in it: LISTEN takes none. @throws Error for a parameter that is not given, or can't be */
export function statementText(statement: LiveStatement, parameters: readonly unknown[] = []): string {
  if (typeof statement === 'string') return withParameters(statement, parameters);
  if ('compile' in statement) return statementText(statement.compile());
  if ('toSQL' in statement) return statementText(statement.toSQL());
  return statementText(statement.sql, statement.parameters ?? statement.params ?? []);
}

/**
 * What is no place for a parameter: names (which may have a $ in them), strings (E'…' with backslashes), quoted names, dollar-quoted texts,
 * comments to the line's end and where nested ones begin; and the parameters themselves.
 */
const PIECES =
  /[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*|\$(\d+)/g;

function withParameters(text: string, parameters: readonly unknown[]): string {
  let result = '';
  let done = 0;
  PIECES.lastIndex = 0;
  for (let match = PIECES.exec(text); match !== null; match = PIECES.exec(text)) {
    if (match[0] === '/*') PIECES.lastIndex = commentEnd(text, match.index);
    const number = match[2];
    if (number === undefined) continue;
    if (Number(number) < 1 || Number(number) > parameters.length) throw new Error(`parameter $${number} is not given`);
    const before = text.slice(done, match.index);
    // Apart from what stands before: U& and E say something of the literal behind them.
    result += `${before}${/[\s(,=]$/.test(before) ? '' : ' '}${literal(parameters[Number(number) - 1])}`;
    done = PIECES.lastIndex;
  }
  return result + text.slice(done);
}

/** Comments nest. */
function commentEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const two = text.slice(at, at + 2);
    if (two === '/*') depth++;
    else if (two === '*/') depth--;
    else continue;
    at++;
    if (depth === 0) return at + 1;
  }
  return text.length;
}
