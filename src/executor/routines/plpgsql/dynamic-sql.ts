import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { tokenize } from '../../../planner/parse/tokens.js';
import { TypeOid } from '../../../types/oids.js';
import type { SqlValue } from '../../../types/value.js';
import type { Waiting } from '../../waiting.js';
import type { RoutineStatement } from '../statements.js';
import type { Activation } from './activation.js';
import type { Expression } from './expression.js';
import { contextLine, explainSqlError } from './sql-context.js';
import { evaluated } from './steps/plain.js';

/** A text that EXECUTE has computed, with what USING gives. */
export interface DynamicSql {
  readonly text: string;
  readonly types: readonly Oid[];
  readonly values: readonly SqlValue[];
  readonly line: string;
  explain(error: unknown): unknown;
}

/** @throws SqlError 22004 */
export function* dynamicSql(query: Expression, using: readonly Expression[], a: Activation): Waiting<DynamicSql> {
  const value = yield* evaluated(query, a);
  if (value === null) throw new SqlError(SqlState.nullValueNotAllowed, 'query string argument of EXECUTE is null');
  const text = String(a.casts.cast(value, query.type, query.typmod, TypeOid.text, -1));
  const types: Oid[] = [];
  const values: SqlValue[] = [];
  for (const expression of using) {
    values.push(yield* evaluated(expression, a));
    types.push(expression.type === TypeOid.unknown ? TypeOid.text : expression.type);
  }
  return {
    text,
    types,
    values,
    line: contextLine('statement', text),
    explain: (error) => explainSqlError(error, 'statement', text, text, 0),
  };
}

/** @throws SqlError 42601 …, told with the text */
export function prepareDynamic({ text, types, explain }: DynamicSql, a: Activation): RoutineStatement {
  const { statements } = a.call;
  try {
    // Transition tables are the trigger's own: its texts are nobody else's.
    return statements.stack.transitions === undefined ? statements.dynamic(text, types) : statements.prepare({ text, paramTypes: types });
  } catch (error) {
    throw explain(error);
  }
}

/** The statements of the text: usually one. @throws SqlError 0A000 for those that EXECUTE may not run */
export function statementsOf(dynamic: DynamicSql, a: Activation): readonly RoutineStatement[] {
  const { text, types, explain } = dynamic;
  if (text.includes('$')) requireParameters(text, types.length, explain);
  if (!text.includes(';')) return [checked(prepareDynamic(dynamic, a))];
  let pieces: readonly { readonly text: string }[];
  try {
    pieces = a.compile.planner.parser.parse(text);
  } catch (error) {
    throw explain(error);
  }
  if (pieces.length === 1) return [checked(prepareDynamic(dynamic, a))];
  return pieces.map((piece) => checked(a.call.statements.dynamic(piece.text, types)));
}

/** @throws SqlError 42P02 for a $n that USING does not give */
function requireParameters(text: string, count: number, explain: (error: unknown) => unknown): void {
  for (const token of tokenize(text)) {
    if (token.kind !== 'parameter' || Number(token.text.slice(1)) <= count) continue;
    throw explain(new SqlError(SqlState.undefinedParameter, `there is no parameter ${token.text}`, { position: token.start }));
  }
}

function checked(made: RoutineStatement): RoutineStatement {
  const { statement } = made;
  if (statement.type === 'select' && statement.into !== undefined) {
    throw new SqlError(SqlState.featureNotSupported, 'EXECUTE of SELECT ... INTO is not implemented', {
      hint: 'You might want to use EXECUTE ... INTO or EXECUTE CREATE TABLE ... AS instead.',
    });
  }
  if (statement.type === 'transaction')
    throw new SqlError(SqlState.featureNotSupported, 'EXECUTE of transaction commands is not implemented');
  if (statement.type === 'copy' && statement.file === undefined) {
    throw new SqlError(SqlState.featureNotSupported, 'cannot COPY to/from client in PL/pgSQL');
  }
  return made;
}
