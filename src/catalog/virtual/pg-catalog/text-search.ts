import { RoleOid, SchemaOid } from '../../../commons/system-names.js';
import { TEXT_SEARCH_CONFIGURATIONS } from '../../../types/text-search/configurations.js';
import {
  EXTENSION_DICTIONARIES,
  LANGUAGE_DICTIONARIES,
  SIMPLE_DICTIONARY,
  stopWordsOf,
  TEMPLATES,
} from '../../../types/text-search/dictionaries.js';
import type { Row } from '../../../types/value.js';
import { optionsText } from '../../text-search.js';
import type { Providers, VirtualScan } from '../scan.js';

export const TEXT_SEARCH_PROVIDERS: Providers = {
  'pg_catalog.pg_ts_config': configurations,
  'pg_catalog.pg_ts_config_map': mappings,
  'pg_catalog.pg_ts_dict': dictionaries,
  'pg_catalog.pg_ts_parser': () => [[DEFAULT_PARSER, 'default', SchemaOid.pgCatalog, ...PARSER_FUNCTIONS]],
  'pg_catalog.pg_ts_template': () => TEMPLATES.map(({ oid, name, init, lexize }) => [oid, name, SchemaOid.pgCatalog, init, lexize]),
};

/** The only parser, and its functions (start, token, end, headline, token types). */
export const DEFAULT_PARSER = 3722;
const PARSER_FUNCTIONS = [3717, 3718, 3719, 3720, 3721] as const;
const SNOWBALL = 13_150;

function* configurations(scan: VirtualScan): Iterable<Row> {
  for (const { oid, name } of TEXT_SEARCH_CONFIGURATIONS) yield [oid, name, SchemaOid.pgCatalog, RoleOid.postgres, DEFAULT_PARSER];
  for (const own of scan.catalog.textSearchConfigurations()) yield [own.oid, own.name, own.schema, own.owner, DEFAULT_PARSER];
}

function* mappings(scan: VirtualScan): Iterable<Row> {
  for (const { oid, mappings: known } of TEXT_SEARCH_CONFIGURATIONS)
    for (const [type, dictionariesOfType] of known)
      for (const [i, dictionary] of dictionariesOfType.entries()) yield [oid, type, i + 1, dictionary.oid];
  for (const own of scan.catalog.textSearchConfigurations())
    for (const [type, oids] of Object.entries(own.mappings))
      for (const [i, oid] of oids.entries()) yield [own.oid, Number(type), i + 1, oid];
}

function* dictionaries(scan: VirtualScan): Iterable<Row> {
  yield [SIMPLE_DICTIONARY.oid, SIMPLE_DICTIONARY.name, SchemaOid.pgCatalog, RoleOid.postgres, 3727, null];
  for (const { oid, name, language } of LANGUAGE_DICTIONARIES) {
    const options = optionsText({ language, ...(stopWordsOf(language) === undefined ? {} : { stopwords: language }) });
    yield [oid, name, SchemaOid.pgCatalog, RoleOid.postgres, SNOWBALL, options];
  }
  for (const { oid, name, extension } of EXTENSION_DICTIONARIES) {
    const installed = scan.catalog.extension(extension);
    if (installed !== undefined) yield [oid, name, installed.schema, installed.owner, oid - 1, "rules = 'unaccent'"];
  }
  for (const own of scan.catalog.textSearchDictionaries())
    yield [own.oid, own.name, own.schema, own.owner, own.template, optionsText(own.options)];
}
