import { statfs } from 'node:fs/promises';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';

const MDB_MAP_FULL = -30792;
const ENOSPC = 28;
const EDQUOT = 122;
const EFBIG = 27;
const EIO = 5;
const DISK_FULL: readonly (number | string | undefined)[] = [MDB_MAP_FULL, ENOSPC, EDQUOT, EFBIG];

/** What lmdb-js rejects a write with: the cause comes in a promise of its own. */
interface CommitFailure {
  readonly commitError?: Promise<never>;
}

/** Pages that a batch changes beside its own bytes: the paths to them, the list of free ones. */
const OVERHEAD_BYTES = 1024 * 1024;
const OVERHEAD_FACTOR = 3;

/**
 * @param directory of the data file
 * @param sizeBytes of what was to be written
 * @returns SqlError 53100 for a full disk, 58030 for anything else
 */
export async function toStoreError(failure: unknown, directory: string, sizeBytes: number): Promise<SqlError> {
  const cause = await causeOf(failure);
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'number' ? cause.code : undefined;
  // LMDB calls a write that came out short an I/O error, but mostly it is a full disk.
  const full = code === EIO && (await freeBytes(directory)) < sizeBytes * OVERHEAD_FACTOR + OVERHEAD_BYTES;
  if (full || DISK_FULL.includes(code) || /MDB_MAP_FULL|No space left|Disk quota|File too large/i.test(message)) {
    return new SqlError(SqlState.diskFull, 'could not extend data file: No space left on device', { hint: 'Check free disk space.' });
  }
  return new SqlError(SqlState.ioError, `could not write to data file: ${message}`);
}

async function causeOf(failure: unknown): Promise<unknown> {
  const promise = typeof failure === 'object' && failure !== null ? (failure as CommitFailure).commitError : undefined;
  if (promise === undefined) return failure;
  try {
    await promise;
    return failure;
  } catch (cause) {
    return cause;
  }
}

async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}
