import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StoreOpenError } from '../store-open-error.js';

/** Raised with every change of what the bytes in the store mean. */
export const STORE_FORMAT_VERSION = 2;
const FORMAT_FILE = 'store-format';
export const DATA_FILE = 'data.mdb';
export const LOCK_FILE = 'lock.mdb';

/**
 * Makes the directory if there is none, and checks that what lies in it is ours and of this version.
 * @throws StoreOpenError
 */
export function prepareDirectory(directory: string): void {
  try {
    makeDirectory(directory);
    const file = join(directory, FORMAT_FILE);
    if (existsSync(file)) checkFormat(directory, readFileSync(file, 'utf8'));
    else if (existsSync(join(directory, DATA_FILE))) {
      throw new StoreOpenError(`directory "${directory}" holds a database, but not one of KalamDB`);
    } else writeFormat(file);
  } catch (error) {
    if (error instanceof StoreOpenError || !(error instanceof Error)) throw error;
    throw new StoreOpenError(`data directory "${directory}" cannot be used: ${error.message}`);
  }
}

/** With its parents. Node's own recursive mkdir never returns where a parent may not have children (/proc). */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) makeDirectory(parent);
  mkdirSync(directory, { mode: 0o700 });
}

function checkFormat(directory: string, text: string): void {
  const version = /^kalamdb store format ([0-9]+)\n$/.exec(text)?.[1];
  if (version === undefined) throw new StoreOpenError(`data directory "${directory}" has a damaged file "${FORMAT_FILE}"`);
  if (Number(version) !== STORE_FORMAT_VERSION) {
    throw new StoreOpenError(
      `data directory "${directory}" was written in format ${version}, but this version of KalamDB reads only format ${STORE_FORMAT_VERSION}`,
    );
  }
}

/** Whole or not at all, also through a crash. */
function writeFormat(file: string): void {
  const temporary = `${file}.new`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeSync(descriptor, `kalamdb store format ${STORE_FORMAT_VERSION}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
}
