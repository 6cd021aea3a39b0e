/**
 * PL/pgSQL's own grammar: the text between the quotes of CREATE FUNCTION → tokens (the SQL scanner's) → statements with the variables that
 * they name; SQL within is kept as text, and shown to SQL's grammar for errors. Own, and not libpg-query's, since that gives no places for
 * errors, needs a whole CREATE FUNCTION, and knows no types.
 */
import type { PlFunction, VariableConflict } from './ast.js';
import { BodyReader, type DeclaredTypes, type ResultRules } from './body-reader.js';
import { readBlock, readStatements } from './statements.js';

/** An error of the body that has no place in it. */
export class BodyError {
  readonly error: unknown;
  /** How far it was read. */
  readonly line: number;
  constructor(error: unknown, line: number) {
    this.error = error;
    this.line = line;
  }
}

/**
 * @param prepare makes what is there before the body: parameters, FOUND, a trigger's variables; and says what RETURN may say
 * @throws BodyError
 */
export function readBody(text: string, types: DeclaredTypes, prepare: (reader: BodyReader) => ResultRules): PlFunction {
  const reader = new BodyReader(text, types, readStatements);
  try {
    reader.rules = prepare(reader);
    const options = readOptions(reader);
    const label = reader.label();
    const body = readBlock(reader, label);
    reader.accept(';');
    if (!reader.stream.isEnd(reader.stream.peek())) {
      reader.stream.next();
      throw reader.stream.syntaxError();
    }
    return { body, datums: reader.datums, ...options };
  } catch (error) {
    throw new BodyError(error, reader.stream.latestLine);
  }
}

interface Options {
  variableConflict?: VariableConflict;
  printStrictParams?: boolean;
}

/** `#option value` lines in front of the body. */
function readOptions(reader: BodyReader): Options {
  const options: Options = {};
  const { stream } = reader;
  while (stream.peek().text === '#') {
    stream.next();
    if (reader.accept('option')) {
      reader.expect('dump');
    } else if (reader.accept('print_strict_params')) {
      const { text } = stream.next();
      if (text !== 'on' && text !== 'off') {
        throw reader.stream.syntaxError();
      }
      options.printStrictParams = text === 'on';
    } else {
      reader.expect('variable_conflict');
      const { text } = stream.next();
      if (text !== 'error' && text !== 'use_variable' && text !== 'use_column') throw stream.syntaxError();
      options.variableConflict = text;
    }
  }
  return options;
}
