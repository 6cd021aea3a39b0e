import type { BuiltinProc } from '../../../catalog/builtin/index.js';
import { quoteIdentifier, quoteLiteral, schemaName, typeName } from '../../../catalog/definitions/index.js';
import type { RoutineDescriptor } from '../../../catalog/descriptors.js';
import { procByOid } from '../../../catalog/made-routines.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';
import { visibilityIn } from './visibility.js';

const MODE_WORDS: Readonly<Record<string, string>> = { o: 'OUT ', b: 'INOUT ', v: 'VARIADIC ' };

interface ArgumentOptions {
  readonly defaults: boolean;
}

/** The argument list as CREATE FUNCTION has it. */
function argumentList(proc: BuiltinProc, cx: FunctionContext, options: ArgumentOptions): string {
  const types = proc.allArgTypes ?? proc.argTypes;
  const isVisible = visibilityIn(cx);
  const parts: string[] = [];
  let input = 0;
  for (const [i, type] of types.entries()) {
    const mode = proc.argModes?.[i] ?? (proc.variadic !== 0 && i === types.length - 1 ? 'v' : 'i');
    const isInput = mode === 'i' || mode === 'b' || mode === 'v';
    if (isInput) input++;
    if (mode === 't') continue;
    const name = proc.argNames?.[i];
    const defaultText = isInput ? proc.defaultTexts[input - 1 - (proc.argTypes.length - proc.defaults)] : undefined;
    parts.push(
      (MODE_WORDS[mode] ?? (mode === 'i' && proc.kind === 'p' ? 'IN ' : '')) +
        (name === undefined || name === '' ? '' : `${quoteIdentifier(name)} `) +
        typeName(cx.catalog, type, null, isVisible) +
        (options.defaults && defaultText !== undefined ? ` DEFAULT ${defaultText}` : ''),
    );
  }
  return withOrder(parts, proc, cx).join(', ');
}

/** An ordered-set aggregate's direct arguments stand before ORDER BY. */
function withOrder(parts: readonly string[], proc: BuiltinProc, cx: FunctionContext): readonly string[] {
  const aggregate = cx.catalog.routine(proc.oid)?.aggregate;
  if (aggregate === undefined || aggregate.form === 'normal') return parts;
  const direct = parts.slice(0, aggregate.directArguments).join(', ');
  const ordered = parts.slice(aggregate.directArguments);
  const last = ordered.length === 0 ? parts.slice(-1) : ordered;
  return [`${direct === '' ? '' : `${direct} `}ORDER BY ${last.join(', ')}`];
}

function resultText(proc: BuiltinProc, cx: FunctionContext): string | null {
  if (proc.kind === 'p') return null;
  const shown = (type: number): string => typeName(cx.catalog, type, null, visibilityIn(cx));
  const columns = (proc.allArgTypes ?? []).flatMap((type, i) =>
    proc.argModes?.[i] === 't' ? [`${quoteIdentifier(proc.argNames?.[i] ?? '')} ${shown(type)}`] : [],
  );
  if (columns.length > 0) return `TABLE(${columns.join(', ')})`;
  return `${proc.returnsSet ? 'SETOF ' : ''}${shown(proc.returnType)}`;
}

function describe(text: (proc: BuiltinProc, cx: FunctionContext) => string | null): (oid: number, cx: FunctionContext) => string | null {
  return (oid, cx) => {
    const proc = procByOid(cx.catalog, oid);
    return proc === undefined ? null : text(proc, cx);
  };
}

const VOLATILITIES = { i: ' IMMUTABLE', s: ' STABLE', v: '' } as const;
const PARALLELS = { s: ' PARALLEL SAFE', r: ' PARALLEL RESTRICTED', u: '' } as const;

/** CREATE OR REPLACE FUNCTION, as \sf and \ef show it. */
function definition(proc: BuiltinProc, cx: FunctionContext): string {
  if (proc.kind === 'a') throw new SqlError(SqlState.wrongObjectType, `"${proc.name}" is an aggregate function`);
  const { catalog } = cx;
  const routine = catalog.routine(proc.oid);
  const isProcedure = proc.kind === 'p';
  const name = `${quoteIdentifier(schemaName(catalog, proc.namespace))}.${quoteIdentifier(proc.name)}`;
  const language = catalog.builtin.languages().find(({ oid }) => oid === proc.language)?.name ?? 'internal';
  const lines = [`CREATE OR REPLACE ${isProcedure ? 'PROCEDURE' : 'FUNCTION'} ${name}(${argumentList(proc, cx, { defaults: true })})`];
  const result = resultText(proc, cx);
  if (result !== null) lines.push(` RETURNS ${result}`);
  lines.push(` LANGUAGE ${quoteIdentifier(language)}`);
  const options = attributes(proc, language === 'internal' || language === 'c' ? 1 : 100);
  if (options !== '') lines.push(options);
  for (const [setting, value] of Object.entries(routine?.settings ?? {})) lines.push(` SET ${setting} TO ${settingText(setting, value)}`);
  lines.push(routine?.body ?? codeText(proc, routine));
  return `${lines.join('\n')}\n`;
}

function attributes(proc: BuiltinProc, usualCost: number): string {
  return (
    (proc.kind === 'w' ? ' WINDOW' : '') +
    VOLATILITIES[proc.volatility] +
    PARALLELS[proc.parallel] +
    (proc.strict ? ' STRICT' : '') +
    (proc.securityDefiner ? ' SECURITY DEFINER' : '') +
    (proc.leakproof ? ' LEAKPROOF' : '') +
    (proc.cost === usualCost ? '' : ` COST ${proc.cost}`) +
    (proc.rows > 0 && proc.rows !== 1000 ? ` ROWS ${proc.rows}` : '')
  );
}

const NAME_LISTS: ReadonlySet<string> = new Set(['search_path', 'temp_tablespaces', 'session_preload_libraries']);

function settingText(name: string, value: string): string {
  if (!NAME_LISTS.has(name)) return quoteLiteral(value);
  const parts = value.match(/"(?:[^"]|"")*"|[^,\s]+/g) ?? [];
  return parts.map((part) => quoteLiteral(part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part)).join(', ');
}

/** In dollar quotes that the code does not hold. */
function codeText(proc: BuiltinProc, routine: RoutineDescriptor | undefined): string {
  const source = routine?.source ?? proc.source;
  let tag = proc.kind === 'p' ? '$procedure' : '$function';
  while (source.includes(tag)) tag += 'x';
  const library = routine?.library === undefined ? '' : `${quoteLiteral(routine.library)}, `;
  return `AS ${library}${tag}$${source}${tag}$`;
}

export const functionDefinitions: FunctionTable = {
  scalar: {
    pg_get_function_arguments: describe((proc, cx) => argumentList(proc, cx, { defaults: true })),
    pg_get_function_identity_arguments: describe((proc, cx) => argumentList(proc, cx, { defaults: false })),
    pg_get_function_result: describe(resultText),
    pg_get_function_arg_default: (oid: number, argument: number, cx: FunctionContext) => {
      const proc = procByOid(cx.catalog, oid);
      return proc?.defaultTexts[argument - 1 - (proc.argTypes.length - proc.defaults)] ?? null;
    },
    pg_get_function_sqlbody: (oid: number, cx: FunctionContext) => cx.catalog.routine(oid)?.body ?? null,
    pg_get_functiondef: describe(definition),
  },
};
