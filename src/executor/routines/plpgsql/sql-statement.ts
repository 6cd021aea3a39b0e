import type { MaybePromise } from '../../../commons/maybe-promise.js';
import type { Statement } from '../../../planner/parse/ast.js';
import type { SqlText } from '../../../planner/parse/plpgsql/ast.js';
import type { Batch } from '../../context.js';
import { type Waiting, wait } from '../../waiting.js';
import type { RoutineStatement, RunningStatement } from '../statements.js';
import type { Activation } from './activation.js';
import { contextLine, explainSqlError } from './sql-context.js';
import { type ParsedSql, parseSql } from './sql-parse.js';
import { UsedVariables } from './used-variables.js';

/** SQL of a body that is run as a statement, with the variables as parameters. Prepared when it is first run. */
export class SqlStatement {
  readonly sql: SqlText;
  #parsed: ParsedSql | undefined;
  #prepared: { readonly statement: RoutineStatement; readonly variables: UsedVariables } | undefined;

  constructor(sql: SqlText) {
    this.sql = sql;
  }

  parse(a: Activation): Statement {
    try {
      this.#parsed ??= parseSql(this.sql, a.compile.planner.parser);
      return this.#parsed.statement;
    } catch (error) {
      throw explainSqlError(error, this.sql.mode, this.sql.text, this.sql.text, 0);
    }
  }

  get line(): string {
    return contextLine(this.sql.mode, this.sql.text);
  }

  /** The statement with the values that it is to be run with now. */
  prepare(a: Activation): { readonly statement: RoutineStatement; readonly values: ReturnType<UsedVariables['values']> } {
    let prepared = this.#prepared;
    if (prepared === undefined || !prepared.variables.stillHolds(a)) {
      const statement = this.parse(a);
      const variables = new UsedVariables(this.sql.names, a);
      const text = this.#parsed?.parsed ?? this.sql.text;
      const made = a.call.statements.prepare({ text, statement, paramTypes: a.body.paramTypes, variables });
      // Which fields of records it reads is known once it is planned.
      if (made.isQuery) a.call.statements.describe(made);
      else variables.noteFieldsIn(text);
      prepared = { statement: made, variables };
      this.#prepared = prepared;
    }
    return { statement: prepared.statement, values: prepared.variables.values(a) };
  }

  open(a: Activation): MaybePromise<RunningStatement> {
    const { statement, values } = this.prepare(a);
    return a.call.statements.open(statement, values, a.call);
  }

  /** Numbers of the variables that it uses, ascending. */
  usedScalars(): readonly number[] {
    return this.#prepared?.variables.usedScalars() ?? [];
  }

  explain(error: unknown): unknown {
    return explainSqlError(error, this.sql.mode, this.sql.text, this.#parsed?.parsed ?? this.sql.text, this.#parsed?.shift ?? 0);
  }
}

/** What is done with a running statement's rows. It may stop early by returning false. */
export type UseBatch = (batch: Batch, running: RunningStatement) => boolean;

/**
 * Runs a statement to its end, or until `use` has enough.
 * @param open starts it
 * @param line of context, while it runs
 * @param explain makes of an error of the statement what the user is told
 * @returns the statement, closed
 */
export function* runStatement(
  a: Activation,
  open: () => MaybePromise<RunningStatement>,
  line: string,
  explain: (error: unknown) => unknown,
  use: UseBatch,
): Waiting<RunningStatement> {
  a.sqlLine = line;
  let using = false;
  try {
    const opening = open();
    const running = opening instanceof Promise ? yield* wait(opening) : opening;
    try {
      for (;;) {
        const next = running.next();
        const batch = next instanceof Promise ? yield* wait(next) : next;
        if (batch === null) break;
        using = true;
        if (!use(batch, running)) break;
        using = false;
      }
    } finally {
      running.close();
    }
    return running;
  } catch (error) {
    throw using ? error : explain(error);
  } finally {
    a.sqlLine = undefined;
    a.statementEnded();
  }
}
