import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState, type SqlStateCode } from '../../commons/sqlstates.js';

/** Files on the server that COPY reads and writes. */

const HINTS = {
  reading: "COPY FROM instructs the PostgreSQL server process to read a file. You may want a client-side facility such as psql's \\copy.",
  writing: "COPY TO instructs the PostgreSQL server process to write a file. You may want a client-side facility such as psql's \\copy.",
} as const;

/** @throws SqlError 58P01, 42501, 42809 … */
export function openForReading(path: string): Promise<FileHandle> {
  return openFile(path, 'reading', constants.O_RDONLY);
}

/** Makes or empties the file. @throws SqlError 42602 for a relative path, 58P01, 42501, 42809 … */
export async function openForWriting(path: string): Promise<FileHandle> {
  if (!isAbsolute(path)) throw new SqlError(SqlState.invalidName, 'relative path not allowed for COPY to file');
  return openFile(path, 'writing', constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC);
}

async function openFile(path: string, purpose: 'reading' | 'writing', flags: number): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    // A pipe that nobody has at its other end must not hold a thread.
    handle = await open(path, flags | constants.O_NONBLOCK, NEW_FILE_MODE);
  } catch (error) {
    const code = systemCode(error);
    const hint = code === 'ENOENT' || code === 'EACCES' ? HINTS[purpose] : undefined;
    throw fileError(error, `could not open file "${path}" for ${purpose}`, hint);
  }
  try {
    const status = await handle.stat();
    if (status.isDirectory()) throw new SqlError(SqlState.wrongObjectType, `"${path}" is a directory`);
    if (status.isFIFO() || status.isSocket()) throw notSupported('COPY with a pipe on the server');
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

const NEW_FILE_MODE = 0o644;

/** What the operating system refused, as PostgreSQL tells it. */
export function fileError(error: unknown, what: string, hint?: string): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  const [state, text] = SYSTEM_ERRORS[code] ?? [SqlState.internalError, code];
  return new SqlError(state, `${what}: ${text}`, { hint });
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const SYSTEM_ERRORS: Readonly<Record<string, readonly [state: SqlStateCode, text: string]>> = {
  ENOENT: [SqlState.undefinedFile, 'No such file or directory'],
  EEXIST: [SqlState.duplicateFile, 'File exists'],
  EACCES: [SqlState.insufficientPrivilege, 'Permission denied'],
  EPERM: [SqlState.insufficientPrivilege, 'Operation not permitted'],
  EROFS: [SqlState.insufficientPrivilege, 'Read-only file system'],
  ENOTDIR: [SqlState.wrongObjectType, 'Not a directory'],
  EISDIR: [SqlState.wrongObjectType, 'Is a directory'],
  ENOSPC: [SqlState.diskFull, 'No space left on device'],
  EMFILE: [SqlState.insufficientResources, 'Too many open files'],
  ENFILE: [SqlState.insufficientResources, 'Too many open files in system'],
  EIO: [SqlState.ioError, 'Input/output error'],
  ENXIO: [SqlState.internalError, 'No such device or address'],
  ELOOP: [SqlState.internalError, 'Too many levels of symbolic links'],
  ENAMETOOLONG: [SqlState.internalError, 'File name too long'],
};
