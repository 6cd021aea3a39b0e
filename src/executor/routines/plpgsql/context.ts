import { withContext } from '../../../commons/error-context.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Activation } from './activation.js';
import { placeOf } from './place.js';

/** All lines of context from here outwards. */
export function wholeContext(a: Activation): string {
  const { frames } = a.call.statements.stack;
  const lines: string[] = [];
  for (let i = frames.length - 1; i >= 0; i--) lines.push(...(frames[i]?.context() ?? []));
  return lines.join('\n');
}

/** An error on its way out of the activation. */
export function leaving(thrown: unknown, a: Activation): unknown {
  if (thrown === a.rethrown) return thrown;
  const error = toSqlError(thrown);
  return error instanceof SqlError ? withContext(error, placeOf(a)) : error;
}

/** JavaScript's stack is out: an error that a user can cause. */
export function toSqlError(thrown: unknown): unknown {
  if (!(thrown instanceof RangeError) || !thrown.message.includes('call stack')) return thrown;
  return new SqlError(SqlState.statementTooComplex, 'stack depth limit exceeded', {
    hint: 'Increase the configuration parameter "max_stack_depth" (currently 2048kB), after ensuring the platform\'s stack depth limit is adequate.',
  });
}
