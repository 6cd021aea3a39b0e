import type { MaybePromise } from '../commons/maybe-promise.js';
import { SqlError } from '../commons/sql-error.js';
import { SqlState } from '../commons/sqlstates.js';
import type { RowWriter } from '../wire/port.js';
import { FetchForward } from './commands/cursor-commands.js';
import { endsFailedBlock } from './commands/transaction-commands.js';
import type { CursorRows } from './cursor-rows.js';
import { type OpenedStatement, rowsOf } from './opened-statement.js';
import { utf8Params } from './param-encoding.js';
import { Portal } from './portals.js';
import { PreparedStatement } from './prepared-statements.js';
import type { ResultWriters } from './result-writers.js';
import { currentPlan } from './run/open-query.js';
import { commandColumns, commandParamTypes, openStatement } from './run/open-statement.js';
import { type ResultPosition, sendRows } from './run/send-rows.js';
import type { SessionCore } from './session-core.js';
import { describeColumns } from './statement/describe-columns.js';

const NO_LITERALS: readonly never[] = Object.freeze([]);

/** Parse, Bind, Describe, Execute over the session's prepared statements and portals. Every method throws or rejects with SqlError. */
export class ExtendedProtocol {
  readonly #core: SessionCore;
  readonly #writers: ResultWriters;

  constructor(core: SessionCore, writers: ResultWriters) {
    this.#core = core;
    this.#writers = writers;
  }

  parse(name: string, text: string, paramTypes: readonly number[]): void {
    const core = this.#core;
    const { statements } = core.server.statements.prepared(core.grammarText(text), paramTypes);
    if (statements.length > 1) throw new SqlError(SqlState.syntaxError, 'cannot insert multiple commands into a prepared statement');
    const [cached] = statements;
    if (cached !== undefined && core.block.isFailed && !endsFailedBlock(cached.parsed.statement)) core.block.requireNotFailed();
    if (name === '') core.prepared.dropUnnamed();
    else core.prepared.requireFree(name, text, core.values.maxPreparedStatements);
    const plan = cached?.isQuery === true ? currentPlan(core, cached) : undefined;
    const types = cached === undefined ? undefined : commandParamTypes(core, cached);
    const options = { fromSql: false, createdMicros: core.statementStartMicros, paramTypes: types };
    core.prepared.add(new PreparedStatement(name, text, cached, plan, options));
    core.output.parseComplete();
  }

  bind(
    name: string,
    prepared: PreparedStatement,
    paramFormats: readonly number[],
    params: readonly (Uint8Array | null)[],
    resultFormats: readonly number[],
  ): void {
    const core = this.#core;
    const { cached } = prepared;
    prepared.uses++;
    const values = prepared.decodeParams(
      name,
      paramFormats,
      core.clientEncoding === undefined
        ? params
        : utf8Params(params, paramFormats, prepared.paramTypes, core.clientEncoding, name === '' ? 'unnamed portal' : `portal "${name}"`),
      core.format,
    );
    if (cached === undefined || !cached.isQuery) {
      if (cached !== undefined && core.block.isFailed && !endsFailedBlock(cached.parsed.statement)) core.block.requireNotFailed();
      core.portals.add(new Portal(name, prepared, undefined, values, resultFormats, core.block.depth), core.values.maxCursors);
    } else {
      core.block.enter();
      const plan = currentPlan(core, cached);
      if (plan !== prepared.plan) {
        prepared.requireSameResult(plan);
        prepared.plan = plan;
      }
      if (resultFormats.length > 1 && prepared.columns !== undefined && resultFormats.length !== plan.columns.length) {
        throw new SqlError(
          SqlState.protocolViolation,
          `bind message has ${resultFormats.length} result formats but query has ${plan.columns.length} columns`,
        );
      }
      core.portals.add(new Portal(name, prepared, plan, values, resultFormats, core.block.depth), core.values.maxCursors);
    }
    core.output.bindComplete();
  }

  describeStatement(name: string): void {
    const core = this.#core;
    const prepared = core.prepared.get(name);
    const { cached } = prepared;
    core.output.parameterDescription(prepared.paramTypes);
    if (cached?.isQuery === true) {
      core.block.requireNotFailed();
      const plan = currentPlan(core, cached);
      prepared.requireSameResult(plan);
      if (prepared.columns === undefined) core.output.noData();
      else core.output.rowDescription(plan.fields(0));
      return;
    }
    const columns = cached === undefined ? undefined : commandColumns(cached.parsed.statement, core);
    if (columns === undefined) core.output.noData();
    else core.output.rowDescription(describeColumns(columns, [], core.catalog().builtin));
  }

  describePortal(name: string): void {
    if (this.#core.portals.find(name) === undefined) this.#core.block.requireNotFailed();
    const portal = this.#core.portals.get(name);
    const fields = this.#fields(portal);
    if (fields === undefined) this.#core.output.noData();
    else this.#core.output.rowDescription(fields);
  }

  /** @returns undefined when all is done without waiting */
  execute(portal: Portal, maxRows: number): Promise<void> | undefined {
    const core = this.#core;
    const { prepared } = portal;
    if (prepared !== undefined && prepared.cached === undefined) {
      core.output.emptyQuery();
      return undefined;
    }
    if (portal.rows !== undefined) return this.#fetch(portal, portal.rows, maxRows);
    if (portal.opened !== undefined) return this.#go(portal, portal.opened, maxRows);
    if (portal.completed || prepared?.cached === undefined) {
      this.#again(portal);
      return undefined;
    }
    const opening: MaybePromise<OpenedStatement> = openStatement(core, prepared.cached, portal.params, NO_LITERALS, false);
    if (opening instanceof Promise) return this.#goLate(portal, opening, maxRows);
    portal.opened = opening;
    return this.#go(portal, opening, maxRows);
  }

  async #goLate(portal: Portal, opening: Promise<OpenedStatement>, maxRows: number): Promise<void> {
    const opened = await opening;
    portal.opened = opened;
    await this.#go(portal, opened, maxRows);
  }

  /** A portal that has run: queries give no more rows, anything else must not run twice. */
  #again(portal: Portal): void {
    if (portal.plan === undefined || portal.plan.query.command !== 'SELECT') {
      throw new SqlError(SqlState.objectNotInPrerequisiteState, `portal "${portal.name}" cannot be run`);
    }
    this.#core.output.commandComplete('SELECT 0');
  }

  /** What FETCH has read from goes on where it stands. */
  #fetch(portal: Portal, rows: CursorRows, maxRows: number): Promise<void> | undefined {
    const fetch = new FetchForward(portal, rows, maxRows > 0 ? maxRows : Number.MAX_SAFE_INTEGER);
    const at: ResultPosition = { batch: null, index: 0, position: 0, finished: false };
    const done = (sent: number): void => {
      if (maxRows > 0 && sent === maxRows) this.#core.output.portalSuspended();
      else this.#core.output.commandComplete(`SELECT ${sent}`);
    };
    const sending = sendRows(this.#core, fetch, at, this.#writer(portal, fetch), 0);
    if (sending instanceof Promise) return sending.then(done);
    done(sending);
    return undefined;
  }

  #go(portal: Portal, opened: OpenedStatement, maxRows: number): Promise<void> | undefined {
    const sending = sendRows(this.#core, opened, portal, this.#writer(portal, opened), opened.columns === undefined ? 0 : maxRows);
    if (sending instanceof Promise) return sending.then((sent) => this.#sent(portal, opened, sent));
    this.#sent(portal, opened, sending);
    return undefined;
  }

  #sent(portal: Portal, opened: OpenedStatement, sent: number): void {
    const { output } = this.#core;
    if (!portal.finished) {
      output.portalSuspended();
      return;
    }
    portal.opened = undefined;
    portal.completed = true;
    opened.close();
    const tag = opened.tag(sent);
    output.commandComplete(tag);
    const cached = portal.prepared?.cached;
    if (cached !== undefined) this.#core.completed(cached, tag, rowsOf(opened, sent));
    // SET client_encoding: what the client has sent behind it is in the new one.
    this.#core.values.refresh(this.#core.settings);
  }

  #writer(portal: Portal, opened: OpenedStatement): RowWriter | undefined {
    if (opened.columns === undefined) return undefined;
    if (portal.writer !== undefined) return portal.writer;
    const { plan } = opened;
    const format = uniformFormat(portal.formats);
    if (plan !== undefined && format !== undefined) {
      portal.writer = this.#writers.forPlan(plan, format);
      return portal.writer;
    }
    const fields = describeColumns(opened.columns, portal.formats, this.#core.catalog().builtin);
    portal.writer = this.#writers.forFields(fields);
    return portal.writer;
  }

  #fields(portal: Portal) {
    const { prepared, plan, formats } = portal;
    if (plan !== undefined) {
      if (prepared !== undefined && prepared.columns === undefined) return undefined;
      const format = uniformFormat(formats);
      return format === undefined ? describeColumns(plan.columns, formats, plan.environment.catalog.builtin) : plan.fields(format);
    }
    const statement = prepared?.cached?.parsed.statement;
    const columns = portal.opened?.columns ?? (statement === undefined ? undefined : commandColumns(statement, this.#core));
    return columns === undefined ? undefined : describeColumns(columns, formats, this.#core.catalog().builtin);
  }
}

/** The one format of all columns; undefined when they differ or are not valid. */
function uniformFormat(formats: readonly number[]): 0 | 1 | undefined {
  const first = formats[0];
  if (first === undefined) return 0;
  if (first !== 0 && first !== 1) return undefined;
  for (let i = 1; i < formats.length; i++) if (formats[i] !== first) return undefined;
  return first;
}
