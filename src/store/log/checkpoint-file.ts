import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { syncDirectory } from './log-files.js';

/**
 * What a store starts from: a state of the engine, and where the log goes on. Written whole or not at all.
 *
 * | what | bytes |
 * | --- | --- |
 * | `KALAMCHK`, format version (1) | 8, 4 |
 * | number of the newest batch in the engine | 8 |
 * | segment of the log from which batches with higher numbers are found | 4 |
 * | label of the newest batch that has one, the engine's anchor: each its length (4) and bytes | … |
 * | CRC-32 of all before | 4 |
 */
export interface Checkpoint {
  readonly number: number;
  readonly segment: number;
  /** Empty: no batch had one yet. */
  readonly label: Uint8Array;
  readonly anchor: Uint8Array;
}

const MAGIC = 'KALAMCHK';
const FORMAT_VERSION = 1;
const HEADER_BYTES = 24;
const CHECKPOINT_FILE = 'checkpoint';

export async function writeCheckpoint(directory: string, checkpoint: Checkpoint): Promise<void> {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt32BE(FORMAT_VERSION, 8);
  header.writeBigUInt64BE(BigInt(checkpoint.number), 12);
  header.writeUInt32BE(checkpoint.segment, 20);
  const body = Buffer.concat([header, piece(checkpoint.label), piece(checkpoint.anchor)]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  const path = join(directory, CHECKPOINT_FILE);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(Buffer.concat([body, sum]));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncDirectory(directory);
}

/** @returns undefined where there is none: the store is new. @throws Error for a damaged one */
export async function readCheckpoint(directory: string): Promise<Checkpoint | undefined> {
  const bytes = await readFile(join(directory, CHECKPOINT_FILE)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const end = bytes.length - 4;
  if (
    end < HEADER_BYTES ||
    bytes.toString('latin1', 0, MAGIC.length) !== MAGIC ||
    crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)
  )
    throw new Error(`the file "${CHECKPOINT_FILE}" is damaged`);
  const version = bytes.readUInt32BE(8);
  if (version !== FORMAT_VERSION)
    throw new Error(`the file "${CHECKPOINT_FILE}" is of format ${version}, which this version does not read`);
  const labelEnd = HEADER_BYTES + 4 + bytes.readUInt32BE(HEADER_BYTES);
  return {
    number: Number(bytes.readBigUInt64BE(12)),
    segment: bytes.readUInt32BE(20),
    label: bytes.subarray(HEADER_BYTES + 4, labelEnd),
    anchor: bytes.subarray(labelEnd + 4, labelEnd + 4 + bytes.readUInt32BE(labelEnd)),
  };
}

function piece(bytes: Uint8Array): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}
