import { mayUseLanguage } from '../../catalog/born-privileges.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { callInline } from '../../executor/routines/call.js';
import { languageNamed } from '../../executor/routines/languages.js';
import type { CompiledRoutine } from '../../executor/routines/routine.js';
import type { Waiting } from '../../executor/waiting.js';
import type { DoStatement } from '../../planner/parse/ast.js';
import { DoneCommand, type OpenedStatement } from '../opened-statement.js';
import type { SessionCore } from '../session-core.js';
import { StatementContext } from '../statement-context.js';

/** DO. @param isAtomic the code may not end the transaction: in a block, or run by a function */
export function* doCommand(statement: DoStatement, core: SessionCore, isAtomic: boolean): Waiting<OpenedStatement> {
  const transaction = core.block.enter();
  const compiled = compileCode(statement, core);
  const view = transaction.view();
  try {
    yield* callInline(compiled, new StatementContext(core, transaction, view, [], [], undefined), isAtomic);
    return new DoneCommand('DO');
  } finally {
    // The code may have ended the transaction.
    if (core.block.transaction === transaction) view.release();
  }
}

/** @throws SqlError 42704, 0A000, and what the language says of the code */
function compileCode({ language: name = 'plpgsql', code, codeStart }: DoStatement, core: SessionCore): CompiledRoutine {
  const known = core
    .catalog()
    .builtin.languages()
    .find((candidate) => candidate.name === name);
  if (known === undefined) throw new SqlError(SqlState.undefinedObject, `language "${name}" does not exist`);
  if (!mayUseLanguage(core.catalog(), core.identity().currentRole, known))
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for language ${name}`);
  const language = languageNamed(name);
  if (language?.inline === undefined) {
    throw new SqlError(SqlState.featureNotSupported, `language "${name}" does not support inline code execution`);
  }
  try {
    return language.inline(code, { ...core.services.statements.compileContext(), sourceStart: codeStart });
  } catch (error) {
    throw error instanceof SqlError ? inStatement(error, code, codeStart) : error;
  }
}

/** A place in the code is shown in the statement that it is in. */
function inStatement(error: SqlError, code: string, codeStart: number | undefined): SqlError {
  const { internalPosition, internalQuery, ...fields } = error.fields;
  if (internalPosition === undefined || internalQuery !== code || codeStart === undefined) return error;
  return new SqlError(error.code, error.message, { ...fields, position: codeStart + internalPosition });
}
