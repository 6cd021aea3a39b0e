import { StringDecoder } from 'node:string_decoder';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TextEncoding } from '../../types/encodings/text-encoding.js';
import { decodeText } from '../../wire/message-reader.js';
import type { CopyOptions } from './copy-options.js';

/** Longest line (law 6). */
const MAX_LINE_CHARACTERS = 128 * 1024 * 1024;

/** Cuts what a client sends into lines (records, in CSV): a newline that is escaped or within quotes is data. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  readonly #encoding: TextEncoding | undefined;
  /** In another encoding: the beginning of a character that has not come whole. */
  #unfinished: Buffer = Buffer.alloc(0);
  readonly #isCsv: boolean;
  readonly #quote: string;
  readonly #escape: string;
  #text = '';
  /** Where the line that is looked for starts, and how far it was looked through. */
  #start = 0;
  #looked = 0;
  #inQuotes = false;

  constructor(options: CopyOptions) {
    this.#isCsv = options.format === 'csv';
    this.#quote = options.quote;
    this.#escape = options.escape;
    this.#encoding = options.encoding;
  }

  /** @throws SqlError 22021 for bytes that are no characters, 22P05 */
  push(bytes: Uint8Array): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const text = this.#encoding === undefined ? this.#fromUtf8(buffer) : this.#converted(buffer, this.#encoding);
    const rest = this.#text.slice(this.#start);
    this.#looked -= this.#start;
    this.#start = 0;
    this.#text = rest === '' ? text : rest + text;
    if (rest.length > MAX_LINE_CHARACTERS) {
      throw new SqlError(SqlState.programLimitExceeded, `a line of COPY data exceeds ${MAX_LINE_CHARACTERS} characters`);
    }
  }

  #fromUtf8(buffer: Buffer): string {
    const text = this.#decoder.write(buffer);
    if (text.includes('\uFFFD')) decodeText(buffer);
    return text;
  }

  #converted(buffer: Buffer, encoding: TextEncoding): string {
    const all = this.#unfinished.length === 0 ? buffer : Buffer.concat([this.#unfinished, buffer]);
    const end = all.length - encoding.unfinished(all);
    this.#unfinished = Buffer.from(all.subarray(end));
    return encoding.decode(all.subarray(0, end));
  }

  /** The next whole line without its end; undefined when more must come. */
  next(): string | undefined {
    const end = this.#isCsv ? this.#csvEnd() : this.#textEnd();
    if (end < 0) return undefined;
    const hasReturn = end > this.#start && this.#text.charCodeAt(end - 1) === RETURN;
    const line = this.#text.slice(this.#start, hasReturn ? end - 1 : end);
    this.#start = end + 1;
    this.#looked = this.#start;
    return line;
  }

  /** What is left behind the last newline; undefined when nothing is. */
  last(): string | undefined {
    const rest = this.#text.slice(this.#start) + (this.#encoding?.decode(this.#unfinished) ?? this.#decoder.end());
    this.#text = '';
    this.#start = 0;
    this.#looked = 0;
    return rest === '' ? undefined : rest;
  }

  #textEnd(): number {
    let end = this.#text.indexOf('\n', this.#looked);
    while (end >= 0 && this.#isEscaped(end)) end = this.#text.indexOf('\n', end + 1);
    if (end < 0) this.#looked = Math.max(this.#start, this.#text.length - 1);
    return end;
  }

  /** An odd number of backslashes in front. */
  #isEscaped(at: number): boolean {
    let backslashes = 0;
    for (let i = at - 1; i >= this.#start && this.#text.charCodeAt(i) === BACKSLASH; i--) backslashes++;
    return backslashes % 2 === 1;
  }

  #csvEnd(): number {
    const text = this.#text;
    for (let i = this.#looked; i < text.length; i++) {
      const character = text.charAt(i);
      if (this.#inQuotes && character === this.#escape && this.#escape !== this.#quote) {
        // What it escapes may not have come yet.
        if (i + 1 === text.length) {
          this.#looked = i;
          return -1;
        }
        i++;
      } else if (character === this.#quote) this.#inQuotes = !this.#inQuotes;
      else if (character === '\n' && !this.#inQuotes) return i;
    }
    this.#looked = text.length;
    return -1;
  }
}

const RETURN = 13;
const BACKSLASH = 92;
