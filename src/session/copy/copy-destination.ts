import type { FileHandle } from 'node:fs/promises';
import type { ClientOutput } from '../../wire/port.js';
import { fileError } from './server-file.js';

/** Where COPY TO writes. */
export interface CopyDestination {
  /** A promise where it has to wait until there is room. */
  write(bytes: Buffer): Promise<void> | undefined;
  /** All is written. */
  done(): Promise<void> | undefined;
}

export class ClientDestination implements CopyDestination {
  readonly #output: ClientOutput;

  constructor(output: ClientOutput) {
    this.#output = output;
  }

  write(bytes: Buffer): Promise<void> | undefined {
    this.#output.copyData(bytes);
    return this.#output.drain() ?? undefined;
  }

  done(): undefined {
    this.#output.copyDone();
  }
}

const BUFFER_BYTES = 64 * 1024;

/** A file, written in pieces; what a COPY that fails has written before stays, as in PostgreSQL. */
export class FileDestination implements CopyDestination {
  readonly #file: FileHandle;
  readonly #path: string;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  write(bytes: Buffer): Promise<void> | undefined {
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
    return this.#bytes >= BUFFER_BYTES ? this.#flush() : undefined;
  }

  done(): Promise<void> {
    // What is left is written when the file is closed, for PostgreSQL's buffers.
    return this.#flush(`could not close file "${this.#path}"`);
  }

  /** Also after an error. */
  async close(): Promise<void> {
    try {
      await this.#flush();
    } finally {
      await this.#file.close();
    }
  }

  async #flush(what = 'could not write to COPY file'): Promise<void> {
    let rest = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    try {
      while (rest.length > 0) rest = rest.subarray((await this.#file.write(rest)).bytesWritten);
    } catch (error) {
      throw fileError(error, what);
    }
  }
}
