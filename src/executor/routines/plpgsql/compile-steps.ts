import type { PlStatement } from '../../../planner/parse/plpgsql/ast.js';
import type { Body } from './body.js';
import type { ResultForm } from './result-form.js';
import type { Step } from './step.js';
import { compileBlock } from './steps/block.js';
import { compileCall } from './steps/call.js';
import type { StepCompiler } from './steps/compiler.js';
import { compileClose, compileFetch, compileOpen } from './steps/cursors.js';
import { compileDiagnostics } from './steps/diagnostics.js';
import { compileForEach, compileForInteger, compileLoop, compileWhile } from './steps/loops.js';
import { compileAssert, compileAssign, compileCase, compileExit, compileIf, compilePerform } from './steps/plain.js';
import { compileRaise } from './steps/raise.js';
import { compileReturn, compileReturnNext, compileReturnQuery } from './steps/returns.js';
import { compileForCursor, compileForExecute, compileForQuery } from './steps/row-loops.js';
import { compileExecute, compileSql } from './steps/sql.js';
import { compileTransaction } from './steps/transaction.js';

type Compilers = {
  readonly [K in PlStatement['kind']]: (statement: Extract<PlStatement, { kind: K }>, compiler: StepCompiler) => Step;
};

const COMPILERS: Compilers = {
  block: compileBlock,
  assign: compileAssign,
  if: compileIf,
  case: compileCase,
  loop: compileLoop,
  while: compileWhile,
  'for integer': compileForInteger,
  'for query': compileForQuery,
  'for cursor': compileForCursor,
  'for execute': compileForExecute,
  foreach: compileForEach,
  exit: compileExit,
  return: compileReturn,
  'return next': compileReturnNext,
  'return query': compileReturnQuery,
  raise: compileRaise,
  assert: compileAssert,
  sql: compileSql,
  execute: compileExecute,
  perform: compilePerform,
  call: compileCall,
  'get diagnostics': compileDiagnostics,
  open: compileOpen,
  fetch: compileFetch,
  close: compileClose,
  commit: compileTransaction,
  rollback: compileTransaction,
};

/** A body's statements, ready to run. */
export function compileSteps(statements: readonly PlStatement[], body: Body, result: ResultForm): readonly Step[] {
  const compiler: StepCompiler = {
    body,
    result,
    steps: (inner) => inner.map((statement) => dispatch(statement.kind, statement, compiler)),
  };
  return compiler.steps(statements);
}

function dispatch<K extends PlStatement['kind']>(kind: K, statement: Extract<PlStatement, { kind: K }>, compiler: StepCompiler): Step {
  return COMPILERS[kind](statement, compiler);
}
