import type { RoutineDescriptor } from '../../../catalog/descriptors.js';
import { assert } from '../../../commons/assert.js';
import { placed } from '../../../commons/error-context.js';
import type { ParsedStatement } from '../../../planner/parse/ast.js';
import type { Parser } from '../../../planner/parse/parse.js';

/** The statements of a function in SQL. `text` is the whole code: their locations count in it. */
export interface SqlBody {
  readonly text: string;
  readonly statements: readonly ParsedStatement[];
}

const ATOMIC = /^\s*BEGIN\s+ATOMIC\s/i;
const END = /END\s*$/i;
const RETURN = /(^\s*|;\s*)RETURN(\s)/gi;

/** @throws SqlError 42601 … placed in the code */
export function parseBody({ source, body }: RoutineDescriptor, parser: Parser): SqlBody {
  const text = body === undefined ? source : readable(body);
  try {
    return { text, statements: parser.parse(text) };
  } catch (error) {
    throw placed(error, text);
  }
}

/** A standard body as statements, each at its place: RETURN x is SELECT x. */
function readable(body: string): string {
  const isBlock = ATOMIC.test(body);
  const plain = isBlock ? body.replace(ATOMIC, (all) => ' '.repeat(all.length)).replace(END, (all) => ' '.repeat(all.length)) : body;
  const text = plain.replace(RETURN, (_all, before: string, space: string) => `${before}SELECT${space}`);
  assert(text.length === body.length, 'places stay');
  return text;
}
