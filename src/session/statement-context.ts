import type { CatalogSnapshot } from '../catalog/catalog.js';
import type { UserId } from '../commons/ids.js';
import type { TableAccess } from '../executor/access/table-access.js';
import type { ExecutionContext, InterruptCheck, SessionServices } from '../executor/context.js';
import type { SpillCounts } from '../executor/operators/spill-file.js';
import type { ReadView, Transaction } from '../transaction/transaction.js';
import type { FormatContext } from '../types/format-context.js';
import type { SqlValue } from '../types/value.js';
import type { SessionCore } from './session-core.js';

/** One execution's context. */
export class StatementContext implements ExecutionContext {
  readonly transaction: Transaction;
  readonly view: ReadView;
  readonly catalog: CatalogSnapshot;
  readonly access: TableAccess;
  readonly session: SessionServices;
  readonly params: readonly SqlValue[];
  lifted: readonly SqlValue[];
  readonly literalRows: readonly (readonly SqlValue[])[] | undefined;
  readonly format: FormatContext;
  readonly actingUser: UserId;
  readonly workMemBytes: number;
  readonly interrupt: InterruptCheck;

  constructor(
    core: SessionCore,
    transaction: Transaction,
    view: ReadView,
    params: readonly SqlValue[],
    lifted: readonly SqlValue[],
    literalRows: readonly (readonly SqlValue[])[] | undefined,
    actingUser: UserId = core.actingUser(),
  ) {
    this.transaction = transaction;
    this.view = view;
    this.catalog = core.catalog();
    this.access = core.server.access;
    this.session = core.services;
    this.params = params;
    this.lifted = lifted;
    this.literalRows = literalRows;
    this.format = core.format;
    this.actingUser = actingUser;
    this.workMemBytes = core.values.workMemBytes;
    this.interrupt = core.interrupt;
  }

  get spills(): SpillCounts {
    return this.session.counters;
  }
}
