import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));

export const hasCorpus = existsSync(FOLDER);

/** The schema that the clients' statements were run on. */
export const corpusSchema = (): string => readFileSync(`${FOLDER}/_schema_used.txt`, 'utf8');

export interface ClientStatement {
  /** The file that it stands in first. */
  readonly client: string;
  readonly text: string;
}

const QUERY = /^\s*(?:--[^\n]*\n\s*|\/\*.*?\*\/\s*)*(select|with|values|table|show)\b/is;
const CATALOG = /\bpg_|information_schema|\bcurrent_|\bversion\(|^\s*show\b|regclass|obj_description/i;
/** What shows the server itself, or waits. */
const OWN =
  /pg_sleep|pg_stat_|pg_locks|pg_backend_pid|txid|pg_current_|pg_is_in|pg_postmaster|inet_|pg_advisory|now\(\)|clock_timestamp|pg_settings|pg_size|_size\(|pg_export|pg_terminate|pg_cancel|nextval|setval|random|pg_notify|for update|into\b|pg_timezone|pg_file|pg_ls|pg_read|pg_conf|pg_logical|pg_create|pg_drop|pg_replication|pg_control|pg_last|pg_wal|pg_switch|pg_start|pg_stop|pg_backup|set_config|lo_/i;

/** Recorded oids of users' objects. */
export const RECORDED_OID = /(?<![\w.])(1[6-9]\d{3}|[2-9]\d{4})(?![\w.])/g;

/** Queries over the catalogs, each once. */
export function catalogQueries(): readonly ClientStatement[] {
  const seen = new Set<string>();
  const found: ClientStatement[] = [];
  for (const file of readdirSync(FOLDER).sort()) {
    if (!file.endsWith('.sql')) continue;
    for (const text of readFileSync(`${FOLDER}/${file}`, 'utf8').split(/^----$/m)) {
      const key = text.trim().replaceAll(/\s+/g, ' ').replaceAll(RECORDED_OID, '#');
      if (seen.has(key) || !QUERY.test(text) || !CATALOG.test(text) || OWN.test(text)) continue;
      seen.add(key);
      found.push({ client: file.replace(/\.sql$/, ''), text: text.trim() });
    }
  }
  return found;
}
