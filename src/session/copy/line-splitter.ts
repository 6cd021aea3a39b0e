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
  /** What has come of a line before `#text`: pieces, joined once it is whole, since a line may come in very many. */
  #pieces: string[] = [];
  #piecesLength = 0;
  /** Whether the pieces end in an odd number of backslashes. */
  #piecesEscape = false;
  #text = '';
  /** Where the line that is looked for starts, and how far it was looked through. */
  #start = 0;
  #looked = 0;
  #inQuotes = false;
  /** In CSV: the next character is escaped. */
  #isNextEscaped = false;

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
    this.#keep(this.#text.slice(this.#start));
    this.#text = text;
    this.#start = 0;
    this.#looked = 0;
    if (this.#piecesLength > MAX_LINE_CHARACTERS) {
      throw new SqlError(SqlState.programLimitExceeded, `a line of COPY data exceeds ${MAX_LINE_CHARACTERS} characters`);
    }
  }

  #keep(rest: string): void {
    if (rest === '') return;
    const backslashes = trailingBackslashes(rest, rest.length, 0);
    this.#piecesEscape = (backslashes % 2 === 1) !== (backslashes === rest.length && this.#piecesEscape);
    this.#piecesLength += rest.length;
    const newest = this.#pieces.length - 1;
    const last = this.#pieces[newest];
    if (last !== undefined && last.length + rest.length < PIECE_CHARACTERS) this.#pieces[newest] = last + rest;
    else this.#pieces.push(rest);
  }

  /** The pieces and what follows them. */
  #joined(rest: string): string {
    if (this.#piecesLength === 0) return rest;
    this.#pieces.push(rest);
    const text = this.#pieces.join('');
    this.#pieces = [];
    this.#piecesLength = 0;
    this.#piecesEscape = false;
    return text;
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
    const line = this.#joined(this.#text.slice(this.#start, end));
    this.#start = end + 1;
    this.#looked = this.#start;
    return line.charCodeAt(line.length - 1) === RETURN ? line.slice(0, -1) : line;
  }

  /** What is left behind the last newline; undefined when nothing is. */
  last(): string | undefined {
    const rest = this.#joined(this.#text.slice(this.#start) + (this.#encoding?.decode(this.#unfinished) ?? this.#decoder.end()));
    this.#text = '';
    this.#start = 0;
    this.#looked = 0;
    return rest === '' ? undefined : rest;
  }

  #textEnd(): number {
    let end = this.#text.indexOf('\n', this.#looked);
    while (end >= 0 && this.#isEscaped(end)) end = this.#text.indexOf('\n', end + 1);
    if (end < 0) this.#looked = this.#text.length;
    return end;
  }

  /** An odd number of backslashes in front. */
  #isEscaped(at: number): boolean {
    const backslashes = trailingBackslashes(this.#text, at, this.#start);
    return (backslashes % 2 === 1) !== (this.#piecesEscape && backslashes === at - this.#start);
  }

  #csvEnd(): number {
    const text = this.#text;
    for (let i = this.#looked; i < text.length; i++) {
      if (this.#isNextEscaped) {
        this.#isNextEscaped = false;
        continue;
      }
      const character = text.charAt(i);
      if (this.#inQuotes && character === this.#escape && this.#escape !== this.#quote) this.#isNextEscaped = true;
      else if (character === this.#quote) this.#inQuotes = !this.#inQuotes;
      else if (character === '\n' && !this.#inQuotes) return i;
    }
    this.#looked = text.length;
    return -1;
  }
}

/** How many backslashes stand before a place. */
function trailingBackslashes(text: string, before: number, from: number): number {
  let at = before;
  while (at > from && text.charCodeAt(at - 1) === BACKSLASH) at--;
  return before - at;
}

/** Pieces shorter than this are put together as they come. */
const PIECE_CHARACTERS = 64 * 1024;
const RETURN = 13;
const BACKSLASH = 92;
