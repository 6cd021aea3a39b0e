import { quoteIdentifier, quoteLiteral } from '../../../catalog/definitions/index.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { characterLength } from '../../../types/text.js';
import type { SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import type { ToText } from '../codecs.js';
import type { CallTypes, ScalarFunction } from '../implementation.js';
import { PatternCache } from '../pattern-cache.js';
import type { FunctionTable } from '../table.js';
import { overList, variadicArguments } from '../variadic.js';
import { lazyOutputs } from './concat.js';

type Width = { readonly kind: 'fixed'; readonly width: number } | { readonly kind: 'argument'; readonly position: number | undefined };

interface Specifier {
  readonly type: 's' | 'I' | 'L';
  /** From 1; undefined: the next one. */
  readonly position: number | undefined;
  readonly leftAligned: boolean;
  readonly width: Width | undefined;
}

const SINGLE_PERCENT = { hint: 'For a single "%" use "%%".' };

function invalid(message: string, fields: { readonly hint?: string } = {}): SqlError {
  return new SqlError(SqlState.invalidParameterValue, message, fields);
}

const SPECIFIER = /%(?:(\d+)\$)?(-*)(?:(\d+)|(\*)(?:(\d+)(\$)?)?)?([\s\S]|$)/uy;

/** The format's pieces of text and specifiers. @throws SqlError 22023 */
function parseFormat(format: string): readonly (string | Specifier)[] {
  const pieces: (string | Specifier)[] = [];
  let at = 0;
  while (at < format.length) {
    const percent = format.indexOf('%', at);
    if (percent < 0) break;
    pieces.push(format.slice(at, percent));
    if (format[percent + 1] === '%') {
      pieces.push('%');
      at = percent + 2;
      continue;
    }
    SPECIFIER.lastIndex = percent;
    const match = SPECIFIER.exec(format);
    if (match === null) throw invalid('unterminated format() type specifier', SINGLE_PERCENT);
    pieces.push(specifierOf(match));
    at = SPECIFIER.lastIndex;
  }
  pieces.push(format.slice(at));
  return pieces;
}

function specifierOf(match: RegExpExecArray): Specifier {
  const [, position, minus, fixed, star, starPosition, dollar, type = ''] = match;
  if (type === '') throw invalid('unterminated format() type specifier', SINGLE_PERCENT);
  if (position !== undefined && Number(position) === 0) throw zeroArgument();
  if (starPosition !== undefined) {
    if (Number(starPosition) === 0) throw zeroArgument();
    if (dollar === undefined) throw invalid('width argument position must be ended by "$"');
  }
  if (type !== 's' && type !== 'I' && type !== 'L') throw invalid(`unrecognized format() type specifier "${type}"`, SINGLE_PERCENT);
  return {
    type,
    position: position === undefined ? undefined : Number(position),
    leftAligned: minus !== '' && minus !== undefined,
    width:
      fixed !== undefined
        ? { kind: 'fixed', width: Number(fixed) }
        : star !== undefined
          ? { kind: 'argument', position: starPosition === undefined ? undefined : Number(starPosition) }
          : undefined,
  };
}

function zeroArgument(): SqlError {
  return invalid('format specifies argument 0, but arguments are numbered from 1');
}

/** @throws SqlError 22004 */
function convert(type: Specifier['type'], value: SqlValue, output: ToText, cx: FunctionContext): string {
  if (value === null) {
    if (type === 'I') throw new SqlError(SqlState.nullValueNotAllowed, 'null values cannot be formatted as an SQL identifier');
    return type === 'L' ? 'NULL' : '';
  }
  const text = typeof value === 'string' ? value : output(value, cx.format);
  return type === 's' ? text : type === 'I' ? quoteIdentifier(text) : quoteLiteral(text);
}

function align(text: string, width: number, leftAligned: boolean): string {
  const missing = Math.abs(width) - characterLength(text);
  if (missing <= 0) return text;
  return leftAligned || width < 0 ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
}

/** format(): `%[n$][-][width]type` (PostgreSQL manual, "String Functions and Operators", section format). */
function format(types: CallTypes): ScalarFunction {
  const cache = new PatternCache(parseFormat);
  const variadic = variadicArguments(types, 1);
  const outputs = lazyOutputs(variadic.typeOf);
  const plain: ToText = (value) => `${value}`;
  return overList((args, cx) => {
    const pattern = args[0];
    if (typeof pattern !== 'string') return null;
    const values = variadic.valuesOf(args) ?? [];
    let next = 0;
    const take = (position: number | undefined): number => {
      const index = position === undefined ? next : position - 1;
      if (index >= values.length) throw invalid('too few arguments for format()');
      next = index + 1;
      return index;
    };
    let text = '';
    for (const piece of cache.get(pattern)) {
      if (typeof piece === 'string') {
        text += piece;
        continue;
      }
      let width = 0;
      if (piece.width?.kind === 'fixed') width = piece.width.width;
      else if (piece.width !== undefined) width = Number(values[take(piece.width.position)] ?? 0);
      const index = take(piece.position);
      const value = values[index] ?? null;
      const output = value === null || typeof value === 'string' ? plain : outputs(index);
      text += align(convert(piece.type, value, output, cx), width, piece.leftAligned);
    }
    return text;
  });
}

export const formatFunctions: FunctionTable = {
  typed: {
    text_format: format,
    text_format_nv: format,
  },
};
