import type { Seq, UserId } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import { SettingName } from '../commons/setting-names.js';
import { drive, type Waiting, wait } from '../executor/waiting.js';
import type { RepeatedQuery, RepeatOptions, RowsOfRun } from '../notify/notifications.js';
import type { SelectStatement } from '../planner/parse/ast.js';
import type { ReadView } from '../transaction/transaction.js';
import { toSqlError } from '../wire/unexpected-error.js';
import { terminated, userCancel } from './interrupt.js';
import { openQuery } from './run/open-query.js';
import type { InternalSession, SessionCore } from './session-core.js';
import { CachedStatement } from './statement/cached-statement.js';

interface Listener {
  readonly core: SessionCore;
  readonly view: ReadView;
}

/**
 * A query that is run first in its listener's transaction, and then again and again in a session of its own: of the same login and with the
 * settings that held at first, so that it has the same rights, and loses them when its listener does.
 */
export class QueryOfListener implements RepeatedQuery {
  readonly #listener: Listener;
  readonly #own: InternalSession;
  readonly #statement: CachedStatement;
  /** The listener's session would not run it as its own does. */
  readonly #isAlone: boolean;
  #isRunning = false;
  #isClosed = false;

  constructor(listener: Listener, statement: SelectStatement, { path, user, isAlone }: RepeatOptions) {
    const { core } = listener;
    this.#listener = listener;
    const catalog = core.catalog();
    const searchPath = path?.map((name) => catalog.schema(name)?.oid).filter((oid) => oid !== undefined);
    const parsed = { statement, text: core.statementText, offset: 0 };
    this.#statement = new CachedStatement(parsed, [], true, searchPath && { searchPath });
    this.#isAlone = isAlone || user !== core.actingUser() || core.identity().allUsers;
    this.#own = core.parts.openInternal();
    try {
      this.#settle(this.#own.core, core, user);
    } catch (error) {
      void this.#own.close();
      throw error;
    }
  }

  #settle({ settings, values }: SessionCore, listener: SessionCore, user: UserId): void {
    settings.copyFrom(listener.settings);
    if (user !== listener.actingUser()) settings.set(SettingName.kalamdbUserId, user, 'set');
    settings.set(SettingName.kalamdbAllUsers, 'off', 'set');
    settings.set(SettingName.defaultTransactionReadOnly, 'on', 'set');
    settings.set(SettingName.defaultTransactionIsolation, 'repeatable read', 'set');
    values.refresh(settings);
  }

  first(into: RowsOfRun): MaybePromise<void> {
    const { core, view } = this.#listener;
    if (this.#isAlone) return this.#firstAlone(core, into);
    return drive(this.#run(core, this.#statement, view, into));
  }

  /** LISTEN waits for it, and may be cancelled. */
  async #firstAlone({ interrupt }: SessionCore, into: RowsOfRun): Promise<void> {
    const cancel = (): void => void this.#own.core.interrupt.interrupt(userCancel());
    interrupt.signal.addEventListener('abort', cancel, { once: true });
    try {
      await this.again(into);
    } finally {
      interrupt.signal.removeEventListener('abort', cancel);
    }
  }

  async again(into: RowsOfRun): Promise<Seq> {
    const { core } = this.#own;
    core.beginStatement(this.#statement.parsed.text);
    core.interrupt.waiting();
    this.#isRunning = true;
    try {
      const view = core.block.enter().view();
      try {
        await drive(this.#run(core, this.#statement, view, into));
      } finally {
        view.release();
      }
      await core.block.endImplicit();
      return view.seq;
    } catch (error) {
      core.block.fail();
      throw core.interrupt.explain(toSqlError(error, core.server.logger));
    } finally {
      core.interrupt.end();
      this.#isRunning = false;
      if (this.#isClosed) void this.#own.close();
    }
  }

  *#run(core: SessionCore, statement: CachedStatement, view: ReadView, into: RowsOfRun): Waiting<void> {
    into.begin(view.seq);
    const { interrupt } = core;
    const opened = yield* wait(openQuery(core, statement, [], [], view));
    try {
      for (let rows = yield* wait(opened.next()); rows !== null; rows = yield* wait(opened.next())) {
        into.add(rows);
        interrupt.check();
        if (interrupt.shouldYield()) yield* wait(interrupt.turn());
      }
    } finally {
      opened.close();
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#isRunning) this.#own.core.interrupt.interrupt(terminated());
    else void this.#own.close();
  }
}
