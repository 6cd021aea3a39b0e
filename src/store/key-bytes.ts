import { assert } from '../commons/assert.js';

/** The pieces that KeyBuffer writes, read back. All it gives are copies. */
export class KeyBytes {
  #bytes: Uint8Array = new Uint8Array(0);
  /** 0xff while in a DESC column. */
  protected flip = 0;
  position = 0;

  over(bytes: Uint8Array, position = 0): void {
    this.#bytes = bytes;
    this.position = position;
    this.flip = 0;
  }

  byte(): number {
    assert(this.position < this.#bytes.length, 'a key ends too early');
    return (this.#bytes[this.position++] ?? 0) ^ this.flip;
  }

  uint32(): number {
    const high = (this.byte() << 8) | this.byte();
    return high * 0x10000 + ((this.byte() << 8) | this.byte());
  }

  /** As KeyBuffer.text. */
  text(): string {
    const start = this.position;
    const end = this.#bytes.indexOf(this.flip, start);
    assert(end >= 0, 'a text in a key has no end');
    this.position = end + 1;
    const bytes = this.#bytes;
    if (this.flip === 0) return bufferOf(bytes).toString('utf8', start, end);
    return bufferOf(bytes.slice(start, end).map((byte) => 255 - byte)).toString('utf8');
  }
}

/** The same bytes. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
