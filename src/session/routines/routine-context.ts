import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { UserId } from '../../commons/ids.js';
import type { TableAccess } from '../../executor/access/table-access.js';
import type { ExecutionContext, InterruptCheck, SessionServices } from '../../executor/context.js';
import type { SpillCounts } from '../../executor/operators/spill-file.js';
import type { ReadView, Transaction } from '../../transaction/transaction.js';
import type { FormatContext } from '../../types/format-context.js';
import type { SqlValue } from '../../types/value.js';
import type { SessionCore } from '../session-core.js';

const NOTHING_LIFTED: readonly SqlValue[] = Object.freeze([]);

/** What one expression of a routine is evaluated with: all is looked up when it is asked for, since most expressions ask for nothing. */
export class ExpressionContext implements ExecutionContext {
  readonly #core: SessionCore;
  readonly #through: ReadView | undefined;
  readonly params: readonly SqlValue[];
  lifted: readonly SqlValue[] = NOTHING_LIFTED;
  #view: ReadView | undefined;

  constructor(core: SessionCore, params: readonly SqlValue[], through: ReadView | undefined) {
    this.#core = core;
    this.params = params;
    this.#through = through;
  }

  get transaction(): Transaction {
    return this.#core.block.enter();
  }
  get view(): ReadView {
    if (this.#through !== undefined) return this.#through;
    this.#view ??= this.transaction.view();
    return this.#view;
  }
  get catalog(): CatalogSnapshot {
    return this.#core.catalog();
  }
  get access(): TableAccess {
    return this.#core.server.access;
  }
  get session(): SessionServices {
    return this.#core.services;
  }
  get format(): FormatContext {
    return this.#core.format;
  }
  get actingUser(): UserId {
    return this.#core.actingUser();
  }
  get workMemBytes(): number {
    return this.#core.values.workMemBytes;
  }
  get spills(): SpillCounts {
    return this.#core.services.counters;
  }
  get interrupt(): InterruptCheck {
    return this.#core.interrupt;
  }

  release(): void {
    this.#view?.release();
    this.#view = undefined;
  }
}
