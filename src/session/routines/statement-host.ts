import type { RelationDescriptor, RoutineDescriptor } from '../../catalog/descriptors.js';
import { assert } from '../../commons/assert.js';
import { placed } from '../../commons/error-context.js';
import type { Oid } from '../../commons/ids.js';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import { type Notice, notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { CallTypes } from '../../executor/functions/implementation.js';
import { languageNamed } from '../../executor/routines/languages.js';
import type { CompileContext, CompiledRoutine, RoutineCall } from '../../executor/routines/routine.js';
import type {
  CursorOptions,
  ExpressionScope,
  FetchResult,
  RoutineStack,
  RoutineStatement,
  RunningStatement,
  StatementHost,
  StatementSource,
  SubTransaction,
} from '../../executor/routines/statements.js';
import { drive, type Waiting, wait } from '../../executor/waiting.js';
import type { ResultColumn } from '../../planner/bind/logical.js';
import type { FetchStatement, ParsedStatement, Statement } from '../../planner/parse/ast.js';
import type { Row, SqlValue } from '../../types/value.js';
import { callCommand } from '../commands/call-command.js';
import { fetchRows, openCursor } from '../commands/cursor-commands.js';
import { doCommand } from '../commands/do-command.js';
import { isUtilityStatement, selectInto, utilityCommand } from '../commands/utility-command.js';
import type { OpenedStatement } from '../opened-statement.js';
import { currentPlan, openQuery } from '../run/open-query.js';
import { openStatement } from '../run/open-statement.js';
import type { SessionCore } from '../session-core.js';
import { CachedStatement } from '../statement/cached-statement.js';
import { commandTag } from './command-tag.js';
import { ExpressionContext } from './routine-context.js';
import { StackOfRoutines } from './routine-stack.js';
import { StatementUnderWay } from './running-statement.js';

/** A routine's statement: the session's own kind, with the routine's names. */
class StatementOfRoutine implements RoutineStatement {
  readonly cached: CachedStatement;

  constructor(cached: CachedStatement) {
    this.cached = cached;
  }

  get text(): string {
    return this.cached.parsed.text;
  }
  get statement(): Statement {
    return this.cached.parsed.statement;
  }
  get isQuery(): boolean {
    return this.cached.isQuery;
  }
}

/** What one session's routines run statements through. */
export class HostOfSession implements StatementHost {
  readonly #core: SessionCore;
  readonly stack: RoutineStack;
  #portals = 0;

  constructor(core: SessionCore) {
    this.#core = core;
    this.stack = new StackOfRoutines(core);
  }

  prepare({ text, statement, paramTypes, variables, searchPath, results }: StatementSource): RoutineStatement {
    const parsed = statement === undefined ? this.#parse(text) : { statement, text, offset: 0 };
    const scope = { variables, searchPath, results };
    return new StatementOfRoutine(new CachedStatement(parsed, paramTypes, true, scope));
  }

  dynamic(text: string, paramTypes: readonly Oid[]): RoutineStatement {
    try {
      const { statements } = this.#core.server.statements.prepared(text, paramTypes);
      const [only] = statements;
      if (only === undefined || statements.length > 1) throw notOne(statements.length);
      return new StatementOfRoutine(only);
    } catch (error) {
      throw placed(error, text);
    }
  }

  #parse(text: string): ParsedStatement {
    try {
      const parsed = this.#core.server.parser.parse(text);
      const [only] = parsed;
      if (only === undefined || parsed.length > 1) throw notOne(parsed.length);
      return { ...only, text };
    } catch (error) {
      throw placed(error, text);
    }
  }

  describe(statement: RoutineStatement): readonly ResultColumn[] | undefined {
    const { cached } = own(statement);
    if (!cached.isQuery) return undefined;
    try {
      const { columns, query } = currentPlan(this.#core, cached);
      return columns.length === 0 && query.command !== 'SELECT' && query.command !== 'VALUES' ? undefined : columns;
    } catch (error) {
      throw placed(error, statement.text);
    }
  }

  requireReadOnly(statement: RoutineStatement): void {
    requireReadOnly(own(statement).cached, this.#core);
  }

  open(statement: RoutineStatement, params: readonly SqlValue[], call: RoutineCall): MaybePromise<RunningStatement> {
    const { cached } = own(statement);
    try {
      const opening = this.#open(cached, params, call);
      if (!(opening instanceof Promise)) return new StatementUnderWay(opening, statement.text);
      return opening.then(
        (opened) => new StatementUnderWay(opened, statement.text),
        (error: unknown) => {
          throw placed(error, statement.text);
        },
      );
    } catch (error) {
      throw placed(error, statement.text);
    }
  }

  #open(cached: CachedStatement, params: readonly SqlValue[], call: RoutineCall): MaybePromise<OpenedStatement> {
    const core = this.#core;
    core.interrupt.check();
    if (call.isReadOnly) requireReadOnly(cached, core);
    if (cached.isQuery) return openQuery(core, cached, params, [], call.isReadOnly ? call.cx.view : undefined);
    const { statement } = cached.parsed;
    const own = { types: cached.paramTypes, values: params, scope: cached.scope };
    if (statement.type === 'do') return drive(doCommand(statement, core, call.isAtomic));
    if (statement.type === 'call') return drive(callCommand(statement, core, own, call.isAtomic));
    const utility = statement.type === 'select' ? selectInto(statement) : statement;
    if (utility !== undefined && isUtilityStatement(utility)) return drive(utilityCommand(utility, core, true, own));
    return openStatement(core, cached, params, [], true);
  }

  evaluate(statement: RoutineStatement, params: readonly SqlValue[], call: RoutineCall): MaybePromise<SqlValue> {
    const { cached } = own(statement);
    try {
      const plan = currentPlan(this.#core, cached);
      const value = plan.compiled.onlyValue;
      if (value === undefined) return this.#evaluateLate(statement, params, call);
      const cx = new ExpressionContext(this.#core, params, call.isReadOnly ? call.cx.view : undefined);
      try {
        return value(cx);
      } finally {
        cx.release();
      }
    } catch (error) {
      throw placed(error, statement.text);
    }
  }

  /** Through the operators, as any statement. */
  #evaluateLate(statement: RoutineStatement, params: readonly SqlValue[], call: RoutineCall): MaybePromise<SqlValue> {
    return drive(onlyValue(this.open(statement, params, call)));
  }

  *openCursor(
    name: string | undefined,
    statement: RoutineStatement,
    params: readonly SqlValue[],
    options: CursorOptions,
    call: RoutineCall,
  ): Waiting<string> {
    const core = this.#core;
    const { cached } = own(statement);
    let chosen = name;
    while (chosen === undefined) {
      const made = `<unnamed portal ${++this.#portals}>`;
      if (core.portals.find(made) === undefined) chosen = made;
    }
    yield* openCursor(core, chosen, cached, params, options.scroll, call.isReadOnly ? call.cx.view : undefined);
    return chosen;
  }

  *fetch(name: string, fetch: Pick<FetchStatement, 'direction' | 'count' | 'move'>): Waiting<FetchResult> {
    const rows: Row[] = [];
    const { portal, moved } = yield* fetchRows({ type: 'fetch', cursor: name, ...fetch }, this.#core, rows);
    return { columns: portal.columns ?? [], rows, moved };
  }

  closeCursor(name: string): void {
    this.#core.portals.cursor(name);
    this.#core.portals.close(name);
  }

  hasCursor(name: string): boolean {
    return name !== '' && this.#core.portals.find(name) !== undefined;
  }

  beginSub(): SubTransaction {
    return this.#core.block.beginSub() as SubTransaction;
  }

  releaseSub(sub: SubTransaction): void {
    this.#core.block.releaseSub(sub);
  }

  rollbackSub(sub: SubTransaction): void {
    this.#core.block.rollbackSub(sub);
  }

  commit(chain: boolean, call: RoutineCall): Waiting<void> {
    return this.#end('commit', chain, call);
  }

  rollback(chain: boolean, call: RoutineCall): Waiting<void> {
    return this.#end('rollback', chain, call);
  }

  *#end(how: 'commit' | 'rollback', chain: boolean, call: RoutineCall): Waiting<void> {
    if (call.isAtomic) throw new SqlError(SqlState.invalidTransactionTermination, 'invalid transaction termination');
    const ending = this.#core.block.endInRoutine(how, chain);
    if (ending !== undefined) yield* wait(ending);
    this.#core.limitWaits();
  }

  setting(name: string): string | undefined {
    return this.#core.services.getSetting(name, true);
  }

  notice(notice: Notice): Promise<void> | undefined {
    this.#core.notice(notice);
    return this.#core.output.drain();
  }

  compiled(
    routine: RoutineDescriptor,
    key: string,
    types: CallTypes,
    trigger?: { readonly relation: RelationDescriptor },
  ): CompiledRoutine {
    const known = this.#core.server.routines.of(this.#core.environment());
    let compiled = known.get(key);
    if (compiled === undefined) {
      const language = languageNamed(routine.language);
      if (language === undefined) throw notSupported(`language ${routine.language}`);
      compiled = language.compile(routine, types, { ...this.compileContext(), trigger });
      known.set(key, compiled);
    }
    return compiled;
  }

  expressionScope(params: readonly SqlValue[], call: RoutineCall): ExpressionScope {
    return new ExpressionContext(this.#core, params, call.isReadOnly ? call.cx.view : undefined);
  }

  compileContext(): CompileContext {
    const core = this.#core;
    return {
      catalog: core.catalog(),
      planner: core.plannerContext([], true),
      library: core.server.compile.library,
      statements: this,
    };
  }
}

function own(statement: RoutineStatement): StatementOfRoutine {
  assert(statement instanceof StatementOfRoutine, 'a statement that this host prepared');
  return statement;
}

function notOne(count: number): SqlError {
  return count === 0
    ? new SqlError(SqlState.syntaxError, 'query is empty')
    : new SqlError(SqlState.syntaxError, 'cannot run multiple commands as one statement');
}

/** @throws SqlError 0A000 */
function requireReadOnly(cached: CachedStatement, core: SessionCore): void {
  const changes = cached.isQuery ? changesRows(currentPlan(core, cached).query) : !READS.has(cached.parsed.statement.type);
  if (!changes) return;
  throw new SqlError(SqlState.featureNotSupported, `${commandTag(cached.parsed.statement)} is not allowed in a non-volatile function`);
}

function changesRows({ writes, command }: { readonly writes: readonly Oid[]; readonly command: string }): boolean {
  return writes.length > 0 || (command !== 'SELECT' && command !== 'VALUES');
}

const READS: ReadonlySet<Statement['type']> = new Set<Statement['type']>(['explain', 'show', 'fetch']);

function* onlyValue(opening: MaybePromise<RunningStatement>): Waiting<SqlValue> {
  const running = yield* wait(opening);
  try {
    const columns = running.columns?.length ?? 0;
    if (columns !== 1) throw new SqlError(SqlState.syntaxError, `query returned ${columns} column${columns === 1 ? '' : 's'}`);
    let only: Row | undefined;
    for (let batch = yield* wait(running.next()); batch !== null; batch = yield* wait(running.next())) {
      if (only !== undefined || batch.length > 1) throw new SqlError(SqlState.cardinalityViolation, 'query returned more than one row');
      only = batch[0];
    }
    return only?.[0] ?? null;
  } finally {
    running.close();
  }
}
