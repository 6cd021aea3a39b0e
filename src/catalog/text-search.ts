import type { Oid } from '../commons/ids.js';
import { SchemaOid } from '../commons/system-names.js';
import { TEXT_SEARCH_CONFIGURATIONS, type TextSearchConfiguration } from '../types/text-search/configurations.js';
import {
  EXTENSION_DICTIONARIES,
  LANGUAGE_DICTIONARIES,
  SIMPLE_DICTIONARY,
  simpleLexize,
  snowballLexize,
  stopWordsOf,
  TEMPLATES,
  type TextSearchDictionary,
} from '../types/text-search/dictionaries.js';
import { STEMMERS } from '../types/text-search/stemmers.js';
import type { CatalogSnapshot } from './catalog.js';
import type { TextSearchConfigurationDescriptor, TextSearchDictionaryDescriptor } from './descriptors.js';

/** Text search objects that PostgreSQL is born with and users' own, by the same names. */

export const BUILTIN_DICTIONARIES: readonly TextSearchDictionary[] = [SIMPLE_DICTIONARY, ...LANGUAGE_DICTIONARIES];

const dictionaries = new WeakMap<TextSearchDictionaryDescriptor, TextSearchDictionary>();
const configurations = new WeakMap<TextSearchConfigurationDescriptor, TextSearchConfiguration>();

export function dictionaryByOid(catalog: CatalogSnapshot, oid: Oid): TextSearchDictionary | undefined {
  const builtin = BUILTIN_DICTIONARIES.find((dictionary) => dictionary.oid === oid);
  if (builtin !== undefined) return builtin;
  const brought = EXTENSION_DICTIONARIES.find((dictionary) => dictionary.oid === oid);
  if (brought !== undefined) return catalog.extension(brought.extension) === undefined ? undefined : brought;
  const own = catalog.textSearchDictionary(oid);
  return own === undefined ? undefined : dictionaryOf(own);
}

function dictionaryOf(descriptor: TextSearchDictionaryDescriptor): TextSearchDictionary {
  let made = dictionaries.get(descriptor);
  if (made === undefined) {
    made = { oid: descriptor.oid, name: descriptor.name, lexize: lexizeOf(descriptor) };
    dictionaries.set(descriptor, made);
  }
  return made;
}

function lexizeOf({ template, options }: TextSearchDictionaryDescriptor): TextSearchDictionary['lexize'] {
  const stopWords = stopWordsOf(options.stopwords ?? '') ?? new Set<string>();
  const stem = STEMMERS[options.language ?? ''];
  const isSnowball = TEMPLATES.find(({ oid }) => oid === template)?.name === 'snowball';
  return isSnowball && stem !== undefined ? snowballLexize(stem, stopWords) : simpleLexize(stopWords, options.accept !== 'false');
}

export function configurationByOid(catalog: CatalogSnapshot, oid: Oid): TextSearchConfiguration | undefined {
  const builtin = TEXT_SEARCH_CONFIGURATIONS.find((configuration) => configuration.oid === oid);
  if (builtin !== undefined) return builtin;
  const own = catalog.textSearchConfiguration(oid);
  if (own === undefined) return undefined;
  let made = configurations.get(own);
  if (made === undefined) {
    const mappings = new Map(
      Object.entries(own.mappings).map(([type, oids]) => [
        Number(type),
        oids.flatMap((dictionary) => dictionaryByOid(catalog, dictionary) ?? []),
      ]),
    );
    made = { oid, name: own.name, mappings };
    // Its dictionaries may be changed without it.
    if (Object.values(own.mappings).every((oids) => oids.every(isBuiltinDictionary))) configurations.set(own, made);
  }
  return made;
}

function isBuiltinDictionary(oid: Oid): boolean {
  return BUILTIN_DICTIONARIES.some((dictionary) => dictionary.oid === oid);
}

/** By name in a schema. */
export function configurationNamed(catalog: CatalogSnapshot, schema: Oid, name: string): Oid | undefined {
  if (schema === SchemaOid.pgCatalog) return TEXT_SEARCH_CONFIGURATIONS.find((configuration) => configuration.name === name)?.oid;
  for (const own of catalog.textSearchConfigurations()) if (own.schema === schema && own.name === name) return own.oid;
  return undefined;
}

export function dictionaryNamed(catalog: CatalogSnapshot, schema: Oid, name: string): Oid | undefined {
  if (schema === SchemaOid.pgCatalog) return BUILTIN_DICTIONARIES.find((dictionary) => dictionary.name === name)?.oid;
  for (const brought of EXTENSION_DICTIONARIES)
    if (brought.name === name && catalog.extension(brought.extension)?.schema === schema) return brought.oid;
  for (const own of catalog.textSearchDictionaries()) if (own.schema === schema && own.name === name) return own.oid;
  return undefined;
}

/** pg_ts_dict.dictinitoption. */
export function optionsText(options: Readonly<Record<string, string>>): string | null {
  const parts = Object.entries(options).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  return parts.length === 0 ? null : parts.join(', ');
}

/** What tells the schema of a dictionary that PostgreSQL is not born with. */
export function placeOfDictionary(catalog: CatalogSnapshot, oid: Oid): { readonly schema: Oid } | undefined {
  const brought = EXTENSION_DICTIONARIES.find((dictionary) => dictionary.oid === oid);
  return brought === undefined ? catalog.textSearchDictionary(oid) : catalog.extension(brought.extension);
}
