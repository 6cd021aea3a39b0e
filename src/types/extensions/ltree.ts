import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { TypeCodec } from '../codec.js';
import { compareText } from '../text.js';
import { receiveText } from '../text-codecs.js';
import type { SqlValue } from '../value.js';
import { parseLevels } from './lquery.js';
import { parseTextQuery } from './ltxtquery.js';
import { ExtensionTypeOid } from './oids.js';

/** A path's value is its text: labels joined by dots, which sort below whatever a label may hold, so paths sort as their texts. */
const MAX_LABELS = 65_535;
const MAX_LABEL_LENGTH = 255;
export const LABEL_CHARACTER = /[\p{L}\p{N}_]/u;

export function labelsOf(path: string): readonly string[] {
  return path === '' ? [] : path.split('.');
}

/** @throws SqlError 42601, 42622, 54000 */
export function parsePath(text: string): string {
  if (text === '') return '';
  let inLabel = false;
  let position = 0;
  let length = 0;
  let labels = 0;
  for (const char of text) {
    position++;
    if (char === '.') {
      if (!inLabel) throw pathError(`ltree syntax error at character ${position}`);
      endLabel(length, position - 1);
      inLabel = false;
      continue;
    }
    if (!LABEL_CHARACTER.test(char)) throw pathError(`ltree syntax error at character ${position}`);
    if (!inLabel) {
      inLabel = true;
      length = 0;
      labels++;
    }
    length++;
  }
  if (!inLabel) throw pathError('ltree syntax error', 'Unexpected end of input.');
  endLabel(length, position);
  if (labels > MAX_LABELS)
    throw new SqlError(SqlState.programLimitExceeded, `number of ltree labels (${labels}) exceeds the maximum allowed (${MAX_LABELS})`);
  return text;
}

function endLabel(length: number, position: number): void {
  if (length <= MAX_LABEL_LENGTH) return;
  throw new SqlError(SqlState.nameTooLong, 'label string is too long', {
    detail: `Label length is ${length}, must be at most ${MAX_LABEL_LENGTH}, at character ${position + 1}.`,
  });
}

function pathError(message: string, detail?: string): SqlError {
  return new SqlError(SqlState.syntaxError, message, { detail });
}

const BINARY_VERSION = 1;

function textCodec(oid: number, name: string, input: (text: string) => string): TypeCodec {
  return {
    oid,
    name,
    input,
    output: (value) => value as string,
    send: (value: SqlValue) => Buffer.concat([Uint8Array.of(BINARY_VERSION), Buffer.from(value as string)]),
    receive: (bytes) => {
      if (bytes[0] !== BINARY_VERSION) throw new SqlError(SqlState.internalError, `unsupported ${name} version number ${bytes[0] ?? 0}`);
      return input(receiveText(bytes.subarray(1)));
    },
  };
}

export const ltreeCodecs: readonly TypeCodec[] = [
  {
    ...textCodec(ExtensionTypeOid.ltree, 'ltree', parsePath),
    compare: (a, b) => compareText(a as string, b as string),
    hashKey: (value) => value as string,
  },
  textCodec(ExtensionTypeOid.lquery, 'lquery', (text) => {
    parseLevels(text);
    return text;
  }),
  textCodec(ExtensionTypeOid.ltxtquery, 'ltxtquery', (text) => parseTextQuery(text).text),
];
