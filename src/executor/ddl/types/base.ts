import type { BaseTypeDescriptor, RoutineDescriptor, TypeDescriptor } from '../../../catalog/descriptors.js';
import { procByOid, procsNamed } from '../../../catalog/made-routines.js';
import { typeRecord } from '../../../catalog/made-types.js';
import { isSuperuser } from '../../../catalog/privileges.js';
import type { Oid } from '../../../commons/ids.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { DataTypeDef, DefElement, QName } from '../../../planner/parse/ast.js';
import { TypeOid } from '../../../types/oids.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, creationSchema, nameText } from '../names.js';
import { warning } from '../notices.js';
import { booleanOption } from '../options.js';
import { initialPrivileges } from '../privileges/default-privileges.js';
import { newOid } from '../table-draft.js';
import { requireFreeTypeName, temporaryIn } from './find.js';

const KNOWN: ReadonlySet<string> = new Set([
  'like',
  'input',
  'output',
  'receive',
  'send',
  'typmod_in',
  'typmod_out',
  'analyze',
  'subscript',
  'category',
  'preferred',
  'delimiter',
  'element',
  'default',
  'passedbyvalue',
  'alignment',
  'storage',
  'internallength',
  'collatable',
]);

/**
 * CREATE TYPE name (INPUT = …, OUTPUT = …), and the shell type that its functions are made with. Values are those of the built-in type that
 * the input function reads.
 * @throws SqlError 42501, 42710, 42P17, 42883
 */
export async function createBaseType(statement: UtilityStatement<'create base type'>, cx: UtilityContext): Promise<UtilityResult> {
  const tag = 'CREATE TYPE';
  if (!isSuperuser(catalogOf(cx), cx.session.currentRole))
    throw new SqlError(SqlState.insufficientPrivilege, 'must be superuser to create a base type');
  const schema = creationSchema(statement.name, false, cx);
  const { name } = statement.name;
  const before = catalogOf(cx).type(schema.oid, name);
  const shell = before?.form === 'base' && before.like === undefined ? before : undefined;
  if (statement.options === undefined || shell === undefined) {
    if (statement.options === undefined || before !== undefined) await requireFreeTypeName(schema, name, cx);
    if (statement.options !== undefined) throw noShell(name);
    cx.session.catalog.put(cx.transaction, {
      kind: 'type',
      form: 'base',
      oid: newOid(cx),
      arrayType: newOid(cx),
      name,
      schema: schema.oid,
      owner: cx.session.currentRole,
      ...initialPrivileges('type', cx.session.currentRole, schema.oid, cx),
      ...temporaryIn(schema, cx),
    });
    return { tag };
  }
  cx.session.catalog.put(cx.transaction, { ...shell, ...definitionOf(statement.options, shell, cx) });
  return { tag };
}

function noShell(name: string): SqlError {
  return new SqlError(SqlState.duplicateObject, `type "${name}" does not exist`, {
    hint: 'Create the type as a shell type, then create its I/O functions, then do a full CREATE TYPE.',
  });
}

type Definition = Pick<BaseTypeDescriptor, 'like' | 'input' | 'output' | 'category' | 'preferred' | 'defaultText'>;

function definitionOf(options: readonly DefElement[], shell: TypeDescriptor, cx: UtilityContext): Definition {
  const given = new Map<string, DefElement>();
  for (const option of options) {
    const position = option._location?.start;
    if (!KNOWN.has(option.name)) {
      warning(cx, `type attribute "${option.name}" not recognized`, SqlState.syntaxError);
      continue;
    }
    if (given.has(option.name)) throw new SqlError(SqlState.syntaxError, 'conflicting or redundant options', { position });
    given.set(option.name, option);
  }
  const input = given.get('input');
  const output = given.get('output');
  if (input === undefined) throw incomplete('type input function must be specified');
  if (output === undefined) throw incomplete('type output function must be specified');
  const reader = ioFunction(nameOf(input), [TypeOid.cstring], shell.oid, 'input', shell, cx);
  const writer = ioFunction(nameOf(output), [shell.oid], TypeOid.cstring, 'output', shell, cx);
  const like = builtinOf(reader, cx);
  const category = textOf(given.get('category'));
  const preferred = given.get('preferred');
  const defaultText = textOf(given.get('default'));
  return {
    like,
    input: reader.oid,
    output: writer.oid,
    ...(category === undefined ? {} : { category }),
    ...(preferred === undefined ? {} : { preferred: booleanOption(preferred) }),
    ...(defaultText === undefined ? {} : { defaultText }),
  };
}

function incomplete(message: string): SqlError {
  return new SqlError(SqlState.invalidObjectDefinition, message);
}

function ioFunction(
  name: QName,
  args: readonly Oid[],
  result: Oid,
  which: 'input' | 'output',
  type: TypeDescriptor,
  cx: UtilityContext,
): RoutineDescriptor {
  const catalog = catalogOf(cx);
  const schemas = name.schema === undefined ? cx.planner.searchPath : [catalog.schema(name.schema)?.oid ?? 0];
  for (const schema of schemas) {
    const proc = procsNamed(catalog, schema, name.name).find(
      (candidate) => candidate.argTypes.length === args.length && candidate.argTypes.every((arg, i) => arg === args[i]),
    );
    if (proc === undefined) continue;
    if (proc.returnType !== result) {
      const wanted = which === 'input' ? type.name : 'cstring';
      throw incomplete(`type ${which} function ${nameText(name)} must return type ${wanted}`);
    }
    const routine = catalog.routine(proc.oid);
    if (routine !== undefined) return routine;
  }
  const shown = args[0] === TypeOid.cstring ? 'cstring' : type.name;
  throw new SqlError(SqlState.undefinedFunction, `function ${nameText(name)}(${shown}) does not exist`);
}

/** The type that an internal input function is of. */
function builtinOf(reader: RoutineDescriptor, cx: UtilityContext): Oid {
  if (reader.language !== 'internal') throw notSupported('a base type whose input function is not a built-in one');
  const { builtin } = catalogOf(cx);
  const like = builtin.types().find((type) => type.kind === 'b' && procByOid(catalogOf(cx), type.input)?.source === reader.source);
  if (like === undefined || typeRecord(catalogOf(cx), like.oid) === undefined)
    throw notSupported(`a base type that is read by ${reader.source}`);
  return like.oid;
}

function nameOf({ value }: DefElement): QName {
  const def: DataTypeDef | undefined = value?.type === 'type' ? value.dataType : value?.type === 'name' ? value.name : undefined;
  if (def !== undefined) return def.schema === undefined ? { name: def.name } : { schema: def.schema, name: def.name };
  return { name: value?.type === 'string' ? value.value : '' };
}

function textOf(option: DefElement | undefined): string | undefined {
  const value = option?.value;
  if (value === undefined) return undefined;
  if (value.type === 'string') return value.value;
  if (value.type === 'integer') return String(value.value);
  return value.type === 'type' ? value.dataType.name : undefined;
}
