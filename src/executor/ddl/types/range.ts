import { typeRecord } from '../../../catalog/made-types.js';
import type { Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { DataTypeDef, DefElement, QName } from '../../../planner/parse/ast.js';
import { findCollation } from '../collations.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { BTREE, opclassType } from '../index-columns.js';
import { catalogOf, creationSchema } from '../names.js';
import { initialPrivileges } from '../privileges/default-privileges.js';
import { dataType } from '../scalar.js';
import { newOid } from '../table-draft.js';
import { requireFreeTypeName, temporaryIn } from './find.js';

/** CREATE TYPE … AS RANGE. Its constructor functions are found by the type's name. */
export async function createRange(statement: UtilityStatement<'create range'>, cx: UtilityContext): Promise<UtilityResult> {
  const schema = creationSchema(statement.name, false, cx);
  const { name } = statement.name;
  await requireFreeTypeName(schema, name, cx);
  const options = new Map<string, DefElement>();
  for (const option of statement.options) {
    if (!KNOWN.has(option.name)) {
      throw new SqlError(SqlState.syntaxError, `type attribute "${option.name}" not recognized`);
    }
    if (options.has(option.name)) throw new SqlError(SqlState.syntaxError, 'conflicting or redundant options');
    options.set(option.name, option);
  }
  const subtypeName = options.get('subtype');
  if (subtypeName === undefined) throw new SqlError(SqlState.syntaxError, 'type attribute "subtype" is required');
  const subtype = dataType(typeOfOption(subtypeName), cx).type;
  const record = typeRecord(catalogOf(cx), subtype);
  if (record === undefined || record.kind === 'p')
    throw new SqlError(SqlState.datatypeMismatch, `range subtype cannot be ${record?.name ?? '???'}`);
  const written = options.get('collation');
  const collation = written === undefined ? record.collation : findCollation(nameOfOption(written), cx);
  const multirangeOption = options.get('multirange_type_name');
  const multirangeName = multirangeOption === undefined ? defaultMultirangeName(name) : nameOfOption(multirangeOption).name;
  await requireFreeTypeName(schema, multirangeName, cx);
  cx.session.catalog.put(cx.transaction, {
    kind: 'type',
    form: 'range',
    arrayType: newOid(cx),
    oid: newOid(cx),
    name,
    schema: schema.oid,
    owner: cx.session.currentRole,
    ...initialPrivileges('type', cx.session.currentRole, schema.oid, cx),
    ...temporaryIn(schema, cx),
    subtype,
    opclass: opclassFor(subtype, cx),
    subdiff: subdiffOf(options.get('subtype_diff'), cx),
    multirangeName,
    multirangeType: newOid(cx),
    multirangeArrayType: newOid(cx),
    constructors: [newOid(cx), newOid(cx), newOid(cx), newOid(cx), newOid(cx)],
    ...(collation === 0 ? {} : { collation }),
  });
  return { tag: 'CREATE TYPE' };
}

const KNOWN: ReadonlySet<string> = new Set([
  'subtype',
  'subtype_opclass',
  'collation',
  'canonical',
  'subtype_diff',
  'multirange_type_name',
]);

/** 'range' in the name becomes 'multirange', else it is put behind. */
function defaultMultirangeName(name: string): string {
  const at = name.indexOf('range');
  return at < 0 ? `${name}_multirange` : `${name.slice(0, at)}multi${name.slice(at)}`;
}

function typeOfOption({ value }: DefElement): DataTypeDef {
  if (value?.type === 'type') return value.dataType;
  if (value?.type === 'name') return value.name;
  if (value?.type === 'list') return qualified(value.values.map((part) => (part.type === 'string' ? part.value : '')));
  return { name: value?.type === 'string' ? value.value : '' };
}

function qualified(parts: readonly string[]): DataTypeDef {
  const [name = '', schema] = [...parts].reverse();
  return schema === undefined ? { name } : { schema, name };
}

function nameOfOption(option: DefElement): QName {
  const { schema, name } = typeOfOption(option);
  return schema === undefined ? { name } : { schema, name };
}

/** @throws SqlError 42704 for a subtype without an order */
function opclassFor(subtype: Oid, cx: UtilityContext): Oid {
  const opclass = catalogOf(cx).builtin.defaultOpclass(opclassType(catalogOf(cx), subtype), BTREE);
  if (opclass !== undefined) return opclass.oid;
  const name = typeRecord(catalogOf(cx), subtype)?.name ?? '???';
  throw new SqlError(SqlState.undefinedObject, `data type ${name} has no default operator class for access method "btree"`, {
    hint: 'You must specify an operator class for the range type or define a default operator class for the subtype.',
  });
}

function subdiffOf(option: DefElement | undefined, cx: UtilityContext): Oid {
  if (option === undefined) return 0;
  const { name } = nameOfOption(option);
  const proc = catalogOf(cx).builtin.procsByName(name)[0];
  if (proc === undefined) throw new SqlError(SqlState.undefinedFunction, `function ${name} does not exist`);
  return proc.oid;
}
