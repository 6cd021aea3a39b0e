import type * as pg from 'libpg-query';
import { assert } from '../../../commons/assert.js';
import type * as ast from '../ast.js';
import { tokenize } from '../tokens.js';
import { functionCall } from './calls.js';
import { nameOf } from './names.js';
import { definitionElements } from './options.js';
import { type Mutable, nonEmpty, type Reader, required } from './reader.js';
import { setStatement } from './settings.js';

/** CREATE, ALTER and DROP of functions, procedures and aggregates, and CALL. */

const MODES: Readonly<Record<string, ast.ParameterDef['mode']>> = {
  FUNC_PARAM_IN: 'in',
  FUNC_PARAM_DEFAULT: 'in',
  FUNC_PARAM_OUT: 'out',
  FUNC_PARAM_INOUT: 'inout',
  FUNC_PARAM_VARIADIC: 'variadic',
  FUNC_PARAM_TABLE: 'table',
};

function parameter(node: pg.Node, reader: Reader): ast.ParameterDef {
  assert('FunctionParameter' in node, 'a parameter is expected in the parse tree');
  const { name, argType, mode, defexpr } = node.FunctionParameter;
  const definition: Mutable<ast.ParameterDef> = { mode: MODES[mode ?? 'FUNC_PARAM_IN'] ?? 'in', dataType: reader.type(argType) };
  if (name !== undefined && name !== '') definition.name = name;
  if (defexpr !== undefined) definition.default = reader.expr(defexpr);
  return { ...definition, ...reader.at(argType?.location) };
}

export function createRoutine(node: pg.CreateFunctionStmt, reader: Reader): ast.Statement {
  const statement: Mutable<ast.CreateRoutineStatement> = {
    type: 'create routine',
    form: node.is_procedure ? 'procedure' : 'function',
    name: nameOf(node.funcname),
    parameters: (node.parameters ?? []).map((each) => parameter(each, reader)),
    options: definitionElements(
      node.options?.filter((option) => !isSetting(option)),
      reader,
    ),
    settings: settingsOf(node.options, reader),
  };
  if (node.replace) statement.orReplace = true;
  if (node.returnType !== undefined) statement.returns = reader.type(node.returnType);
  const sourceStart = startOfSource(node.options, reader);
  if (sourceStart !== undefined) statement.sourceStart = sourceStart;
  if (node.sql_body !== undefined) statement.body = bodyOf(node.sql_body, reader);
  return statement;
}

/** Behind the opening quote of the only literal after AS. */
function startOfSource(options: readonly pg.Node[] | undefined, reader: Reader): number | undefined {
  const as = options?.find((option) => 'DefElem' in option && option.DefElem.defname === 'as');
  if (as === undefined || !('DefElem' in as)) return undefined;
  const start = reader.offset(as.DefElem.location);
  const items = as.DefElem.arg !== undefined && 'List' in as.DefElem.arg ? (as.DefElem.arg.List.items ?? []) : [];
  const [item, second] = items;
  if (start === undefined || item === undefined || !('String' in item) || second !== undefined) return undefined;
  const literal = tokenize(reader.source, start, reader.statementEnd)[1];
  const text = item.String.sval ?? '';
  if (literal?.kind !== 'string') return undefined;
  const quote = /^\$[^$]*\$|^'/.exec(reader.source.slice(literal.start, literal.end))?.[0] ?? '';
  const content = reader.source.slice(literal.start + quote.length, literal.end - quote.length);
  return quote !== '' && content === text ? literal.start + quote.length : undefined;
}

function isSetting(node: pg.Node): boolean {
  return 'DefElem' in node && node.DefElem.defname === 'set';
}

function settingsOf(nodes: readonly pg.Node[] | undefined, reader: Reader): readonly ast.SetStatement[] {
  return (nodes ?? []).flatMap((node) => {
    const arg = 'DefElem' in node && isSetting(node) ? node.DefElem.arg : undefined;
    if (arg === undefined || !('VariableSetStmt' in arg)) return [];
    const set = setStatement(arg.VariableSetStmt, reader);
    return set.type === 'set' ? [set] : [];
  });
}

/** The body as typed, which no node's location marks: from the first BEGIN ATOMIC or RETURN outside parentheses. */
function bodyOf(node: pg.Node, reader: Reader): NonNullable<ast.CreateRoutineStatement['body']> {
  const tokens = tokenize(reader.source, reader.statementStart, reader.statementEnd);
  const wanted = 'ReturnStmt' in node ? 'return' : 'begin';
  let depth = 0;
  const first = tokens.find(({ kind, text }) => {
    if (text === '(') depth++;
    else if (text === ')') depth--;
    return depth === 0 && kind === 'word' && text === wanted;
  });
  assert(first !== undefined, 'a body has its first word');
  const text = reader.source.slice(first.start, tokens.at(-1)?.end);
  if ('ReturnStmt' in node) return { text, statements: [], returns: reader.expr(node.ReturnStmt.returnval) };
  // A list in a list.
  const [list] = 'List' in node ? (node.List.items ?? []) : [];
  const items = list !== undefined && 'List' in list ? (list.List.items ?? []) : [];
  return { text, statements: items.filter((item) => Object.keys(item).length > 0).map((item) => bodyStatement(item, reader)) };
}

function bodyStatement(node: pg.Node, reader: Reader): ast.Statement {
  if (!('ReturnStmt' in node)) return reader.statement(node);
  return { type: 'select', columns: [{ expr: reader.expr(node.ReturnStmt.returnval) }] };
}

export function routineRef(node: pg.Node | pg.ObjectWithArgs | undefined, reader: Reader): ast.RoutineRef {
  assert(node !== undefined, 'a routine is expected in the parse tree');
  const named = 'ObjectWithArgs' in node ? node.ObjectWithArgs : (node as pg.ObjectWithArgs);
  const { objname, objargs, objfuncargs, args_unspecified } = named;
  const name = nameOf(objname);
  if (args_unspecified) return { name };
  if (nonEmpty(objfuncargs)) return { name, arguments: objfuncargs.map((each) => parameter(each, reader)) };
  return {
    name,
    arguments: (objargs ?? []).flatMap((arg) => ('TypeName' in arg ? [{ mode: 'in' as const, dataType: reader.type(arg.TypeName) }] : [])),
  };
}

export function alterRoutine(node: pg.AlterFunctionStmt, reader: Reader): ast.Statement {
  return {
    type: 'alter routine',
    objectType: routineWord(node.objtype),
    routine: routineRef(node.func, reader),
    options: definitionElements(
      node.actions?.filter((action) => !isSetting(action)),
      reader,
    ),
    settings: settingsOf(node.actions, reader),
  };
}

const WORDS: Readonly<Record<string, ast.RoutineWord>> = {
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'procedure',
  OBJECT_ROUTINE: 'routine',
  OBJECT_AGGREGATE: 'aggregate',
};

export function isRoutineType(type: pg.ObjectType | undefined): boolean {
  return type !== undefined && Object.hasOwn(WORDS, type);
}

function routineWord(type: pg.ObjectType | undefined): ast.RoutineWord {
  return WORDS[required(type, 'an object type')] ?? 'function';
}

export function dropRoutines(node: pg.DropStmt, reader: Reader): ast.Statement {
  const drop: Mutable<ast.DropRoutineStatement> = {
    type: 'drop routine',
    objectType: routineWord(node.removeType),
    routines: (node.objects ?? []).map((object) => routineRef(object, reader)),
  };
  if (node.missing_ok) drop.ifExists = true;
  if (node.behavior === 'DROP_CASCADE') drop.cascade = true;
  return drop;
}

export function callStatement(node: pg.CallStmt, reader: Reader): ast.Statement {
  const call = functionCall(required(node.funccall, 'CALL of a function'), reader);
  assert(call.type === 'call', 'CALL calls');
  return { type: 'call', call };
}

/** CREATE AGGREGATE: its parameters are a list of them and the number of direct ones. */
export function createAggregate(node: pg.DefineStmt, reader: Reader): ast.Statement {
  const statement: Mutable<ast.CreateAggregateStatement> = {
    type: 'create aggregate',
    name: nameOf(node.defnames),
    directCount: -1,
    options: typedOptions(node.definition, reader),
  };
  if (node.replace) statement.orReplace = true;
  if (node.oldstyle) return statement;
  const [list, count] = node.args ?? [];
  const items = list !== undefined && 'List' in list ? (list.List.items ?? []) : [];
  statement.parameters = items.map((each) => parameter(each, reader));
  if (count !== undefined && 'Integer' in count) statement.directCount = count.Integer.ival ?? 0;
  return statement;
}

/** `f(int8, int4)` is read as a type with names for modifiers, which nobody looks at. */
function withoutNames(type: pg.TypeName): pg.TypeName {
  if (type.typmods?.some((modifier) => 'ColumnRef' in modifier) !== true) return type;
  const { typmods: _typmods, ...rest } = type;
  return rest;
}

/** Options where a bare name may be a type's, a function's or a word: types stay types. */
export function typedOptions(nodes: readonly pg.Node[] | undefined, reader: Reader): ast.DefElement[] {
  return (nodes ?? []).flatMap((node) => {
    assert('DefElem' in node, 'an option is expected in the parse tree');
    const { defname, arg, location } = node.DefElem;
    if (arg === undefined || !('TypeName' in arg)) return definitionElements([node], reader);
    const value = { type: 'type' as const, dataType: reader.type(withoutNames(arg.TypeName)) };
    return [{ name: defname ?? '', value, ...reader.at(location) }];
  });
}
