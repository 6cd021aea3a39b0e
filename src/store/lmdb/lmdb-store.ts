import type { LogSettings } from '../log/logged-store.js';
import { openLoggedStore } from '../log/open-logged-store.js';
import type { Store } from '../store.js';
import { prepareDirectory } from './data-directory.js';
import { refuseRunningServer } from './directory-lock.js';
import { type LmdbOptions, openLmdbEngine } from './lmdb-engine.js';

/**
 * A store over LMDB under a log.
 * @param directory made when absent
 * @throws StoreOpenError when it can't be used, is in use, or holds another format
 */
export async function openLmdbStore(directory: string, options: LmdbOptions & Partial<LogSettings> = {}): Promise<Store> {
  prepareDirectory(directory);
  const lock = refuseRunningServer(directory);
  try {
    const { mapSizeBytes, maxReaders, ...settings } = options;
    const lmdb = { ...(mapSizeBytes !== undefined && { mapSizeBytes }), ...(maxReaders !== undefined && { maxReaders }) };
    return await openLoggedStore(directory, (anchor) => openLmdbEngine(directory, anchor, lmdb, lock.release), settings);
  } catch (error) {
    lock.release();
    throw error;
  }
}
