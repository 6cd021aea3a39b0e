import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { ListenOption, ParsedStatement } from './ast.js';
import { type Token, tokenize } from './tokens.js';

/** LISTEN and UNLISTEN as PostgreSQL's grammar does not read them: names that are longer than an identifier, and options. */
const MAY_HAVE_MORE = /\b(?:un)?listen\s+"[^;]{64}|\blisten\b[^;]*\bwith\s*\(/i;

interface Listen {
  readonly channel: string;
  readonly options: readonly ListenOption[];
}

/**
 * Reads the statements of a text by `read`, which is PostgreSQL's grammar, and LISTEN … WITH (…) and LISTEN "SELECT …" too: it is given the
 * same text with plain names in their places, so that all places stay what they are.
 * @throws SqlError 42601
 */
export function readListens(text: string, read: (text: string) => ParsedStatement[]): ParsedStatement[] {
  if (!MAY_HAVE_MORE.test(text)) return read(text);
  const listens = new Map<number, Listen>();
  let plain = text;
  for (const tokens of statementsOf(tokenize(text))) {
    const listen = listenOf(tokens, text);
    const [word, name] = tokens;
    const last = tokens[tokens.length - 1];
    if (listen === undefined || word === undefined || name === undefined || last === undefined) continue;
    listens.set(word.start, listen);
    plain = `${plain.slice(0, name.start)}x${' '.repeat(last.end - name.start - 1)}${plain.slice(last.end)}`;
  }
  return read(plain).map((parsed) => {
    const listen = listens.get(parsed.offset);
    const { statement } = parsed;
    if (listen === undefined) return { ...parsed, text: text.slice(parsed.offset, parsed.offset + parsed.text.length) };
    const end = endOf(text, parsed.offset);
    const own = { ...parsed, text: text.slice(parsed.offset, end).trim() };
    if (statement.type === 'unlisten') return { ...own, statement: { ...statement, channel: listen.channel } };
    return statement.type === 'listen' ? { ...own, statement: { ...statement, ...listen } } : own;
  });
}

function* statementsOf(tokens: readonly Token[]): Iterable<readonly Token[]> {
  let from = 0;
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'punctuation' || token.text !== ';') continue;
    if (i > from) yield tokens.slice(from, i);
    from = i + 1;
  }
  if (from < tokens.length) yield tokens.slice(from);
}

function endOf(text: string, from: number): number {
  return tokenize(text, from).find((token) => token.kind === 'punctuation' && token.text === ';')?.start ?? text.length;
}

function listenOf(tokens: readonly Token[], text: string): Listen | undefined {
  const [word, name, more] = tokens;
  if (word?.kind !== 'word' || (word.text !== 'listen' && word.text !== 'unlisten')) return undefined;
  if (name === undefined || (name.kind !== 'quoted' && name.kind !== 'word')) return undefined;
  const channel = name.kind === 'word' ? name.text : name.text.slice(1, -1).replaceAll('""', '"');
  if (more === undefined) return { channel, options: [] };
  if (word.text !== 'listen' || more.kind !== 'word' || more.text !== 'with') throw syntaxError(more, text);
  return { channel, options: optionsOf(tokens.slice(3), text) };
}

/** ( name [= value] [, …] ) */
function optionsOf(tokens: readonly Token[], text: string): readonly ListenOption[] {
  const options: ListenOption[] = [];
  let at = 0;
  const expect = (punctuation: string): boolean => tokens[at]?.text === punctuation && ++at > 0;
  const fail = (): SqlError => syntaxError(tokens[at], text);
  if (!expect('(')) throw fail();
  do {
    const name = tokens[at++];
    if (name?.kind !== 'word') throw syntaxError(name, text);
    let value = 'true';
    if (expect('=')) {
      const token = tokens[at++];
      if (token === undefined || (token.kind !== 'word' && token.kind !== 'string' && token.kind !== 'number'))
        throw syntaxError(token, text);
      value = token.kind === 'string' ? token.text.replace(/^'|'$/g, '').replaceAll("''", "'") : token.text;
    }
    options.push({ name: name.text, value, location: name.start });
  } while (expect(','));
  if (!expect(')') || at < tokens.length) throw fail();
  return options;
}

function syntaxError(token: Token | undefined, text: string): SqlError {
  if (token === undefined) return new SqlError(SqlState.syntaxError, 'syntax error at end of input', { position: text.length + 1 });
  return new SqlError(SqlState.syntaxError, `syntax error at or near "${text.slice(token.start, token.end)}"`, {
    position: token.start + 1,
  });
}
