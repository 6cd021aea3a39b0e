import type { UserId } from '../commons/ids.js';
import { isPartitioned } from '../executor/access/index.js';
import type { TableAccess } from '../executor/access/table-access.js';
import type { InterruptCheck } from '../executor/context.js';
import { prefixRange, userPrefix } from '../store/key-codec.js';
import type { ReadView, TransactionManager } from '../transaction/transaction.js';
import type { LiveGroup, ReadRows } from './live/live-group.js';
import { idOfKey } from './live/row-identity.js';
import type { ToldCommit } from './live/told-commit.js';
import { RowVersions } from './row-version.js';

/** Rows between two looks at the clock. */
const PIECE_ROWS = 256;
const SLICE_MS = 10;

/** Shows a group the rows that are there: its user's parts of the tables, as of one commit. */
export async function fillGroup(
  group: LiveGroup,
  { transactions, access }: { readonly transactions: TransactionManager; readonly access: TableAccess },
  interrupt: InterruptCheck,
): Promise<readonly ToldCommit[]> {
  const transaction = transactions.begin({ isolation: 'repeatable read', readOnly: true, backendPid: 0 });
  const view = transaction.view();
  try {
    return await group.fill(view.seq, rowsInView(view, access, group.user, interrupt));
  } finally {
    view.release();
    transaction.rollback();
  }
}

/** A user's rows of tables as a view shows them. Gives way while it reads, and can be cancelled. */
export function rowsInView(view: ReadView, access: TableAccess, user: UserId, interrupt: InterruptCheck): ReadRows {
  return async (table, each) => {
    const versions = new RowVersions(table);
    const scans = isPartitioned(table)
      ? [view.scan(access.tableSpace(table, user), prefixRange(userPrefix(user)))]
      : access.tableSpaces(table).map((space) => view.scan(space, {}));
    try {
      for (const scan of scans) {
        for (let count = 1; ; count++) {
          const next = scan.next();
          if (!(next instanceof Promise ? await next : next)) break;
          each(idOfKey(scan.key), versions.of(scan.value), versions.seqOf(scan.value));
          if (count % PIECE_ROWS === 0) {
            interrupt.check();
            if (interrupt.shouldYield()) await interrupt.turn();
          }
        }
      }
    } finally {
      for (const scan of scans) scan.close();
    }
  };
}

/** For work that no statement waits for: nobody cancels it, and it gives way all the same. */
export class YieldingInterrupt implements InterruptCheck {
  #since = performance.now();

  check(): void {
    // Nobody asks for its end.
  }

  shouldYield(): boolean {
    return performance.now() - this.#since > SLICE_MS;
  }

  async turn(): Promise<void> {
    await new Promise(setImmediate);
    this.#since = performance.now();
  }
}
