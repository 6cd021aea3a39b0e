import type { RealSetting, SettingDefinition } from './definition.js';
import { enumeration, integer } from './shorthand.js';

function threshold(name: string, boot: string, description: string): RealSetting {
  return { type: 'real', name, boot, min: 0, max: 1, context: 'user', description, hidden: true };
}

/** Settings of extensions, there whether or not the extension is. PostgreSQL shows them only once a session has loaded its library. */
export const EXTENSION_SETTINGS: readonly SettingDefinition[] = [
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
