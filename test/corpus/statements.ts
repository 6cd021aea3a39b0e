import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));

/** Files that were recorded on the small schema in `public`. */
const ON_SIMPLE_SCHEMA = new Set(['drizzlekit_pull', 'drizzlekit_push', 'objection', 'prisma7_pull']);

export const hasCorpus = existsSync(FOLDER);

/** Recorded oids of users' objects. */
export const RECORDED_OID = /(?<![\w.$-])(1[6-9]\d{3}|[2-9]\d{4})(?![\w.])/g;

const QUERY = /^\s*(?:--[^\n]*\n\s*|\/\*.*?\*\/\s*)*\(?(select|with|values|table|show)\b/is;
const CATALOG = /\bpg_|information_schema|regclass|obj_description/i;
const CHANGES =
  /nextval|setval|set_config|pg_notify|\blo_|pg_advisory|for (no key )?update|for (key )?share|\b(insert|update|delete)\b.*returning/is;

/** Names of the recorded files, a client each. */
export const clients = (): readonly string[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.replace(/\.sql$/, ''))
    .sort();

/** Statements of one client in the order in which they were sent. */
export const statementsOf = (client: string): readonly string[] =>
  readFileSync(`${FOLDER}/${client}.sql`, 'utf8')
    .split(/^----$/m)
    .map((text) => text.trim())
    .filter((text) => text !== '');

/** The schema that a client's statements were recorded on, as statements. */
export function schemaOf(client: string): { readonly isSimple: boolean; readonly statements: readonly string[] } {
  const isSimple = ON_SIMPLE_SCHEMA.has(client);
  const script = readFileSync(`${FOLDER}/${isSimple ? '_schema_simple_used' : '_schema_used'}.txt`, 'utf8');
  return { isSimple, statements: splitScript(script) };
}

/** A query over the catalogs: it changes nothing, and may be asked about several objects. */
export const isCatalogQuery = (text: string): boolean => QUERY.test(text) && CATALOG.test(text) && !CHANGES.test(text);

/** Apart by a semicolon at a line's end, but not inside of $$. */
function splitScript(script: string): readonly string[] {
  const found: string[] = [];
  let current = '';
  for (const line of script.split('\n')) {
    current += `${line}\n`;
    const quotes = current.split('$$').length - 1;
    if (line.trimEnd().endsWith(';') && quotes % 2 === 0) {
      found.push(current.trim());
      current = '';
    }
  }
  if (current.trim() !== '') found.push(current.trim());
  return found;
}
