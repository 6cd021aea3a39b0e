import { StoreOpenError } from '../store-open-error.js';
import type { LmdbDatabase } from './binding.js';

/**
 * Only one server may use a directory: two would not know of each other's locks and caches. LMDB keeps a table of readers in lock.mdb, each
 * with its process and an fcntl lock that the kernel drops when the process dies, however it dies. So this is the lock: the store always holds
 * a reader, and who finds another's live reader when opening goes away.
 *
 * @throws StoreOpenError
 */
export function refuseSecondProcess(database: LmdbDatabase, directory: string, stage: 'before reading' | 'reading'): void {
  database.readerCheck();
  for (const line of database.readerList().split('\n')) {
    const process_ = /^\s*([0-9]+)\s/.exec(line)?.[1];
    if (process_ === undefined) continue;
    if (stage === 'reading' && Number(process_) === process.pid) continue;
    throw new StoreOpenError(`data directory "${directory}" is in use by another server (process ${process_})`);
  }
}
