import type { SqlValue } from '../../../types/value.js';
import type { FunctionContext } from '../../context.js';
import { castToText, outputOf, type ToText } from '../codecs.js';
import type { CallTypes, ScalarFunction } from '../implementation.js';
import { argType, type FunctionTable } from '../table.js';
import { overList, variadicArguments } from '../variadic.js';

/** Output functions by argument, made when first needed: an argument that is always NULL may have any type. */
export function lazyOutputs(typeOf: (index: number) => number): (index: number) => ToText {
  const known: ToText[] = [];
  return (index) => {
    let output = known[index];
    if (output === undefined) {
      output = outputOf(typeOf(index));
      known[index] = output;
    }
    return output;
  };
}

function join(separator: string, values: readonly SqlValue[], outputs: (index: number) => ToText, cx: FunctionContext): string {
  let text = '';
  let isFirst = true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? null;
    if (value === null) continue;
    if (!isFirst) text += separator;
    isFirst = false;
    text += typeof value === 'string' ? value : outputs(i)(value, cx.format);
  }
  return text;
}

/** A string is its own output, whatever text type it has; so only other values ask for their type. */
function concat(types: CallTypes): ScalarFunction {
  const variadic = variadicArguments(types, 0);
  const outputs = lazyOutputs(variadic.typeOf);
  return overList((args, cx) => {
    const values = variadic.valuesOf(args);
    return values === undefined ? null : join('', values, outputs, cx);
  });
}

function concatWithSeparator(types: CallTypes): ScalarFunction {
  const variadic = variadicArguments(types, 1);
  const outputs = lazyOutputs(variadic.typeOf);
  return overList((args, cx) => {
    const separator = args[0];
    if (typeof separator !== 'string') return null;
    const values = variadic.valuesOf(args);
    return values === undefined ? null : join(separator, values, outputs, cx);
  });
}

export const concatFunctions: FunctionTable = {
  typed: {
    text_concat: concat,
    text_concat_ws: concatWithSeparator,
    'textanycat(text,anynonarray)': (types) => {
      const toText = castToText(argType(types, 1));
      return (text: string, value: SqlValue, cx: FunctionContext) => text + toText(value, cx.format);
    },
    'anytextcat(anynonarray,text)': (types) => {
      const toText = castToText(argType(types, 0));
      return (value: SqlValue, text: string, cx: FunctionContext) => toText(value, cx.format) + text;
    },
  },
};
