import { randomBytes } from 'node:crypto';
import { constants, renameSync, write, writeSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { assert } from '../../commons/assert.js';
import { FRAME_HEADER_BYTES } from './batch-record.js';

/**
 * The log on disk: segments `00000001.wal`, `00000002.wal` …, made in full length ahead, so that writing to one changes nothing but its
 * bytes, and syncing it costs one flush.
 *
 * | of a segment | bytes |
 * | --- | --- |
 * | `KALAMLOG`, format version (1), salt | 8, 4, 4 |
 * | frames: length, CRC-32 of the payload continued from the salt, payload | 4, 4, length |
 *
 * The log of a segment ends at the first frame that is not whole: a length of 0, or a wrong sum. What may lie behind it was never
 * acknowledged. So a server that starts goes on in a new segment, and nothing old can ever be read as new: the salt differs.
 */
const MAGIC = 'KALAMLOG';
const FORMAT_VERSION = 1;
const SEGMENT_HEADER_BYTES = 16;
const SEGMENT_NAME = /^([0-9]{8})\.wal$/;
const SPARE_NAME = 'spare';
const ZEROS = Buffer.alloc(1024 * 1024);
/** One call that writes and syncs, where there is one. */
const WRITE_THROUGH = constants.O_DSYNC ?? 0;
/** A write of this long may be waited for by all: about what handing it to another thread and back costs a few times. */
const QUICK_MS = 0.3;
const QUICK_BYTES = 16 * 1024;

export interface LogFilesOptions {
  /** Of a new segment, unless one group needs more. */
  readonly segmentBytes: number;
}

interface Segment {
  readonly id: number;
  readonly sizeBytes: number;
  /** Of the last frame in it: the number its caller gave it. Unknown where another process wrote it. */
  lastNumber: number;
}

interface OpenSegment extends Segment {
  readonly file: FileHandle;
  readonly salt: number;
}

export class LogFiles {
  readonly #directory: string;
  readonly #segmentBytes: number;
  /** Those before the current one, the oldest first. */
  readonly #old: Segment[] = [];
  #current: OpenSegment | undefined;
  #at = 0;
  #next: Promise<OpenSegment> | undefined;
  #lastId = 0;
  #hasSpare = false;
  /** The rest of the current segment is not to be trusted. */
  #isSpoilt = false;
  writtenBytes = 0;
  /** Spent on durable writes since opening. */
  writeMs = 0;
  lastWriteMs = 0;
  /** Of the last few writes. */
  #usualMs = 0;

  private constructor(directory: string, options: LogFilesOptions) {
    this.#directory = directory;
    this.#segmentBytes = options.segmentBytes;
  }

  /** @param directory made when absent */
  static async open(directory: string, options: LogFilesOptions): Promise<LogFiles> {
    const files = new LogFiles(directory, options);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (const name of (await readdir(directory)).sort()) {
      const id = Number(SEGMENT_NAME.exec(name)?.[1]);
      if (Number.isNaN(id)) {
        if (name.startsWith(SPARE_NAME)) await unlink(join(directory, name));
        continue;
      }
      const file = await open(files.#path(id), 'r');
      files.#old.push({ id, sizeBytes: (await file.stat()).size, lastNumber: 0 });
      await file.close();
      files.#lastId = id;
    }
    return files;
  }

  /** The first segment with frames of a higher number, as far as this process wrote them. */
  segmentAfter(number: number): number {
    return this.#old.find(({ lastNumber }) => lastNumber > number)?.id ?? this.#segment.id;
  }

  /** Payloads of whole frames in their order, from a segment on; of the one being written to, what was durable when it came to it. */
  async *frames(fromId: number): AsyncGenerator<Buffer, void, undefined> {
    for (const { id } of [...this.#old]) if (id >= fromId) yield* this.#framesOf(id, undefined);
    const current = this.#current;
    if (current !== undefined && current.id >= fromId) yield* this.#framesOf(current.id, this.#at);
  }

  async *#framesOf(id: number, end: number | undefined): AsyncGenerator<Buffer, void, undefined> {
    const file = await open(this.#path(id), 'r').catch((error: NodeJS.ErrnoException) => {
      // Trimmed meanwhile.
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (file === undefined) return;
    try {
      const salt = await readHeader(file, id);
      if (salt === undefined) return;
      const size = end ?? (await file.stat()).size;
      let at = SEGMENT_HEADER_BYTES;
      const header = Buffer.alloc(FRAME_HEADER_BYTES);
      while (at + FRAME_HEADER_BYTES <= size) {
        await file.read(header, 0, FRAME_HEADER_BYTES, at);
        const length = header.readUInt32BE(0);
        at += FRAME_HEADER_BYTES;
        if (length === 0 || at + length > size) return;
        const payload = Buffer.allocUnsafeSlow(length);
        await file.read(payload, 0, length, at);
        if (crc32(payload, salt) !== header.readUInt32BE(4)) return;
        at += length;
        yield payload;
      }
    } finally {
      await file.close();
    }
  }

  /** Opens a new segment for writing. Before the first `append`. */
  async start(): Promise<void> {
    this.#use(await this.#make(this.#segmentBytes));
  }

  /**
   * One at a time. Durable when it resolves; when it rejects, nothing of it will be read again.
   * @param frame with room for its header at the beginning
   * @param number higher than those before
   */
  async append(frame: Buffer, number: number): Promise<void> {
    if (this.#isSpoilt || this.#at + frame.length > this.#segment.sizeBytes) await this.#rotate(frame.length);
    const segment = this.#segment;
    fillHeader(frame, segment);
    const started = performance.now();
    try {
      await writeDurably(segment.file, frame, this.#at);
    } catch (error) {
      this.#isSpoilt = true;
      throw error;
    }
    this.#appended(segment, frame, number, performance.now() - started);
  }

  /** The disk is quick enough that all may wait for it, and nothing stands in the way of `appendAtOnce`. @param sizeBytes of the frame */
  canAppendAtOnce(sizeBytes: number): boolean {
    if (WRITE_THROUGH === 0 || this.#usualMs > QUICK_MS || sizeBytes > QUICK_BYTES) return false;
    return !this.#isSpoilt && this.#at + sizeBytes <= this.#segment.sizeBytes;
  }

  /** As `append`, without giving anybody else a turn. @throws as `append` rejects */
  appendAtOnce(frame: Buffer, number: number): void {
    const segment = this.#segment;
    fillHeader(frame, segment);
    const started = performance.now();
    try {
      for (let done = 0; done < frame.length; ) done += writeSync(segment.file.fd, frame, done, frame.length - done, this.#at + done);
    } catch (error) {
      this.#isSpoilt = true;
      throw error;
    }
    this.#appended(segment, frame, number, performance.now() - started);
  }

  #appended(segment: OpenSegment, frame: Buffer, number: number, tookMs: number): void {
    this.lastWriteMs = tookMs;
    this.writeMs += tookMs;
    this.#usualMs += (tookMs - this.#usualMs) / 8;
    segment.lastNumber = number;
    this.#at += frame.length;
    this.writtenBytes += frame.length;
    if (this.#next === undefined && this.#at > segment.sizeBytes / 2) this.#prepare();
  }

  /** Forgets the oldest segments before `firstNeeded`, as long as more than `keptBytes` are left of the others. */
  async trim(firstNeeded: number, keptBytes: number): Promise<void> {
    let total = this.#old.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    while (this.#old.length > 0) {
      const oldest = this.#old[0];
      if (oldest === undefined || oldest.id >= firstNeeded || total - oldest.sizeBytes < keptBytes) return;
      this.#old.shift();
      total -= oldest.sizeBytes;
      if (!this.#hasSpare && oldest.sizeBytes === this.#segmentBytes) {
        renameSync(this.#path(oldest.id), join(this.#directory, SPARE_NAME));
        this.#hasSpare = true;
      } else await unlink(this.#path(oldest.id));
    }
  }

  async close(): Promise<void> {
    const next = await this.#next?.catch(() => undefined);
    await next?.file.close();
    if (next !== undefined) await unlink(this.#path(next.id));
    await this.#current?.file.close();
  }

  get #segment(): OpenSegment {
    assert(this.#current !== undefined, 'the log was not started');
    return this.#current;
  }

  async #rotate(frameBytes: number): Promise<void> {
    const needed = SEGMENT_HEADER_BYTES + frameBytes;
    let next = await this.#takeNext();
    if (next !== undefined && next.sizeBytes < needed) {
      // Too small for this group: it goes the way of a segment that was used.
      await next.file.close();
      this.#old.push(next);
      next = undefined;
    }
    next ??= await this.#make(Math.max(this.#segmentBytes, needed));
    const before = this.#segment;
    await before.file.close();
    this.#old.push(before);
    this.#old.sort((a, b) => a.id - b.id);
    this.#use(next);
  }

  #takeNext(): Promise<OpenSegment | undefined> | undefined {
    const next = this.#next;
    this.#next = undefined;
    // Whatever was in the way may be gone: it is tried again.
    return next?.catch(() => undefined);
  }

  #prepare(): void {
    const next = this.#make(this.#segmentBytes);
    next.catch(() => {});
    this.#next = next;
  }

  #use(segment: OpenSegment): void {
    this.#current = segment;
    this.#at = SEGMENT_HEADER_BYTES;
    this.#isSpoilt = false;
  }

  async #make(sizeBytes: number): Promise<OpenSegment> {
    const id = ++this.#lastId;
    const path = join(this.#directory, `${SPARE_NAME}.${id}`);
    const fromSpare = this.#hasSpare && sizeBytes === this.#segmentBytes;
    if (fromSpare) {
      this.#hasSpare = false;
      // Out of the way at once: the next spare may come while this one is made ready.
      renameSync(join(this.#directory, SPARE_NAME), path);
    }
    const salt = randomBytes(4).readUInt32BE(0);
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      await file.write(headerOf(salt), 0, SEGMENT_HEADER_BYTES, 0);
      if (!fromSpare) await fill(file, SEGMENT_HEADER_BYTES, sizeBytes);
      await file.sync();
    } catch (error) {
      await file.close();
      await unlink(path);
      throw error;
    }
    await file.close();
    await rename(path, this.#path(id));
    await syncDirectory(this.#directory);
    return { id, sizeBytes, salt, lastNumber: 0, file: await open(this.#path(id), constants.O_RDWR | WRITE_THROUGH) };
  }

  #path(id: number): string {
    return join(this.#directory, `${String(id).padStart(8, '0')}.wal`);
  }
}

/** A name made or changed in a directory is durable only then. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function fillHeader(frame: Buffer, { salt }: OpenSegment): void {
  frame.writeUInt32BE(frame.length - FRAME_HEADER_BYTES, 0);
  frame.writeUInt32BE(crc32(frame.subarray(FRAME_HEADER_BYTES), salt), 4);
}

async function writeDurably(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += await writeSome(file.fd, bytes, done, position + done);
  if (WRITE_THROUGH === 0) await file.datasync();
}

/** FileHandle's own `write` does this with more ado: every commit waits for it. */
function writeSome(descriptor: number, bytes: Buffer, from: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, from, bytes.length - from, position, (error, written) => {
      if (error === null) resolve(written);
      else reject(error);
    });
  });
}

async function fill(file: FileHandle, from: number, to: number): Promise<void> {
  for (let at = from; at < to; ) {
    const { bytesWritten } = await file.write(ZEROS, 0, Math.min(ZEROS.length, to - at), at);
    at += bytesWritten;
  }
}

function headerOf(salt: number): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt32BE(FORMAT_VERSION, 8);
  header.writeUInt32BE(salt, 12);
  return header;
}

/** @returns its salt; undefined for one that was not finished */
async function readHeader(file: FileHandle, id: number): Promise<number | undefined> {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  const { bytesRead } = await file.read(header, 0, SEGMENT_HEADER_BYTES, 0);
  if (bytesRead < SEGMENT_HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  const version = header.readUInt32BE(8);
  if (version !== FORMAT_VERSION) throw new Error(`segment ${id} of the log is of format ${version}, which this version does not read`);
  return header.readUInt32BE(12);
}
