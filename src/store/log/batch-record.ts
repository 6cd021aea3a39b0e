import { nextTurn } from '../../commons/next-turn.js';
import type { SpaceName } from '../../commons/space-name.js';
import { SpaceName as SpaceNames } from '../../commons/space-name.js';
import type { LoggedBatch, LoggedChange, Space, WriteBatch } from '../store.js';

/**
 * Batches as bytes. A frame holds the batches of one group; numbers big-endian, `n` is a LEB128 number, a piece of bytes or text has its
 * length `n` before it.
 *
 * | of a batch | bytes |
 * | --- | --- |
 * | flags: 1 has a label, 2 its changes are left out | 1 |
 * | number | 8 |
 * | label, where it has one | piece |
 * | changes: count, then each | n, … |
 *
 * | of a change | bytes |
 * | --- | --- |
 * | what: 0 put, 1 delete, 2 delete range | 1 |
 * | space: 0 and its name where the frame has not named it yet, else its place among the names, from 1 | n, piece |
 * | put: key, value; delete: key; delete range: flags 1 from, 2 to, then the bounds that there are | pieces |
 */
const HAS_LABEL = 1;
const CHANGES_LEFT_OUT = 2;
const PUT = 0;
const DELETE = 1;
const DELETE_RANGE = 2;
const HAS_FROM = 1;
const HAS_TO = 2;
/** What a change can take beside its name, keys and value. */
const CHANGE_OVERHEAD = 32;
/** A buffer that grew beyond this is not kept. */
const KEPT_BYTES = 1024 * 1024;
const FIRST_BYTES = 64 * 1024;
/** Of a large batch, so many are written before others have their turn. */
const CHANGES_OF_A_TURN = 4096;
const UINT32 = 4_294_967_296;

/** Before the batches: room for what the file adds to a frame. */
export const FRAME_HEADER_BYTES = 8;

/** Collects the batches of a group. Two buffers take turns, since one is with the disk while the other is filled. */
export class FrameWriter {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #other = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #at = FRAME_HEADER_BYTES;
  readonly #places = new Map<Space, number>();

  get isEmpty(): boolean {
    return this.#at === FRAME_HEADER_BYTES;
  }

  get sizeBytes(): number {
    return this.#at;
  }

  /** The frame so far, its first bytes free for the file's header; valid until the call after the next. */
  take(): Buffer {
    const frame = this.#bytes.subarray(0, this.#at);
    const next = this.#other;
    this.#other = this.#bytes.length <= KEPT_BYTES ? this.#bytes : Buffer.allocUnsafeSlow(FIRST_BYTES);
    this.#bytes = next;
    this.clear();
    return frame;
  }

  clear(): void {
    this.#at = FRAME_HEADER_BYTES;
    this.#places.clear();
  }

  /** @param batch undefined: only that there was one */
  add(number: number, label: Uint8Array | undefined, batch: WriteBatch | undefined): void {
    this.#begin(number, label, batch);
    if (batch !== undefined) this.#changes(batch, 0, batch.length);
  }

  /** As `add`, letting others have their turn now and then. Nothing else may be added meanwhile. */
  async addInTurns(number: number, label: Uint8Array | undefined, batch: WriteBatch): Promise<void> {
    this.#begin(number, label, batch);
    for (let from = 0; from < batch.length; from += CHANGES_OF_A_TURN) {
      this.#changes(batch, from, Math.min(from + CHANGES_OF_A_TURN, batch.length));
      await nextTurn();
    }
  }

  #begin(number: number, label: Uint8Array | undefined, batch: WriteBatch | undefined): void {
    this.#reserve(CHANGE_OVERHEAD + (label?.length ?? 0));
    this.#bytes[this.#at++] = (label === undefined ? 0 : HAS_LABEL) | (batch === undefined ? CHANGES_LEFT_OUT : 0);
    this.#bytes.writeUInt32BE(Math.floor(number / UINT32), this.#at);
    this.#bytes.writeUInt32BE(number % UINT32, this.#at + 4);
    this.#at += 8;
    if (label !== undefined) this.#piece(label);
    if (batch !== undefined) this.#varint(batch.length);
  }

  #changes(batch: WriteBatch, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      const operation = batch[i];
      if (operation === undefined) continue;
      const { space } = operation;
      if (operation.op === 'delete range') {
        const { gte, lt } = operation;
        this.#change(DELETE_RANGE, space, (gte?.length ?? 0) + (lt?.length ?? 0));
        this.#bytes[this.#at++] = (gte === undefined ? 0 : HAS_FROM) | (lt === undefined ? 0 : HAS_TO);
        if (gte !== undefined) this.#piece(gte);
        if (lt !== undefined) this.#piece(lt);
        continue;
      }
      const { key } = operation;
      const value = operation.op === 'delete' ? undefined : operation.value;
      this.#change(value === undefined ? DELETE : PUT, space, key.length + (value?.length ?? 0));
      this.#piece(key);
      if (value !== undefined) this.#piece(value);
    }
  }

  #change(kind: number, space: Space, sizeBytes: number): void {
    const place = this.#places.get(space);
    if (place !== undefined) {
      this.#reserve(CHANGE_OVERHEAD + sizeBytes);
      this.#bytes[this.#at++] = kind;
      this.#varint(place);
      return;
    }
    const name = Buffer.from(space.name, 'utf8');
    this.#reserve(CHANGE_OVERHEAD + sizeBytes + name.length);
    this.#bytes[this.#at++] = kind;
    this.#bytes[this.#at++] = 0;
    this.#piece(name);
    this.#places.set(space, this.#places.size + 1);
  }

  #reserve(sizeBytes: number): void {
    const needed = this.#at + sizeBytes;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  #varint(value: number): void {
    const bytes = this.#bytes;
    let rest = value;
    while (rest >= 0x80) {
      bytes[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    bytes[this.#at++] = rest;
  }

  #piece(piece: Uint8Array): void {
    const size = piece.length;
    this.#varint(size);
    const bytes = this.#bytes;
    const at = this.#at;
    if (size <= 32) for (let i = 0; i < size; i++) bytes[at + i] = piece[i] ?? 0;
    else bytes.set(piece, at);
    this.#at = at + size;
  }
}

/** @throws Error where the bytes are no frame: they were checked before, so the format is another */
export function readFrame(payload: Buffer): LoggedBatch[] {
  const reader = new FrameReader(payload);
  const batches: LoggedBatch[] = [];
  while (!reader.atEnd) batches.push(reader.batch());
  return batches;
}

class FrameReader {
  readonly #bytes: Buffer;
  readonly #names: SpaceName[] = [];
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  batch(): LoggedBatch {
    const flags = this.#byte();
    const number = this.#uint32() * UINT32 + this.#uint32();
    const label = (flags & HAS_LABEL) === 0 ? undefined : this.#piece();
    const isComplete = (flags & CHANGES_LEFT_OUT) === 0;
    const changes: LoggedChange[] = [];
    if (isComplete) for (let left = this.#varint(); left > 0; left--) changes.push(this.#change());
    return { number, label, isComplete, changes };
  }

  #change(): LoggedChange {
    const kind = this.#byte();
    const space = this.#space();
    if (kind === PUT) return { op: 'put', space, key: this.#piece(), value: this.#piece() };
    if (kind === DELETE) return { op: 'delete', space, key: this.#piece() };
    if (kind !== DELETE_RANGE) throw damaged();
    const flags = this.#byte();
    return {
      op: 'delete range',
      space,
      ...((flags & HAS_FROM) !== 0 && { gte: this.#piece() }),
      ...((flags & HAS_TO) !== 0 && { lt: this.#piece() }),
    };
  }

  #space(): SpaceName {
    const place = this.#varint();
    if (place > 0) {
      const known = this.#names[place - 1];
      if (known === undefined) throw damaged();
      return known;
    }
    const name = this.#piece().toString('utf8');
    if (SpaceNames.parse(name) === undefined) throw damaged();
    this.#names.push(name as SpaceName);
    return name as SpaceName;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw damaged();
    return byte;
  }

  #uint32(): number {
    const value = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  #piece(): Buffer {
    const size = this.#varint();
    const end = this.#at + size;
    if (end > this.#bytes.length) throw damaged();
    const piece = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return piece;
  }
}

const damaged = (): Error => new Error('a damaged batch in the log');
