import type { AvailableExtension } from '../types.js';

/** Most are like this. */
const TRUSTED = { otherVersions: [], superuser: true, trusted: true, relocatable: true } as const;

/**
 * What CREATE EXTENSION can make. An extension is an entry here, its objects in src/catalog/data/extensions/<name>.json (by
 * scripts/generate-extensions.mjs), its functions in src/executor/functions/extensions, and codecs of its types in src/types/extensions.
 */
export const AVAILABLE_EXTENSIONS: readonly AvailableExtension[] = Object.freeze([
  {
    ...TRUSTED,
    name: 'amcheck',
    defaultVersion: '1.3',
    otherVersions: ['1.0', '1.1', '1.2'],
    comment: 'functions for verifying relation integrity',
    trusted: false,
  },
  {
    ...TRUSTED,
    name: 'btree_gin',
    defaultVersion: '1.3',
    otherVersions: ['1.0', '1.1', '1.2'],
    comment: 'support for indexing common datatypes in GIN',
  },
  {
    ...TRUSTED,
    name: 'btree_gist',
    defaultVersion: '1.7',
    otherVersions: ['1.2', '1.3', '1.4', '1.5', '1.6'],
    comment: 'support for indexing common datatypes in GiST',
  },
  {
    ...TRUSTED,
    name: 'citext',
    defaultVersion: '1.6',
    otherVersions: ['1.4', '1.5'],
    comment: 'data type for case-insensitive character strings',
  },
  { ...TRUSTED, name: 'fuzzystrmatch', defaultVersion: '1.1', comment: 'determine similarities and distance between strings' },
  {
    ...TRUSTED,
    name: 'hstore',
    defaultVersion: '1.8',
    otherVersions: ['1.4', '1.5', '1.6', '1.7'],
    comment: 'data type for storing sets of (key, value) pairs',
  },
  {
    ...TRUSTED,
    name: 'insert_username',
    defaultVersion: '1.0',
    comment: 'functions for tracking who changed a table',
    trusted: false,
  },
  {
    ...TRUSTED,
    name: 'intarray',
    defaultVersion: '1.5',
    otherVersions: ['1.2', '1.3', '1.4'],
    comment: 'functions, operators, and index support for 1-D arrays of integers',
  },
  { ...TRUSTED, name: 'ltree', defaultVersion: '1.2', otherVersions: ['1.1'], comment: 'data type for hierarchical tree-like structures' },
  { ...TRUSTED, name: 'moddatetime', defaultVersion: '1.0', comment: 'functions for tracking last modification time', trusted: false },
  {
    ...TRUSTED,
    name: 'pg_stat_statements',
    defaultVersion: '1.10',
    otherVersions: ['1.4', '1.5', '1.6', '1.7', '1.8', '1.9'],
    comment: 'track planning and execution statistics of all SQL statements executed',
    trusted: false,
    views: [
      ['pg_stat_statements_info', 'SELECT * FROM pg_stat_statements_info()'],
      ['pg_stat_statements', 'SELECT * FROM pg_stat_statements(true)'],
    ],
  },
  {
    ...TRUSTED,
    name: 'pg_trgm',
    defaultVersion: '1.6',
    otherVersions: ['1.3', '1.4', '1.5'],
    comment: 'text similarity measurement and index searching based on trigrams',
  },
  { ...TRUSTED, name: 'pgcrypto', defaultVersion: '1.3', comment: 'cryptographic functions' },
  {
    ...TRUSTED,
    name: 'plpgsql',
    defaultVersion: '1.0',
    comment: 'PL/pgSQL procedural language',
    relocatable: false,
    schema: 'pg_catalog',
    isEmpty: true,
  },
  { ...TRUSTED, name: 'unaccent', defaultVersion: '1.1', comment: 'text search dictionary that removes accents' },
  { ...TRUSTED, name: 'uuid-ossp', defaultVersion: '1.1', comment: 'generate universally unique identifiers (UUIDs)' },
  {
    ...TRUSTED,
    name: 'vector',
    defaultVersion: '0.8.0',
    comment: 'vector data type and ivfflat and hnsw access methods',
    trusted: false,
  },
]);
