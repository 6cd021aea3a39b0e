import type { TextSearchConfigurationDescriptor, TextSearchDictionaryDescriptor } from '../../catalog/descriptors.js';
import { configurationByOid, configurationNamed, dictionaryNamed } from '../../catalog/text-search.js';
import type { Oid } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { DefElement, QName } from '../../planner/parse/ast.js';
import { stopWordsOf, TEMPLATES } from '../../types/text-search/dictionaries.js';
import { STEMMERS } from '../../types/text-search/stemmers.js';
import { TOKEN_NAMES, TokenType } from '../../types/text-search/token-types.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { catalogOf, creationSchema, findSchema, lockName, nameText, ownedBy } from './names.js';
import { notice } from './notices.js';
import { textOption } from './options.js';

type Kind = 'text search configuration' | 'text search dictionary';
type Descriptor = TextSearchConfigurationDescriptor | TextSearchDictionaryDescriptor;

const NAMED = { 'text search configuration': configurationNamed, 'text search dictionary': dictionaryNamed } as const;

/** PostgreSQL's own unique indexes, which it names where a name is taken. */
const NAME_INDEXES = {
  'text search configuration': { index: 'pg_ts_config_cfgname_index', columns: 'cfgname, cfgnamespace' },
  'text search dictionary': { index: 'pg_ts_dict_dictname_index', columns: 'dictname, dictnamespace' },
} as const;

function schemasOf(name: QName, cx: UtilityContext): readonly Oid[] {
  return name.schema === undefined ? cx.planner.searchPath : [findSchema(name.schema, cx).oid];
}

function lookUp(kind: Kind, name: QName, cx: UtilityContext): Oid | undefined {
  for (const schema of schemasOf(name, cx)) {
    const found = NAMED[kind](catalogOf(cx), schema, name.name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @throws SqlError 42704 */
function find(kind: Kind, name: QName, cx: UtilityContext): Oid {
  const oid = lookUp(kind, name, cx);
  if (oid === undefined) throw new SqlError(SqlState.undefinedObject, `${kind} "${nameText(name)}" does not exist`);
  return oid;
}

/** A user's own, locked until the transaction ends. @throws SqlError 42704, 42501 */
async function findOwn(kind: Kind, name: QName, cx: UtilityContext): Promise<Descriptor> {
  const oid = find(kind, name, cx);
  await lockName(kind, String(oid), cx);
  const catalog = catalogOf(cx);
  const own = kind === 'text search configuration' ? catalog.textSearchConfiguration(oid) : catalog.textSearchDictionary(oid);
  if (own === undefined || !ownedBy(own.owner, cx))
    throw new SqlError(SqlState.insufficientPrivilege, `must be owner of ${kind} ${nameText(name)}`);
  return own;
}

export async function createTextSearch(statement: UtilityStatement<'create text search'>, cx: UtilityContext): Promise<UtilityResult> {
  const { objectType, name, options } = statement;
  const tag = `CREATE ${objectType.toUpperCase()}`;
  if (objectType === 'text search parser' || objectType === 'text search template') throw notSupported(tag);
  const schema = creationSchema(name, false, cx);
  await lockName(objectType, `${schema.oid} ${name.name}`, cx);
  if (NAMED[objectType](catalogOf(cx), schema.oid, name.name) !== undefined)
    throw new SqlError(SqlState.uniqueViolation, `duplicate key value violates unique constraint "${NAME_INDEXES[objectType].index}"`, {
      detail: `Key (${NAME_INDEXES[objectType].columns})=(${name.name}, ${schema.oid}) already exists.`,
    });
  const common = { oid: cx.session.catalog.allocateOid(), name: name.name, owner: cx.session.currentRole, schema: schema.oid };
  const descriptor: Descriptor =
    objectType === 'text search configuration'
      ? { ...common, kind: objectType, mappings: configurationMappings(options, cx) }
      : { ...common, kind: objectType, ...dictionaryDefinition(options) };
  cx.session.catalog.put(cx.transaction, descriptor);
  return { tag };
}

function nameOption(option: DefElement): QName {
  const parts = textOption(option).split('.');
  const [name = '', schema] = parts.reverse();
  return schema === undefined ? { name } : { schema, name };
}

/** COPY = another one, or PARSER = default without any mapping. @throws SqlError 42P17 … */
function configurationMappings(options: readonly DefElement[], cx: UtilityContext): TextSearchConfigurationDescriptor['mappings'] {
  let parser: DefElement | undefined;
  let copy: DefElement | undefined;
  for (const option of options) {
    if (option.name === 'parser') parser = option;
    else if (option.name === 'copy') copy = option;
    else throw new SqlError(SqlState.syntaxError, `text search configuration parameter "${option.name}" not recognized`);
  }
  if (parser !== undefined && copy !== undefined) throw new SqlError(SqlState.syntaxError, 'cannot specify both PARSER and COPY options');
  if (copy !== undefined) {
    const source = configurationByOid(catalogOf(cx), find('text search configuration', nameOption(copy), cx));
    return Object.fromEntries([...(source?.mappings ?? [])].map(([type, found]) => [type, found.map(({ oid }) => oid)]));
  }
  if (parser === undefined) throw new SqlError(SqlState.invalidObjectDefinition, 'text search parser is required');
  const { name } = nameOption(parser);
  if (name !== 'default') throw new SqlError(SqlState.undefinedObject, `text search parser "${name}" does not exist`);
  return {};
}

/** @throws SqlError 42704, 22023 … */
function dictionaryDefinition(options: readonly DefElement[]): Pick<TextSearchDictionaryDescriptor, 'template' | 'options'> {
  const named = options.find(({ name }) => name === 'template');
  if (named === undefined) throw new SqlError(SqlState.invalidObjectDefinition, 'text search template is required');
  const { name } = nameOption(named);
  const template = TEMPLATES.find((candidate) => candidate.name === name);
  if (template === undefined) throw new SqlError(SqlState.undefinedObject, `text search template "${name}" does not exist`);
  if (name !== 'simple' && name !== 'snowball') throw notSupported(`text search dictionaries of template ${name}`);
  const given = Object.fromEntries(options.filter((option) => option !== named).map((option) => [option.name, textOption(option)]));
  return { template: template.oid, options: checkedOptions(name, given) };
}

/** @throws SqlError 22023, F0000 */
function checkedOptions(template: 'simple' | 'snowball', given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const word = template === 'simple' ? 'simple dictionary' : 'Snowball';
  for (const [name, value] of Object.entries(given)) {
    const known = name === 'stopwords' || name === (template === 'simple' ? 'accept' : 'language');
    if (!known)
      throw new SqlError(
        SqlState.invalidParameterValue,
        template === 'simple' ? `unrecognized ${word} parameter: "${name}"` : `unrecognized ${word} parameter: "${name}"`,
      );
    if (name === 'stopwords' && stopWordsOf(value.toLowerCase()) === undefined)
      throw new SqlError(SqlState.configFileError, `could not open stop-word file "${value}.stop": No such file or directory`);
    if (name === 'language' && STEMMERS[value.toLowerCase()] === undefined)
      throw new SqlError(SqlState.undefinedObject, `no Snowball stemmer available for language "${value}" and encoding "UTF8"`);
  }
  if (template === 'snowball' && given.language === undefined)
    throw new SqlError(SqlState.invalidParameterValue, 'missing Language parameter');
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      name === 'accept' ? String(/^(t|true|on|yes|1)$/i.test(value)) : value.toLowerCase(),
    ]),
  );
}

/** Options that are given take others' place; an option without a value goes. */
export async function alterTextSearchDictionary(
  statement: UtilityStatement<'alter text search dictionary'>,
  cx: UtilityContext,
): Promise<UtilityResult> {
  const own = await findOwn('text search dictionary', statement.name, cx);
  if (own.kind === 'text search dictionary') {
    const options = { ...own.options };
    for (const option of statement.options) {
      delete options[option.name];
      if (option.value !== undefined) options[option.name] = textOption(option);
    }
    const template = TEMPLATES.find(({ oid }) => oid === own.template)?.name === 'snowball' ? 'snowball' : 'simple';
    cx.session.catalog.put(cx.transaction, { ...own, options: checkedOptions(template, options) });
  }
  return { tag: 'ALTER TEXT SEARCH DICTIONARY' };
}

/** @throws SqlError 22023 */
function tokenTypeOf(name: string): number {
  const known = TOKEN_NAMES.find((candidate) => candidate === name);
  if (known === undefined) throw new SqlError(SqlState.invalidParameterValue, `token type "${name}" does not exist`);
  return TokenType[known];
}

export async function alterTextSearchConfiguration(
  statement: UtilityStatement<'alter text search configuration'>,
  cx: UtilityContext,
): Promise<UtilityResult> {
  const own = await findOwn('text search configuration', statement.name, cx);
  if (own.kind !== 'text search configuration') return { tag: 'ALTER TEXT SEARCH CONFIGURATION' };
  const mappings: Record<number, readonly Oid[]> = { ...own.mappings };
  const dictionaries = statement.dictionaries.map((name) => find('text search dictionary', name, cx));
  const types = statement.tokenTypes.map((name) => [name, tokenTypeOf(name)] as const);
  switch (statement.action) {
    case 'add':
    case 'alter':
      for (const [name, type] of types) {
        if (statement.action === 'add' && mappings[type] !== undefined)
          throw new SqlError(SqlState.uniqueViolation, 'duplicate key value violates unique constraint "pg_ts_config_map_index"', {
            detail: `Key (mapcfg, maptokentype, mapseqno)=(${own.oid}, ${TokenType[name as keyof typeof TokenType]}, 1) already exists.`,
          });
        mappings[type] = dictionaries;
      }
      break;
    case 'drop':
      for (const [name, type] of types) {
        if (mappings[type] !== undefined) delete mappings[type];
        else if (statement.ifExists === true) notice(cx, `mapping for token type "${name}" does not exist, skipping`);
        else throw new SqlError(SqlState.undefinedObject, `mapping for token type "${name}" does not exist`);
      }
      break;
    case 'replace': {
      const [before = 0, after = 0] = dictionaries;
      const wanted = types.length === 0 ? Object.keys(mappings).map(Number) : types.map(([, type]) => type);
      for (const type of wanted) {
        const known = mappings[type];
        if (known !== undefined) mappings[type] = known.map((oid) => (oid === before ? after : oid));
      }
    }
  }
  cx.session.catalog.put(cx.transaction, { ...own, mappings });
  return { tag: 'ALTER TEXT SEARCH CONFIGURATION' };
}

export async function dropTextSearch(statement: UtilityStatement<'drop'>, cx: UtilityContext): Promise<UtilityResult> {
  const kind: Kind = statement.objectType === 'text search configuration' ? 'text search configuration' : 'text search dictionary';
  for (const name of statement.names) {
    if (statement.ifExists === true && lookUp(kind, name, cx) === undefined) {
      notice(cx, `${kind} "${nameText(name)}" does not exist, skipping`);
      continue;
    }
    const own = await findOwn(kind, name, cx);
    if (own.kind === 'text search dictionary') dropUsesOf(own, statement.cascade === true, cx);
    cx.session.catalog.remove(cx.transaction, own.kind, own.oid);
  }
  return { tag: `DROP ${kind.toUpperCase()}` };
}

/** Configurations that ask the dictionary. @throws SqlError 2BP01 */
function dropUsesOf(dictionary: TextSearchDictionaryDescriptor, cascade: boolean, cx: UtilityContext): void {
  const users = [...catalogOf(cx).textSearchConfigurations()].filter(({ mappings }) =>
    Object.values(mappings).some((oids) => oids.includes(dictionary.oid)),
  );
  if (users.length === 0) return;
  if (!cascade)
    throw new SqlError(
      SqlState.dependentObjectsStillExist,
      `cannot drop text search dictionary ${dictionary.name} because other objects depend on it`,
      {
        detail: users
          .map(({ name }) => `text search configuration ${name} depends on text search dictionary ${dictionary.name}`)
          .join('\n'),
        hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
      },
    );
  for (const user of users) {
    notice(cx, `drop cascades to text search configuration ${user.name}`);
    cx.session.catalog.remove(cx.transaction, user.kind, user.oid);
  }
}

/** COMMENT ON, RENAME, OWNER TO and SET SCHEMA change the descriptor alone. */
export async function changeTextSearch(
  kind: Kind,
  name: QName,
  change: Partial<Pick<Descriptor, 'name' | 'owner' | 'schema' | 'comment'>>,
  cx: UtilityContext,
): Promise<void> {
  const own = await findOwn(kind, name, cx);
  const after = { ...own, ...change };
  if (change.name !== undefined || change.schema !== undefined) {
    if (NAMED[kind](catalogOf(cx), after.schema, after.name) !== undefined)
      throw new SqlError(
        SqlState.duplicateObject,
        `${kind} "${after.name}" already exists in schema "${catalogOf(cx).schemaByOid(after.schema)?.name}"`,
      );
  }
  cx.session.catalog.put(cx.transaction, after);
}

export function isTextSearchKind(objectType: string): objectType is Kind {
  return objectType === 'text search configuration' || objectType === 'text search dictionary';
}
