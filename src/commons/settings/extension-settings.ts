import { SettingName } from '../setting-names.js';
import type { RealSetting, SettingDefinition } from './definition.js';
import { enumeration, integer, string, toggle } from './shorthand.js';

function threshold(name: string, boot: string, description: string): RealSetting {
  return { type: 'real', name, boot, min: 0, max: 1, context: 'user', description, hidden: true };
}

/** Settings of extensions, there whether or not the extension is. PostgreSQL shows them only once a session has loaded its library. */
export const EXTENSION_SETTINGS: readonly SettingDefinition[] = [
  toggle('plpgsql.check_asserts', 'on', 'user', 'Perform checks given in ASSERT statements.', { hidden: true }),
  string('plpgsql.extra_errors', 'none', 'user', 'List of programming constructs that should produce an error.', { hidden: true }),
  string('plpgsql.extra_warnings', 'none', 'user', 'List of programming constructs that should produce a warning.', { hidden: true }),
  toggle(
    'plpgsql.print_strict_params',
    'off',
    'user',
    'Print information about parameters in the DETAIL part of the error messages generated on INTO ... STRICT failures.',
    { hidden: true },
  ),
  enumeration(
    'plpgsql.variable_conflict',
    'error',
    ['error', 'use_variable', 'use_column'],
    'superuser',
    'Sets handling of conflicts between PL/pgSQL variable names and table column names.',
    { hidden: true },
  ),
  integer(
    SettingName.statementsMax,
    '5000',
    { min: 100, max: 1_073_741_823 },
    'postmaster',
    'Sets the maximum number of statements tracked by pg_stat_statements.',
  ),
  enumeration(
    SettingName.statementsTrack,
    'top',
    ['none', 'top', 'all'],
    'superuser',
    'Selects which statements are tracked by pg_stat_statements; all: as top.',
    {},
  ),
  toggle(SettingName.statementsTrackUtility, 'on', 'superuser', 'Selects whether utility commands are tracked by pg_stat_statements.'),
  threshold('pg_trgm.similarity_threshold', '0.3', 'Least similarity of texts for the operator %.'),
  threshold('pg_trgm.word_similarity_threshold', '0.6', 'Least word similarity for the operator <%.'),
  threshold('pg_trgm.strict_word_similarity_threshold', '0.5', 'Least strict word similarity for the operator <<%.'),
  integer('hnsw.ef_search', '40', { min: 1, max: 1000 }, 'user', 'No effect: searches are exact.', { hidden: true }),
  enumeration('hnsw.iterative_scan', 'off', ['off', 'relaxed_order', 'strict_order'], 'user', 'No effect: searches are exact.', {
    hidden: true,
  }),
  integer('hnsw.max_scan_tuples', '20000', { min: 1, max: 2_147_483_647 }, 'user', 'No effect: searches are exact.', { hidden: true }),
  integer('ivfflat.probes', '1', { min: 1, max: 32_768 }, 'user', 'No effect: searches are exact.', { hidden: true }),
  integer('ivfflat.max_probes', '32768', { min: 1, max: 32_768 }, 'user', 'No effect: searches are exact.', { hidden: true }),
];
