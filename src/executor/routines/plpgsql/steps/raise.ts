import { sqlStateCode, sqlStatesOf } from '../../../../commons/condition-names.js';
import { type Notice, SqlError, type SqlErrorFields } from '../../../../commons/sql-error.js';
import { SqlState, type SqlStateCode } from '../../../../commons/sqlstates.js';
import type { Raise, RaiseLevel, RaiseOption } from '../../../../planner/parse/plpgsql/ast.js';
import { TypeOid } from '../../../../types/oids.js';
import { type Waiting, wait } from '../../../waiting.js';
import type { Activation } from '../activation.js';
import { wholeContext } from '../context.js';
import { Expression } from '../expression.js';
import { type Completion, Done, type Step } from '../step.js';
import { evaluated } from './plain.js';

export function compileRaise(statement: Raise): Step {
  const { line, level, condition, message } = statement;
  const args = statement.args.map((sql) => new Expression(sql));
  const options = statement.options.map(({ option, expr }) => ({ option, expression: new Expression(expr) }));
  const isAgain = condition === undefined && message === undefined && options.length === 0;
  return { line, title: 'RAISE', run };

  function* run(a: Activation): Waiting<Completion> {
    if (isAgain && level === 'EXCEPTION') throw again(a);
    const given: Partial<Record<RaiseOption, string>> = {};
    let text = message === undefined ? undefined : yield* formatted(message, args, a);
    for (const { option, expression } of options) {
      const value = yield* textOf(expression, a);
      if (value === null) throw new SqlError(SqlState.nullValueNotAllowed, 'RAISE statement option cannot be null');
      const isTwice =
        option === 'message' ? text !== undefined : given[option] !== undefined || (option === 'errcode' && condition !== undefined);
      if (isTwice) throw new SqlError(SqlState.syntaxError, `RAISE option already specified: ${option.toUpperCase()}`);
      if (option === 'message') text = value;
      else given[option] = value;
    }
    const code = codeOf(given.errcode ?? condition, level);
    const words = text ?? (condition !== undefined ? condition : given.errcode !== undefined ? given.errcode : code);
    if (level === 'EXCEPTION') throw new SqlError(code, words, fieldsOf(given));
    const { statements } = a.call;
    const congested = statements.notice(noticeOf(level, code, words, given, a));
    if (congested !== undefined && statements.stack.synchronous === 0) yield* wait(congested);
    return Done.next;
  }
}

/** @throws SqlError 0Z002 where there is nothing to raise again */
function again(a: Activation): SqlError {
  if (a.caught === undefined) {
    return new SqlError(SqlState.stackedDiagnosticsWithoutHandler, 'RAISE without parameters cannot be used outside an exception handler');
  }
  a.rethrown = a.caught.error;
  return a.caught.error;
}

/** % stands for the next argument, %% for itself. */
function* formatted(format: string, args: readonly Expression[], a: Activation): Waiting<string> {
  let text = '';
  let next = 0;
  for (let at = 0; at < format.length; at++) {
    const char = format[at];
    if (char !== '%') {
      text += char;
    } else if (format[at + 1] === '%') {
      text += '%';
      at++;
    } else {
      const expression = args[next++];
      if (expression !== undefined) text += (yield* textOf(expression, a)) ?? '<NULL>';
    }
  }
  return text;
}

function* textOf(expression: Expression, a: Activation): Waiting<string | null> {
  const value = yield* evaluated(expression, a);
  if (value === null || (typeof value === 'string' && expression.type === TypeOid.text)) return value;
  return a.casts.text(value, expression.type);
}

/** @throws SqlError 42704 */
function codeOf(condition: string | undefined, level: RaiseLevel): SqlStateCode {
  if (condition !== undefined) {
    if (/^[0-9A-Z]{5}$/.test(condition)) return sqlStateCode(condition);
    const [code] = sqlStatesOf(condition) ?? [];
    if (code === undefined) throw new SqlError(SqlState.undefinedObject, `unrecognized exception condition "${condition}"`);
    return sqlStateCode(code);
  }
  if (level === 'EXCEPTION') return SqlState.raiseException;
  return level === 'WARNING' ? SqlState.warning : SqlState.successfulCompletion;
}

function fieldsOf(given: Partial<Record<RaiseOption, string>>): SqlErrorFields {
  const { detail, hint, column, constraint, datatype, table, schema } = given;
  return {
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...(column === undefined ? {} : { column }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(datatype === undefined ? {} : { dataType: datatype }),
    ...(table === undefined ? {} : { table }),
    ...(schema === undefined ? {} : { schema }),
  };
}

function noticeOf(
  level: Exclude<RaiseLevel, 'EXCEPTION'>,
  code: SqlStateCode,
  message: string,
  given: Partial<Record<RaiseOption, string>>,
  a: Activation,
): Notice {
  const { detail, hint } = given;
  return {
    severity: level,
    code,
    message,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    where: wholeContext(a),
  };
}
