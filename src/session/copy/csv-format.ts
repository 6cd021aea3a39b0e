import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { CopyOptions } from './copy-options.js';

/** COPY's CSV format. PostgreSQL manual, COPY, "CSV Format". */

export interface CsvField {
  readonly text: string;
  /** An unquoted field may stand for NULL. */
  readonly quoted: boolean;
}

/** One record without its end → fields. @throws SqlError 22P04 */
export function readCsvRecord(record: string, { delimiter, quote, escape: escaper }: CopyOptions): CsvField[] {
  if (!record.includes(quote)) return record.split(delimiter).map((text) => ({ text, quoted: false }));
  const fields: CsvField[] = [];
  let text = '';
  let quoted = false;
  let inQuotes = false;
  for (let i = 0; i < record.length; i++) {
    const character = record.charAt(i);
    if (inQuotes) {
      const next = record.charAt(i + 1);
      if (character === escaper && (next === quote || next === escaper) && next !== '') {
        text += next;
        i++;
      } else if (character === quote) inQuotes = false;
      else text += character;
    } else if (character === quote) {
      inQuotes = true;
      quoted = true;
    } else if (character === delimiter) {
      fields.push({ text, quoted });
      text = '';
      quoted = false;
    } else text += character;
  }
  if (inQuotes) throw new SqlError(SqlState.badCopyFileFormat, 'unterminated CSV quoted field');
  fields.push({ text, quoted });
  return fields;
}

/** A value as CSV writes it. @param isOnly the line has no other field */
export function writeCsvField(text: string, options: CopyOptions, force: boolean, isOnly: boolean): string {
  const { delimiter, quote, escape: escaper, nullText } = options;
  const needsQuotes =
    force ||
    text === nullText ||
    (isOnly && text === '\\.') ||
    text.includes(delimiter) ||
    text.includes(quote) ||
    text.includes('\n') ||
    text.includes('\r');
  if (!needsQuotes) return text;
  let escaped = text;
  if (escaper !== quote) escaped = escaped.replaceAll(escaper, escaper + escaper);
  return quote + escaped.replaceAll(quote, escaper + quote) + quote;
}
