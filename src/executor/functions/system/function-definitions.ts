import type { BuiltinProc } from '../../../catalog/builtin/index.js';
import { quoteIdentifier, typeName } from '../../../catalog/definitions/index.js';
import { notSupported } from '../../../commons/sql-error.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';

const MODE_WORDS: Readonly<Record<string, string>> = { o: 'OUT ', b: 'INOUT ', v: 'VARIADIC ' };

interface ArgumentOptions {
  /** OUT parameters too. */
  readonly all: boolean;
  readonly defaults: boolean;
}

/** The argument list as CREATE FUNCTION has it. */
function argumentList(proc: BuiltinProc, cx: FunctionContext, options: ArgumentOptions): string {
  const types = proc.allArgTypes ?? proc.argTypes;
  const parts: string[] = [];
  let input = 0;
  for (const [i, type] of types.entries()) {
    const mode = proc.argModes?.[i] ?? (proc.variadic !== 0 && i === types.length - 1 ? 'v' : 'i');
    const isInput = mode === 'i' || mode === 'b' || mode === 'v';
    if (isInput) input++;
    if (mode === 't' || (!isInput && !options.all)) continue;
    const name = proc.argNames?.[i];
    const defaultText = isInput ? proc.defaultTexts[input - 1 - (proc.argTypes.length - proc.defaults)] : undefined;
    parts.push(
      (MODE_WORDS[mode] ?? '') +
        (name === undefined || name === '' ? '' : `${quoteIdentifier(name)} `) +
        typeName(cx.catalog, type) +
        (options.defaults && defaultText !== undefined ? ` DEFAULT ${defaultText}` : ''),
    );
  }
  return parts.join(', ');
}

function resultText(proc: BuiltinProc, cx: FunctionContext): string | null {
  if (proc.kind === 'p') return null;
  const columns = (proc.allArgTypes ?? []).flatMap((type, i) =>
    proc.argModes?.[i] === 't' ? [`${quoteIdentifier(proc.argNames?.[i] ?? '')} ${typeName(cx.catalog, type)}`] : [],
  );
  if (columns.length > 0) return `TABLE(${columns.join(', ')})`;
  return `${proc.returnsSet ? 'SETOF ' : ''}${typeName(cx.catalog, proc.returnType)}`;
}

function describe(text: (proc: BuiltinProc, cx: FunctionContext) => string | null): (oid: number, cx: FunctionContext) => string | null {
  return (oid, cx) => {
    const proc = cx.catalog.builtin.procByOid(oid);
    return proc === undefined ? null : text(proc, cx);
  };
}

export const functionDefinitions: FunctionTable = {
  scalar: {
    pg_get_function_arguments: describe((proc, cx) => argumentList(proc, cx, { all: true, defaults: true })),
    pg_get_function_identity_arguments: describe((proc, cx) => argumentList(proc, cx, { all: false, defaults: false })),
    pg_get_function_result: describe(resultText),
    pg_get_function_arg_default: (oid: number, argument: number, cx: FunctionContext) => {
      const proc = cx.catalog.builtin.procByOid(oid);
      return proc?.defaultTexts[argument - 1 - (proc.argTypes.length - proc.defaults)] ?? null;
    },
    pg_get_function_sqlbody: () => null,
    pg_get_functiondef: () => {
      throw notSupported('pg_get_functiondef');
    },
  },
};
