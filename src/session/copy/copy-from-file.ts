import type { InterruptCheck } from '../../executor/context.js';
import type { CopyFrom } from './copy-from.js';
import { fileError, openForReading } from './server-file.js';

const CHUNK_BYTES = 64 * 1024;

/** Feeds a COPY FROM with a file on the server. @returns the number of rows */
export async function copyFromFile(path: string, copy: CopyFrom, interrupt: InterruptCheck): Promise<number> {
  const file = await openForReading(path);
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    while (copy.isWaiting) {
      const length = await read();
      if (length === 0) copy.done();
      else await copy.data(chunk.subarray(0, length));
      if (interrupt.shouldYield()) await interrupt.turn();
    }
    return await copy.finished;

    async function read(): Promise<number> {
      try {
        return (await file.read(chunk, 0, CHUNK_BYTES)).bytesRead;
      } catch (error) {
        throw fileError(error, 'could not read from COPY file');
      }
    }
  } finally {
    await file.close();
  }
}
