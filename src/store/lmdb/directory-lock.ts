import { closeSync, openSync, readFileSync, renameSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StoreOpenError } from '../store-open-error.js';

const LOCK_FILE = 'server.pid';

export interface DirectoryLock {
  readonly release: () => void;
}

/**
 * Only one server may use a directory: two would not know of each other's locks and caches. The lock is a file with the process and, where
 * the system tells it, when that was started, so that a number that is used again does not keep a directory locked. LMDB's table of readers
 * is the second line (single-process.ts).
 *
 * @throws StoreOpenError when a server that lives has it
 */
export function refuseRunningServer(directory: string): DirectoryLock {
  const path = join(directory, LOCK_FILE);
  const mine = `${process.pid} ${startOf(process.pid)}\n`;
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, mine);
    closeSync(file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    takeOver(directory, path, mine);
  }
  let isHeld = true;
  return {
    release: () => {
      if (isHeld) unlinkSync(path);
      isHeld = false;
    },
  };
}

function takeOver(directory: string, path: string, mine: string): void {
  refuseIfAlive(directory, path);
  const own = `${path}.${process.pid}`;
  writeFileSync(own, mine, { mode: 0o600 });
  renameSync(own, path);
  // Of two that found a dead server's file, the later one has it.
  if (readFileSync(path, 'utf8') !== mine) refuseIfAlive(directory, path);
}

function refuseIfAlive(directory: string, path: string): void {
  const [pid, start] = readFileSync(path, 'utf8').trim().split(' ');
  const holder = Number(pid);
  if (!Number.isInteger(holder) || holder <= 0 || !isAlive(holder)) return;
  if (start !== undefined && startOf(holder) !== start) return;
  throw new StoreOpenError(`data directory "${directory}" is in use by another server (process ${holder})`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** When a process was started, in whatever unit the system has; `-` where it doesn't tell. */
function startOf(pid: number): string {
  try {
    // The name of the program may hold anything, but ends with the last bracket.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[19] ?? '-';
  } catch {
    return '-';
  }
}
